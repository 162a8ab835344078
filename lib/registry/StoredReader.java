package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import lib.Digest;

/** A blob as it lies in the archive. */
final class StoredReader implements BlobReader {
    private static final int BLOCK = 1 << 17;

    private final Slice content;
    private final Descriptor expected;
    private final LongConsumer progress;
    private final InputStream in;
    private final Sha256 hash = new Sha256();
    private long count;

    StoredReader(Slice content, Descriptor expected, LongConsumer progress) throws IOException {
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
        if (block.length == 0) return Optional.empty();
        hash.update(block, 0, block.length);
        count += block.length;
        progress.accept(count);
        // Bytes that are not the promised ones must not become a whole blob anywhere.
        if (count == content.size()) verify(hash.finish());
        return Optional.of(ByteBuffer.wrap(block));
    }

    private void verify(Digest digest) {
        if (!digest.equals(expected.digest()))
            throw NotAnImage.damaged(content.file(), "blob " + expected.digest() + " has another content");
    }

    @Override
    public Descriptor finish() {
        if (count != content.size())
            throw NotAnImage.truncated(content.file(), "blob " + expected.digest() + " ends early");
        return expected;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
