//SOURCES ../ImageReference.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES BlockCompression.java
//SOURCES ImageManifest.java
package lib.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
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
    static BlobReader compressed(
            Layer layer,
            FileRegion content,
            BlockCompression compression,
            ExecutorService compressors,
            LongConsumer progress)
            throws IOException {
        return new CompressedReader(layer, content, compression, compressors, progress);
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
        private final MessageDigest hash = Digest.hash("sha256");
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
            hash.update(block);
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
            if (!Digest.of(hash).equals(expected.digest()))
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

    /** A layer, compressed while it is read: a few blocks ahead, on all cores. */
    final class CompressedReader implements BlobReader {
        /** Blocks of one layer that are being compressed or wait to be sent. */
        private static final int AHEAD = 4;

        private final Layer layer;
        private final FileRegion content;
        private final BlockCompression compression;
        private final ExecutorService compressors;
        private final LongConsumer progress;
        private final InputStream in;
        private final MessageDigest plain = Digest.hash("sha256");
        private final MessageDigest packed = Digest.hash("sha256");
        private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
        private long plainSize;
        private long packedSize;
        private boolean read;
        private boolean ended;

        private CompressedReader(
                Layer layer,
                FileRegion content,
                BlockCompression compression,
                ExecutorService compressors,
                LongConsumer progress)
                throws IOException {
            this.layer = layer;
            this.content = content;
            this.compression = compression;
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
            if (!ahead.isEmpty()) return passed(taken(ahead.remove()));
            if (ended) return Optional.empty();
            ended = true;
            byte[] end = compression.end();
            // A chunk of no bytes would end the request's body.
            return end.length == 0 ? Optional.empty() : passed(end);
        }

        private void readBlock() throws IOException {
            byte[] block = in.readNBytes(compression.blockSize());
            read = block.length < compression.blockSize();
            // First, so that a core compresses the block while this one hashes it.
            if (block.length > 0 || plainSize == 0) ahead.add(compressors.submit(compression.of(block)));
            plain.update(block);
            plainSize += block.length;
            progress.accept(plainSize);
            if (!read) return;
            if (plainSize < content.size())
                throw ArchiveErrors.truncated(content.archive(), "layer " + layer.digest() + " ends early");
            // Before the last blocks are sent, so that other bytes never become a whole blob.
            if (!Digest.of(plain).equals(layer.digest()))
                throw ArchiveErrors.damaged(content.archive(), "layer " + layer.digest() + " has another content");
        }

        private static byte[] taken(Future<byte[]> block) throws InterruptedException {
            try {
                return block.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException unchecked) throw unchecked;
                throw new IllegalStateException(e.getCause());
            }
        }

        private Optional<ByteBuffer> passed(byte[] bytes) {
            packed.update(bytes);
            packedSize += bytes.length;
            return Optional.of(ByteBuffer.wrap(bytes));
        }

        @Override
        public Descriptor finish() {
            return layer.descriptor().compressed(compression.kind(), Digest.of(packed), packedSize);
        }

        @Override
        public void close() throws IOException {
            ahead.forEach(block -> block.cancel(true));
            in.close();
        }
    }
}
