//SOURCES ../Digest.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES Answer.java
//SOURCES ArchiveFiles.java
//SOURCES BlobReader.java
//SOURCES Blobs.java
//SOURCES Compression.java
//SOURCES Crew.java
//SOURCES Descriptor.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
//SOURCES LayerCache.java
//SOURCES LayerPush.java
//SOURCES LayerState.java
//SOURCES PushProgress.java
//SOURCES PushedArchive.java
//SOURCES RefusedException.java
//SOURCES RegistryClient.java
//SOURCES RegistryLogin.java
//SOURCES Retry.java
//SOURCES Session.java
package lib.registry;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.Digest;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Layer;

/** Pushes an image archive straight to a registry, with the password in memory alone. */
public final class ArchivePush {
    /** More connections help no registry on the same network, and each holds some compressed blocks. */
    private static final int LAYERS_AT_ONCE = 4;

    private final RegistryClient registry;
    private final Compression compression;
    private final LayerCache cache;
    private final PushProgress progress;

    public ArchivePush(RegistryClient registry, Compression compression, LayerCache cache, PushProgress progress) {
        this.registry = registry;
        this.compression = compression;
        this.cache = cache;
        this.progress = new OneAtATime(progress);
    }

    /**
     * Logs in, sends what the repository lacks, and puts the manifest last: a push that fails leaves the tag as it was.
     *
     * @param target registry, repository and tag
     * @throws RefusedException when the registry does not accept these credentials, at the start or on the way
     * @throws Failure {@code CONFIG} when the archive's content is not what it says, {@code UNAVAILABLE} when the
     *     registry can't be reached or fails three times, {@code PUSH_FAILED} when it refuses the image, {@code
     *     PROTOCOL} when its answers make no sense
     * @throws InterruptedException soon after an interrupt; nothing goes on behind it
     */
    public PushedArchive push(ImageArchive archive, ImageReference target, RegistryLogin login)
            throws RefusedException, InterruptedException {
        String tag = target.tag()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no tag", "Give it as registry/repository:tag"));
        Session session = registry.login(target, login);
        ImageManifest manifest = archive.manifest().carrying(pushBlobs(archive, new Blobs(session)));
        putManifest(session, tag, manifest);
        cache.save();
        return new PushedArchive(target, manifest.digest(), archive.imageId());
    }

    private List<Descriptor> pushBlobs(ImageArchive archive, Blobs blobs)
            throws RefusedException, InterruptedException {
        Map<Digest, Layer> distinct = new LinkedHashMap<>();
        for (Layer layer : archive.layers()) distinct.putIfAbsent(layer.digest(), layer);
        int cores = Runtime.getRuntime().availableProcessors();
        try (Crew compressors = new Crew("layer-compressor", cores);
                Crew senders = new Crew("layer-sender", LAYERS_AT_ONCE)) {
            LayerPush layers = new LayerPush(blobs, compression, cache, compressors.threads(), progress);
            List<Callable<Descriptor>> tasks = new ArrayList<>();
            for (Layer layer : distinct.values()) tasks.add(() -> layers.push(layer));
            tasks.add(() -> pushConfig(archive, blobs));
            List<Descriptor> pushed = senders.all(tasks);
            Map<Digest, Descriptor> byLayer = new LinkedHashMap<>();
            int next = 0;
            for (Digest layer : distinct.keySet()) byLayer.put(layer, pushed.get(next++));
            return archive.layers().stream()
                    .map(layer -> byLayer.get(layer.digest()))
                    .toList();
        }
    }

    private static Descriptor pushConfig(ImageArchive archive, Blobs blobs)
            throws RefusedException, InterruptedException {
        FileRegion content = archive.config().content();
        Descriptor config = new Descriptor("", archive.imageId(), content.size());
        if (blobs.has(config)) return config;
        return blobs.upload(() -> BlobReader.stored(content, config, bytes -> {}));
    }

    private static void putManifest(Session session, String tag, ImageManifest manifest)
            throws RefusedException, InterruptedException {
        URI uri = session.at("manifests/" + tag);
        Answer answer = new Retry(session.patience()).of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", manifest.mediaType())
                    .PUT(BodyPublishers.ofByteArray(manifest.bytes()));
            Answer put = session.send("PUT", request, session.patience().request());
            if (put.status() != 201 && put.status() != 200) throw session.unexpected("PUT", uri, put);
            return put;
        });
        String theirs =
                answer.header("Docker-Content-Digest").orElse(manifest.digest().value());
        if (theirs.equals(manifest.digest().value())) return;
        String told = session.sentence("PUT", uri, answer) + ": another digest than was sent";
        throw new Failure(ErrorCode.PROTOCOL, told, "Push again; if it stays so, ask the registry's operator");
    }

    private record OneAtATime(PushProgress progress) implements PushProgress {
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
