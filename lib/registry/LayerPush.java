package lib.registry;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Layer;

/** Gets one layer into the repository by the cheapest way: it is there, or it is sent. */
final class LayerPush {
    private final Blobs blobs;
    private final Compression compression;
    private final LayerCache cache;
    private final ExecutorService compressors;
    private final PushProgress progress;

    LayerPush(
            Blobs blobs,
            Compression compression,
            LayerCache cache,
            ExecutorService compressors,
            PushProgress progress) {
        this.blobs = blobs;
        this.compression = compression;
        this.cache = cache;
        this.compressors = compressors;
        this.progress = progress;
    }

    /** What the manifest is to say of the layer. */
    Descriptor push(Layer layer) throws InterruptedException {
        if (layer.content().isEmpty()) return layer.descriptor();
        FileRegion content = layer.content().get();
        progress.layerStarted(layer.digest(), content.size());
        boolean compress = compression == Compression.GZIP && layer.descriptor().isPlainTar();
        Optional<LayerCache.Entry> entry = cache.find(layer.digest());
        Optional<Descriptor> expected = compress
                ? entry.map(known -> layer.descriptor().gzipped(known.digest(), known.size()))
                : Optional.of(layer.descriptor());
        if (expected.isPresent() && blobs.has(expected.get())) return done(layer, expected.get(), LayerState.EXISTS);
        LongConsumer count = bytes -> progress.layerBytes(layer.digest(), bytes);
        Descriptor pushed = blobs.upload(
                compress
                        ? () -> BlobReader.gzipped(layer, content, compressors, count)
                        : () -> BlobReader.stored(content, layer.descriptor(), count));
        return done(layer, pushed, LayerState.PUSHED);
    }

    private Descriptor done(Layer layer, Descriptor pushed, LayerState state) {
        boolean leftPlain =
                compression == Compression.NONE && layer.descriptor().isPlainTar();
        // The cache keeps what a layer becomes by compression; one sent plain must not displace that.
        if (!leftPlain) cache.remember(layer.digest(), pushed);
        progress.layerDone(layer.digest(), state);
        return pushed;
    }
}
