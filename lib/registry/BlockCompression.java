//DEPS com.github.luben:zstd-jni:1.5.7-28
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED
//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ImagePush.java
package lib.registry;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.registry.ImagePush.Compression;

/**
 * The compression of one stream, in blocks that can be compressed at the same time. The result depends on the bytes
 * alone, not on the number of threads or on timing.
 */
sealed interface BlockCompression {
    /** @throws IllegalArgumentException for none */
    static BlockCompression of(Compression kind) {
        return switch (kind) {
            case GZIP -> new Gzip();
            case ZSTD -> new ZstdFrames();
            case NONE -> throw new IllegalArgumentException("no compression");
        };
    }

    Compression kind();

    /** Bytes of plain data in a block; the last may have less. */
    int blockSize();

    /** Takes the next block, the first of which may be empty. The work itself may be done by any thread. */
    Callable<byte[]> of(byte[] block);

    /** What follows the last block. */
    byte[] end();

    /**
     * One gzip member. Each block ends on a byte, and takes the end of the block before as its dictionary. Source: RFC
     * 1951 and 1952; pigz does the same.
     */
    final class Gzip implements BlockCompression {
        static final int BLOCK = 1 << 18;
        /** Deflate, no flags, no time, no system: nothing that differs from one machine to the next. */
        private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
        /** An empty last block, the checksum and the plain size. */
        private static final int TRAILER = 10;
        /** Bytes; as far as deflate looks back. */
        private static final int WINDOW = 1 << 15;
        /**
         * Measured on programs and libraries: level 1 is hardly faster, level 4 takes a third more time and saves a sixteenth
         * of the size, level 6 three times as long and a thirteenth.
         */
        private static final int LEVEL = 2;

        private final CRC32 crc = new CRC32();
        private byte[] head = HEADER;
        private byte[] before = {};
        private long size;

        @Override
        public Compression kind() {
            return Compression.GZIP;
        }

        @Override
        public int blockSize() {
            return BLOCK;
        }

        @Override
        public Callable<byte[]> of(byte[] block) {
            byte[] start = head;
            byte[] dictionary = before;
            head = new byte[0];
            before = block;
            crc.update(block);
            size += block.length;
            return () -> deflated(start, block, dictionary);
        }

        private static byte[] deflated(byte[] start, byte[] block, byte[] before) {
            Deflater deflater = new Deflater(Entropy.isDense(block) ? Deflater.NO_COMPRESSION : LEVEL, true);
            try {
                int window = Math.min(WINDOW, before.length);
                if (window > 0) deflater.setDictionary(before, before.length - window, window);
                deflater.setInput(block);
                byte[] out = Arrays.copyOf(start, block.length / 2 + 1024);
                int size = start.length;
                while (true) {
                    size += deflater.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
                    if (size < out.length) return Arrays.copyOf(out, size);
                    out = Arrays.copyOf(out, out.length + block.length / 2 + 1024);
                }
            } finally {
                deflater.end();
            }
        }

        @Override
        public byte[] end() {
            ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
            trailer.put((byte) 3).put((byte) 0).putInt((int) crc.getValue()).putInt((int) size);
            return trailer.array();
        }
    }

    /** A frame for each block, which reads as one stream. Source: RFC 8878, 3. */
    final class ZstdFrames implements BlockCompression {
        /** A frame knows nothing of the one before: of a quarter of that, the result is a tenth larger. */
        static final int BLOCK = 1 << 20;
        /** zstd's own default. */
        private static final int LEVEL = 3;

        @Override
        public Compression kind() {
            return Compression.ZSTD;
        }

        @Override
        public int blockSize() {
            return BLOCK;
        }

        @Override
        public Callable<byte[]> of(byte[] block) {
            return () -> frame(block);
        }

        /** @throws Failure when zstd's native library can't be loaded: it is copied to a file first */
        private static byte[] frame(byte[] block) {
            try {
                return Zstd.compress(block, LEVEL);
            } catch (LinkageError | UnsupportedOperationException e) {
                String message =
                        "zstd's native library can't be loaded: " + Printable.of(String.valueOf(e.getMessage()));
                String hint = "Push with --compression gzip, or let Java run libraries from "
                        + System.getProperty("java.io.tmpdir");
                throw new Failure(ErrorCode.CONFIG, message, hint).causedBy(e);
            }
        }

        @Override
        public byte[] end() {
            return new byte[0];
        }
    }

    /** Recognizes data that deflate can't make smaller, such as compressed or encrypted data, by its bytes. */
    final class Entropy {
        /** Bits in a byte above which deflate would gain less than a hundredth. */
        private static final double DENSE = 7.95;

        private static final int SAMPLE = 1024;
        private static final int STRIDE = 4 * SAMPLE;
        /** Of a shorter block a histogram says too little. */
        private static final int SHORTEST = 1 << 16;

        private Entropy() {}

        static boolean isDense(byte[] block) {
            if (block.length < SHORTEST) return false;
            int[] counts = new int[256];
            int total = 0;
            for (int start = 0; start + SAMPLE <= block.length; start += STRIDE) {
                for (int i = start; i < start + SAMPLE; i++) counts[block[i] & 0xFF]++;
                total += SAMPLE;
            }
            // StrictMath, since the choice must be the same on every machine.
            double bits = 0;
            for (int count : counts) if (count > 0) bits -= count * StrictMath.log((double) count / total);
            return bits / total / StrictMath.log(2) > DENSE;
        }
    }
}
