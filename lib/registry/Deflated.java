package lib.registry;

import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * One block of a gzip stream, compressed by itself so that blocks can be compressed side by side. Each ends on a
 * byte, and takes the end of the block before as its dictionary. Source: RFC 1951; pigz does the same.
 */
final class Deflated {
    /** Bytes of plain data in a block. */
    static final int BLOCK = 1 << 18;
    /** Bytes; as far as deflate looks back. */
    private static final int WINDOW = 1 << 15;
    /** Measured on programs and libraries: level 6 takes three times as long and saves a thirteenth of the size. */
    private static final int LEVEL = 2;

    private Deflated() {}

    /** The result depends on the bytes alone, not on the number of threads or on timing. */
    static byte[] of(byte[] block, byte[] before) {
        Deflater deflater = new Deflater(Entropy.isDense(block) ? Deflater.NO_COMPRESSION : LEVEL, true);
        try {
            int window = Math.min(WINDOW, before.length);
            if (window > 0) deflater.setDictionary(before, before.length - window, window);
            deflater.setInput(block);
            byte[] out = new byte[block.length / 2 + 1024];
            int size = 0;
            while (true) {
                size += deflater.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
                if (size < out.length) return Arrays.copyOf(out, size);
                out = Arrays.copyOf(out, out.length + block.length / 2 + 1024);
            }
        } finally {
            deflater.end();
        }
    }
}
