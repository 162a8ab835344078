package sandbox;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A request's body within its connection: so many bytes, or chunks until the empty one. Source: RFC 9112, 6 and 7. */
final class BodyStream extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean ended;

    private BodyStream(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
        this.ended = !chunked && left == 0;
    }

    /** @throws IOException when the head frames its body in a way that makes no sense */
    static BodyStream framedBy(Fields headers, InputStream in) throws IOException {
        String coding = headers.first("Transfer-Encoding").orElse("");
        if (coding.equalsIgnoreCase("chunked")) return new BodyStream(in, true, 0);
        if (!coding.isEmpty()) throw new IOException("unknown transfer coding");
        return new BodyStream(in, false, size(headers.first("Content-Length").orElse("0"), 10));
    }

    private static long size(String digits, int radix) throws IOException {
        try {
            long size = Long.parseLong(digits.strip(), radix);
            if (size >= 0) return size;
        } catch (NumberFormatException e) {
            // the same sentence as for a negative number
        }
        throw new IOException("not a size");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) return 0;
        if (!ended && chunked && left == 0) nextChunk();
        if (ended) return -1;
        int read = in.read(buffer, offset, (int) Math.min(length, left));
        if (read < 0) throw new EOFException("the body ended early");
        left -= read;
        if (left == 0) {
            if (chunked) HttpHead.line(in);
            else ended = true;
        }
        return read;
    }

    private void nextChunk() throws IOException {
        left = size(HttpHead.line(in).replaceFirst(";.*", ""), 16);
        if (left > 0) return;
        ended = true;
        while (!HttpHead.line(in).isEmpty()) continue;
    }
}
