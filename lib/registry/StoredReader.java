package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/** A blob as it lies in the archive. */
final class StoredReader implements BlobReader {
    private static final int BLOCK = 1 << 17;

    private final Slice content;
    private final Descriptor expected;
    private final LongConsumer progress;
    private final InputStream in;
    private final Sha256 hash = new Sha256();
    private long count;
    private boolean verified;

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
        hash.update(block, 0, block.length);
        count += block.length;
        progress.accept(count);
        if (block.length < BLOCK && count < content.size())
            throw NotAnImage.truncated(content.file(), "blob " + expected.digest() + " ends early");
        // Before the last bytes are sent, so that other bytes never become a whole blob.
        if (count == content.size() && !verified) verify();
        return block.length == 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(block));
    }

    private void verify() {
        verified = true;
        if (!hash.finish().equals(expected.digest()))
            throw NotAnImage.damaged(content.file(), "blob " + expected.digest() + " has another content");
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
