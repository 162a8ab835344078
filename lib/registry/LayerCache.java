//SOURCES ../Digest.java
//SOURCES ../Json.java
//SOURCES ImageManifest.java
//SOURCES ImagePush.java
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Digest;
import lib.Json;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImagePush.Compression;

/**
 * What layers become once they are compressed, so that an unchanged push reads none of them. It holds no secret.
 *
 * <p>A lost entry costs time alone. A wrong one that names another blob of the repository would push a broken image,
 * which nobody would notice before it runs: the registry has the blob, in that size. So an entry counts only when it is
 * ours. Against others, folder and file must belong to this user, be writable by nobody else, and be no links; whoever
 * gets past that could change the archive as well. Against damage, each entry carries a checksum over what it says of
 * which layer.
 */
public final class LayerCache {
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
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST_FILE) return layers;
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
