//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Parallel.java
//SOURCES ArchiveFiles.java
//SOURCES BlobReader.java
//SOURCES BlobUpload.java
//SOURCES BlockCompression.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
//SOURCES RegistryClient.java
package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import lib.Failure;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;
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
        manifest.putInto(repository);
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
        if (BlobUpload.exists(repository, config)) return config;
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
        if (expected.isPresent() && BlobUpload.exists(repository, expected.get()))
            return done(layer, expected.get(), LayerState.EXISTS);
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

    /**
     * What layers become once they are compressed, so that an unchanged push reads none of them. It holds no secret.
     *
     * <p>A lost entry costs time alone. A wrong one that names another blob of the repository would push a broken image,
     * which nobody would notice before it runs: the registry has the blob, in that size. So an entry counts only when it is
     * ours. Against others, folder and file must belong to this user, be writable by nobody else, and be no links; whoever
     * gets past that could change the archive as well. Against damage, each entry carries a checksum over what it says of
     * which layer.
     */
    public static final class LayerCache {
        private static final int LAYERS_KEPT = 500;
        private static final long LARGEST_FILE = 1 << 20;
        private static final Set<PosixFilePermission> OTHERS_WRITE =
                Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

        /** A layer's digest and size in bytes as it was pushed. */
        record Entry(Digest digest, long size) {
            private String checksum(String key) {
                String said = key + " " + digest + " " + size;
                return Digest.of(said.getBytes(StandardCharsets.US_ASCII)).hex();
            }
        }

        private final Optional<Path> file;
        private final Map<String, Entry> known;
        private final Map<String, Entry> learnt = new LinkedHashMap<>();

        private LayerCache(Optional<Path> file) {
            this.file = file;
            this.known = file.map(LayerCache::read).orElseGet(LinkedHashMap::new);
        }

        /**
         * {@code systemprompt-deploy/layers.json} in {@code XDG_CACHE_HOME}, else in {@code .cache} of the home folder. A
         * relative path counts as unset: it would mean another folder in each project.
         */
        public static LayerCache ofUser(Map<String, String> environment) {
            Path named = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
            Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
            Path folder = named.isAbsolute() ? named : home.resolve(".cache");
            return folder.isAbsolute() ? at(folder.resolve("systemprompt-deploy/layers.json")) : inMemory();
        }

        /** A file that need not exist; one that is corrupt, or not this user's alone, counts as empty. */
        public static LayerCache at(Path file) {
            return new LayerCache(Optional.of(file));
        }

        /** One that is forgotten with this object. */
        public static LayerCache inMemory() {
            return new LayerCache(Optional.empty());
        }

        /** What the layer became by this compression. */
        synchronized Optional<Entry> find(Digest layer, Compression compression) {
            String key = key(layer, compression);
            return Optional.ofNullable(learnt.getOrDefault(key, known.get(key)));
        }

        synchronized void remember(Digest layer, Compression compression, Descriptor pushed) {
            Entry entry = new Entry(pushed.digest(), pushed.size());
            if (!find(layer, compression).equals(Optional.of(entry))) learnt.put(key(layer, compression), entry);
        }

        private static String key(Digest layer, Compression compression) {
            return layer + " " + compression;
        }

        /**
         * Writes what is new over what another run may have written meanwhile. A full disk costs the next push time
         * alone.
         */
        synchronized void save() {
            if (file.isEmpty() || learnt.isEmpty()) return;
            Map<String, Entry> all = read(file.get());
            learnt.forEach((layer, entry) -> {
                all.remove(layer);
                all.put(layer, entry);
            });
            try {
                write(file.get(), all);
            } catch (IOException e) {
                // Nothing depends on it.
            }
        }

        private static void write(Path file, Map<String, Entry> all) throws IOException {
            ObjectNode layers = Json.object();
            all.entrySet().stream().skip(Math.max(0, all.size() - LAYERS_KEPT)).forEach(kept -> {
                Entry entry = kept.getValue();
                layers.putObject(kept.getKey())
                        .put("digest", entry.digest().value())
                        .put("size", entry.size())
                        .put("checksum", entry.checksum(kept.getKey()));
            });
            Path folder = file.getParent();
            create(folder);
            if (!isOurs(folder)) return;
            Path fresh = Files.createTempFile(folder, "layers", ".tmp"); // 0600
            try {
                Files.writeString(fresh, Json.line(layers) + "\n");
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }

        private static void create(Path folder) throws IOException {
            if (Files.exists(folder)) return;
            Files.createDirectories(folder.getParent());
            if (isPosix(folder.getParent()))
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            else Files.createDirectory(folder);
        }

        private static Map<String, Entry> read(Path file) {
            Map<String, Entry> layers = new LinkedHashMap<>();
            try {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST_FILE)
                    return layers;
                if (!isOurs(file.getParent()) || !isOurs(file)) return layers;
                JsonNode json = Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                json.properties()
                        .forEach(field -> entry(field.getKey(), field.getValue())
                                .ifPresent(entry -> layers.put(field.getKey(), entry)));
            } catch (IOException e) {
                layers.clear();
            }
            return layers;
        }

        private static Optional<Entry> entry(String key, JsonNode json) {
            String checksum = Json.text(json, "checksum").orElse("");
            return Descriptor.in(json)
                    .map(pushed -> new Entry(pushed.digest(), pushed.size()))
                    .filter(entry -> entry.checksum(key).equals(checksum));
        }

        /** Whether it is a file or folder of this user's, which nobody else can write. */
        private static boolean isOurs(Path path) throws IOException {
            if (!isPosix(path)) return true; // Windows: a profile is its user's own
            PosixFileAttributes attributes =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            UserPrincipal user = path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(System.getProperty("user.name"));
            return !attributes.isSymbolicLink()
                    && attributes.owner().equals(user)
                    && Collections.disjoint(attributes.permissions(), OTHERS_WRITE);
        }

        private static boolean isPosix(Path path) {
            return Files.getFileAttributeView(path, PosixFileAttributeView.class) != null;
        }
    }
}
