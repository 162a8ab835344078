package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The body of an answer: its length in bytes, and how to write the first {@code limit} of them. */
record Content(long length, Source source) {
    interface Source {
        void write(OutputStream out, long limit) throws IOException;
    }

    static Content of(byte[] bytes) {
        return new Content(bytes.length, (out, limit) -> out.write(bytes, 0, (int) Math.min(limit, bytes.length)));
    }

    /** A part of a file, which may be far larger than memory. */
    static Content of(Path file, long offset, long length) {
        return new Content(length, (out, limit) -> {
            try (InputStream in = Files.newInputStream(file)) {
                in.skipNBytes(offset);
                copy(in, out, Math.min(limit, length));
            }
        });
    }

    private static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (long left = count; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) throw new IOException("the file became shorter");
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    /** The same byte over and over. */
    static Content repeated(char letter, long length) {
        return new Content(length, (out, limit) -> {
            byte[] block = String.valueOf(letter).repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
            for (long left = limit; left > 0; left -= block.length)
                out.write(block, 0, (int) Math.min(block.length, left));
        });
    }
}
