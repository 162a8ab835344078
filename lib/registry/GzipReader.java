package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;

/** A layer, compressed while it is read: a few blocks ahead, on all cores, as one gzip member. Source: RFC 1952. */
final class GzipReader implements BlobReader {
    /** Blocks of one layer that are being compressed or wait to be sent. */
    private static final int AHEAD = 4;
    /** Deflate, no flags, no time, no system: nothing that differs from one machine to the next. */
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
    /** An empty last block, the checksum and the plain size. */
    private static final int TRAILER = 10;

    private final Layer layer;
    private final Slice content;
    private final ExecutorService compressors;
    private final LongConsumer progress;
    private final InputStream in;
    private final Sha256 plain = new Sha256();
    private final Sha256 packed = new Sha256();
    private final CRC32 crc = new CRC32();
    private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
    private byte[] before = {};
    private long plainSize;
    private long packedSize;
    private boolean started;
    private boolean read;
    private boolean ended;

    GzipReader(Layer layer, Slice content, ExecutorService compressors, LongConsumer progress) throws IOException {
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
            throw NotAnImage.truncated(content.file(), "layer " + layer.digest() + " ends early");
        // Before the trailer is sent, so that other bytes never become a whole blob.
        if (!plain.finish().equals(layer.digest()))
            throw NotAnImage.damaged(content.file(), "layer " + layer.digest() + " has another content");
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
        return layer.descriptor().gzipped(packed.finish(), packedSize);
    }

    @Override
    public void close() throws IOException {
        ahead.forEach(block -> block.cancel(true));
        in.close();
    }
}
