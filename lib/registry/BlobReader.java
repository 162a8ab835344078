//SOURCES ../ImageReference.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES ImageManifest.java
package lib.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import lib.ImageReference.Digest;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;

/** A blob's bytes for one upload, digested as they pass. */
interface BlobReader extends Closeable {

    /** Reads a blob as it lies in the archive. */
    static BlobReader stored(FileRegion content, Descriptor expected, LongConsumer progress) throws IOException {
        return new StoredReader(content, expected, progress);
    }

    /** Reads a plain layer and compresses it. */
    static BlobReader gzipped(Layer layer, FileRegion content, ExecutorService compressors, LongConsumer progress)
            throws IOException {
        return new GzipReader(layer, content, compressors, progress);
    }

    /** In bytes; empty when only the end of the reading tells. */
    OptionalLong length();

    /**
     * The next bytes; empty at the end.
     *
     * @throws lib.Failure {@code CONFIG}, before the last bytes are given, when they are not what the archive says
     */
    Optional<ByteBuffer> next() throws IOException, InterruptedException;

    /** What was read, after the end. */
    Descriptor finish();

    /** The same blob from its start, as often as it is needed. */
    @FunctionalInterface
    interface Source {
        BlobReader open() throws IOException;
    }

    /** A blob as it lies in the archive. */
    final class StoredReader implements BlobReader {
        private static final int BLOCK = 1 << 17;

        private final FileRegion content;
        private final Descriptor expected;
        private final LongConsumer progress;
        private final InputStream in;
        private final Digest.Hasher hash = new Digest.Hasher();
        private long count;
        private boolean verified;

        private StoredReader(FileRegion content, Descriptor expected, LongConsumer progress) throws IOException {
            this.content = content;
            this.expected = expected;
            this.progress = progress;
            this.in = content.open();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.of(content.size());
        }

        @Override
        public Optional<ByteBuffer> next() throws IOException {
            // A fresh block each time: the connection may still hold the one before.
            byte[] block = in.readNBytes(BLOCK);
            hash.update(block, 0, block.length);
            count += block.length;
            progress.accept(count);
            if (block.length < BLOCK && count < content.size())
                throw ArchiveErrors.truncated(content.archive(), "blob " + expected.digest() + " ends early");
            // Before the last bytes are sent, so that other bytes never become a whole blob.
            if (count == content.size() && !verified) verify();
            return block.length == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(block));
        }

        private void verify() {
            verified = true;
            if (!hash.digest().equals(expected.digest()))
                throw ArchiveErrors.damaged(content.archive(), "blob " + expected.digest() + " has another content");
        }

        @Override
        public Descriptor finish() {
            return expected;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** A layer, compressed while it is read: a few blocks ahead, on all cores, as one gzip member. Source: RFC 1952. */
    final class GzipReader implements BlobReader {
        /** Blocks of one layer that are being compressed or wait to be sent. */
        private static final int AHEAD = 4;
        /** Deflate, no flags, no time, no system: nothing that differs from one machine to the next. */
        private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
        /** An empty last block, the checksum and the plain size. */
        private static final int TRAILER = 10;

        private final Layer layer;
        private final FileRegion content;
        private final ExecutorService compressors;
        private final LongConsumer progress;
        private final InputStream in;
        private final Digest.Hasher plain = new Digest.Hasher();
        private final Digest.Hasher packed = new Digest.Hasher();
        private final CRC32 crc = new CRC32();
        private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
        private byte[] before = {};
        private long plainSize;
        private long packedSize;
        private boolean started;
        private boolean read;
        private boolean ended;

        private GzipReader(Layer layer, FileRegion content, ExecutorService compressors, LongConsumer progress)
                throws IOException {
            this.layer = layer;
            this.content = content;
            this.compressors = compressors;
            this.progress = progress;
            this.in = content.open();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public Optional<ByteBuffer> next() throws IOException, InterruptedException {
            while (!read && ahead.size() < AHEAD) readBlock();
            if (!started) {
                started = true;
                return passed(HEADER.clone());
            }
            if (!ahead.isEmpty()) return passed(taken(ahead.remove()));
            if (ended) return Optional.empty();
            ended = true;
            return passed(trailer());
        }

        private void readBlock() throws IOException {
            byte[] block = in.readNBytes(Deflated.BLOCK);
            read = block.length < Deflated.BLOCK;
            if (block.length > 0) {
                plain.update(block, 0, block.length);
                crc.update(block);
                plainSize += block.length;
                progress.accept(plainSize);
                byte[] dictionary = before;
                before = block;
                ahead.add(compressors.submit(() -> Deflated.of(block, dictionary)));
            }
            if (!read) return;
            if (plainSize < content.size())
                throw ArchiveErrors.truncated(content.archive(), "layer " + layer.digest() + " ends early");
            // Before the trailer is sent, so that other bytes never become a whole blob.
            if (!plain.digest().equals(layer.digest()))
                throw ArchiveErrors.damaged(content.archive(), "layer " + layer.digest() + " has another content");
        }

        private static byte[] taken(Future<byte[]> block) throws InterruptedException {
            try {
                return block.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        private Optional<ByteBuffer> passed(byte[] bytes) {
            packed.update(bytes, 0, bytes.length);
            packedSize += bytes.length;
            return Optional.of(ByteBuffer.wrap(bytes));
        }

        private byte[] trailer() {
            ByteBuffer trailer = ByteBuffer.allocate(TRAILER).order(ByteOrder.LITTLE_ENDIAN);
            trailer.put((byte) 3).put((byte) 0).putInt((int) crc.getValue()).putInt((int) plainSize);
            return trailer.array();
        }

        @Override
        public Descriptor finish() {
            return layer.descriptor().gzipped(packed.digest(), packedSize);
        }

        @Override
        public void close() throws IOException {
            ahead.forEach(block -> block.cancel(true));
            in.close();
        }
    }

    /**
     * One block of a gzip stream, compressed by itself so that blocks can be compressed in parallel. Each ends on a
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
