package lib.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A run of bytes inside a file, read where it lies. Offset and size in bytes. */
record Slice(Path file, long offset, long size) {

    /** Ends early, without an error, where the file has become shorter. An interrupt closes it. */
    InputStream open() throws IOException {
        return new Reader(FileChannel.open(file, StandardOpenOption.READ), offset, offset + size);
    }

    /** All of it, for slices that are known to be small. */
    byte[] bytes() throws IOException {
        try (InputStream in = open()) {
            byte[] all = in.readNBytes(Math.toIntExact(size));
            if (all.length < size) throw new EOFException("the file ends early");
            return all;
        }
    }

    private static final class Reader extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Reader(FileChannel channel, long start, long end) {
            this.channel = channel;
            this.position = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            if (count == 0) return 0;
            int wanted = (int) Math.min(count, end - position);
            if (wanted <= 0) return -1;
            int got = channel.read(ByteBuffer.wrap(target, from, wanted), position);
            if (got > 0) position += got;
            return got;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
