//SOURCES ../Digest.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Parallel.java
//SOURCES ArchiveFiles.java
//SOURCES BlobReader.java
//SOURCES BlobUpload.java
//SOURCES BlockCompression.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
//SOURCES LayerCache.java
//SOURCES RegistryClient.java
package lib.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import lib.Digest;
import lib.Failure;
import lib.ImageReference;
import lib.Parallel;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;

/** Pushes an image archive straight to a registry, with the password in memory alone. */
public final class ImagePush {
    /** More connections help no registry on the same network, and each holds some compressed blocks. */
    private static final int LAYERS_AT_ONCE = 4;

    /** What becomes of the layers that lie in the archive as plain tars; a layer that is packed already stays as it is. */
    public enum Compression {
        GZIP,
        /** Faster and smaller than gzip. Docker reads it since 23.0, containerd since 1.5. */
        ZSTD,
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What happened to a layer. */
    public enum LayerState {
        PUSHED,
        /** It was in the repository already. */
        EXISTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Told how far a push is, never by two threads at once. A layer is named by its digest in the archive; sizes in bytes. */
    public interface Progress {
        Progress SILENT = new Progress() {};

        /** @param bytes its size in the archive, of which {@link #layerBytes} counts */
        default void layerStarted(Digest layer, long bytes) {}

        /** @param bytes read and sent so far; falls back to 0 when a broken upload starts again */
        default void layerBytes(Digest layer, long bytes) {}

        default void layerDone(Digest layer, LayerState state) {}
    }

    /**
     * What a registry has now.
     *
     * @param reference as it was asked for, with its tag
     * @param digest the manifest's, as the registry confirmed it
     * @param imageId the configuration's digest, the same as in the archive
     */
    public record Pushed(ImageReference reference, Digest digest, Digest imageId) {}

    private final RegistryClient repository;
    private final Compression compression;
    private final LayerCache cache;
    private final Progress progress;

    public ImagePush(RegistryClient repository, Compression compression, LayerCache cache, Progress progress) {
        this.repository = repository;
        this.compression = compression;
        this.cache = cache;
        this.progress = new OneAtATime(progress);
    }

    /**
     * Logs in, sends what the repository lacks, and puts the manifest last: a push that fails leaves the tag as it was.
     *
     * @throws Failure curable by a new token when the registry does not accept these credentials; {@code CONFIG} when the
     *     archive's content is not what it says, {@code UNAVAILABLE} when the registry can't be reached or keeps failing,
     *     {@code PUSH_FAILED} when it refuses the image, {@code PROTOCOL} when its answers make no sense
     * @throws InterruptedException soon after an interrupt; nothing goes on behind it
     */
    public Pushed push(ImageArchive archive) throws InterruptedException {
        repository.login();
        ImageManifest manifest = archive.manifest().carrying(pushBlobs(archive));
        repository.putManifest(manifest.mediaType(), manifest.bytes(), manifest.digest());
        cache.save();
        return new Pushed(repository.target(), manifest.digest(), archive.imageId());
    }

    /** @return what the manifest is to say of each layer */
    private List<Descriptor> pushBlobs(ImageArchive archive) throws InterruptedException {
        Map<Digest, Layer> distinct = new LinkedHashMap<>();
        for (Layer layer : archive.layers()) distinct.putIfAbsent(layer.digest(), layer);
        int cores = Runtime.getRuntime().availableProcessors();
        try (Parallel compressors = new Parallel("layer-compressor", cores);
                Parallel senders = new Parallel("layer-sender", LAYERS_AT_ONCE)) {
            List<Callable<Descriptor>> tasks = new ArrayList<>();
            for (Layer layer : distinct.values()) tasks.add(() -> pushLayer(layer, compressors.threads()));
            tasks.add(() -> pushConfig(archive));
            List<Descriptor> pushed = senders.all(tasks);
            Map<Digest, Descriptor> byLayer = new LinkedHashMap<>();
            int next = 0;
            for (Digest layer : distinct.keySet()) byLayer.put(layer, pushed.get(next++));
            return archive.layers().stream()
                    .map(layer -> byLayer.get(layer.digest()))
                    .toList();
        }
    }

    private Descriptor pushConfig(ImageArchive archive) throws InterruptedException {
        FileRegion content = archive.config().content();
        Descriptor config = new Descriptor("", archive.imageId(), content.size());
        if (has(config)) return config;
        return BlobUpload.of(repository, () -> BlobReader.stored(content, config, bytes -> {}));
    }

    /** Gets one layer into the repository by the cheapest way: it is there, or it is sent. */
    private Descriptor pushLayer(Layer layer, ExecutorService compressors) throws InterruptedException {
        if (layer.content().isEmpty()) return layer.descriptor();
        FileRegion content = layer.content().get();
        progress.layerStarted(layer.digest(), content.size());
        boolean compress = compression != Compression.NONE && layer.descriptor().isPlainTar();
        Optional<Descriptor> expected = compress
                ? cache.find(layer.digest(), compression)
                        .map(known -> layer.descriptor().compressed(compression, known.digest(), known.size()))
                : Optional.of(layer.descriptor());
        if (expected.isPresent() && has(expected.get())) return done(layer, expected.get(), LayerState.EXISTS);
        LongConsumer count = bytes -> progress.layerBytes(layer.digest(), bytes);
        if (!compress) {
            Descriptor stored = BlobUpload.of(repository, () -> BlobReader.stored(content, layer.descriptor(), count));
            return done(layer, stored, LayerState.PUSHED);
        }
        Descriptor pushed = BlobUpload.of(
                repository,
                () -> BlobReader.compressed(layer, content, BlockCompression.of(compression), compressors, count));
        cache.remember(layer.digest(), compression, pushed);
        return done(layer, pushed, LayerState.PUSHED);
    }

    private boolean has(Descriptor blob) throws InterruptedException {
        return repository.has(blob.digest(), blob.size());
    }

    private Descriptor done(Layer layer, Descriptor pushed, LayerState state) {
        progress.layerDone(layer.digest(), state);
        return pushed;
    }

    private record OneAtATime(Progress progress) implements Progress {
        @Override
        public synchronized void layerStarted(Digest layer, long bytes) {
            progress.layerStarted(layer, bytes);
        }

        @Override
        public synchronized void layerBytes(Digest layer, long bytes) {
            progress.layerBytes(layer, bytes);
        }

        @Override
        public synchronized void layerDone(Digest layer, LayerState state) {
            progress.layerDone(layer, state);
        }
    }
}
