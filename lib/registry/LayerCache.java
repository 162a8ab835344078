package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Digest;
import lib.Json;

/**
 * What layers become once they are compressed, and where they were pushed: so that an unchanged push reads none of
 * them. It holds no secret. A wrong or lost entry costs time alone, since the registry is asked for each blob anyway.
 */
public final class LayerCache {
    private static final int LAYERS_KEPT = 500;
    private static final int PLACES_KEPT = 3;
    private static final long LARGEST_FILE = 1 << 20;

    /** A layer's digest and size in bytes as it was pushed, and the {@code registry/repository} names that have it. */
    record Entry(Digest digest, long size, List<String> places) {}

    private final Optional<Path> file;
    private final Map<Digest, Entry> known;
    private final Map<Digest, Entry> learnt = new LinkedHashMap<>();

    private LayerCache(Optional<Path> file) {
        this.file = file;
        this.known = file.map(LayerCache::read).orElseGet(LinkedHashMap::new);
    }

    /** {@code systemprompt-deploy/layers.json} in {@code XDG_CACHE_HOME}, else in {@code .cache} of the home folder. */
    public static LayerCache ofUser(Map<String, String> environment) {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path folder = !named.isEmpty() && Path.of(named).isAbsolute()
                ? Path.of(named)
                : Path.of(System.getProperty("user.home"), ".cache");
        return at(folder.resolve("systemprompt-deploy").resolve("layers.json"));
    }

    /** A file that need not exist; a corrupt one counts as empty. */
    public static LayerCache at(Path file) {
        return new LayerCache(Optional.of(file));
    }

    /** One that is forgotten with this object. */
    public static LayerCache inMemory() {
        return new LayerCache(Optional.empty());
    }

    synchronized Optional<Entry> find(Digest layer) {
        return Optional.ofNullable(learnt.getOrDefault(layer, known.get(layer)));
    }

    synchronized void remember(Digest layer, Descriptor pushed, String place) {
        Optional<Entry> before = find(layer).filter(old -> old.digest().equals(pushed.digest()));
        Set<String> places = new LinkedHashSet<>(List.of(place));
        before.ifPresent(old -> places.addAll(old.places()));
        List<String> kept = places.stream().limit(PLACES_KEPT).toList();
        boolean unchanged = before.filter(
                        old -> old.size() == pushed.size() && old.places().equals(kept))
                .isPresent();
        if (!unchanged) learnt.put(layer, new Entry(pushed.digest(), pushed.size(), kept));
    }

    /**
     * Writes what is new over what another run may have written meanwhile. A full disk costs the next push time
     * alone.
     */
    synchronized void save() {
        if (file.isEmpty() || learnt.isEmpty()) return;
        Map<Digest, Entry> all = read(file.get());
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

    private static void write(Path file, Map<Digest, Entry> all) throws IOException {
        ObjectNode layers = Json.object();
        all.entrySet().stream().skip(Math.max(0, all.size() - LAYERS_KEPT)).forEach(kept -> {
            Entry entry = kept.getValue();
            ObjectNode json = layers.putObject(kept.getKey().value());
            json.put("digest", entry.digest().value()).put("size", entry.size());
            ArrayNode places = json.putArray("places");
            entry.places().forEach(places::add);
        });
        Files.createDirectories(file.getParent());
        Path fresh = Files.createTempFile(file.getParent(), "layers", ".tmp");
        try {
            Files.writeString(fresh, Json.line(layers) + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Map<Digest, Entry> read(Path file) {
        Map<Digest, Entry> layers = new LinkedHashMap<>();
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) return layers;
            JsonNode json = Json.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            json.properties().forEach(field -> {
                Optional<Descriptor> pushed = Descriptor.in(field.getValue());
                if (!Digest.isDigest(field.getKey()) || pushed.isEmpty()) return;
                List<String> places = new ArrayList<>();
                field.getValue().path("places").forEach(place -> places.add(place.asText()));
                Entry entry = new Entry(pushed.get().digest(), pushed.get().size(), List.copyOf(places));
                layers.put(new Digest(field.getKey()), entry);
            });
        } catch (IOException e) {
            layers.clear();
        }
        return layers;
    }
}
