package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Digest;
import lib.Printable;

/** Images by {@code manifest.json}, as {@code docker save} up to 24, {@code podman save}, Jib and Bazel write them. */
final class DockerSave {
    static final String MANIFEST = "manifest.json";
    private static final Pattern NAMED_BY_ID = Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.json)?");

    private final Store store;

    private DockerSave(Store store) {
        this.store = store;
    }

    static List<Candidate> read(Store store, Slice manifest) {
        DockerSave saved = new DockerSave(store);
        Map<Digest, Candidate> candidates = new LinkedHashMap<>();
        JsonNode images = SmallBlob.json(store.path(), MANIFEST, SmallBlob.bytes(store.path(), manifest));
        for (JsonNode image : images) {
            Candidate candidate = saved.candidate(image);
            candidates.put(candidate.config().digest(), candidate);
        }
        return List.copyOf(candidates.values());
    }

    private Candidate candidate(JsonNode image) {
        String file = image.path("Config").asText();
        Slice content = store.find(file)
                .orElseThrow(() -> NotAnImage.truncated(path(), "'" + Printable.of(file) + "' is missing"));
        ImageConfig config = ImageConfig.read(path(), content);
        Matcher id = NAMED_BY_ID.matcher(file);
        if (id.matches() && !id.group(1).equals(config.digest().hex()))
            throw NotAnImage.damaged(path(), "'" + Printable.of(file) + "' has another content");
        String name =
                image.path("RepoTags").path(0).asText(config.digest().hex().substring(0, 12));
        return new Candidate(name, config, () -> image(image, config));
    }

    private Candidate.Image image(JsonNode image, ImageConfig config) {
        JsonNode names = image.path("Layers");
        if (names.size() != config.diffIds().size())
            throw NotAnImage.damaged(path(), "its configuration counts other layers than " + MANIFEST);
        Map<Digest, Layer> known = new LinkedHashMap<>();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.path(i).asText();
            Digest diffId = config.diffIds().get(i);
            Slice content = store.find(name)
                    .orElseThrow(() -> NotAnImage.truncated(path(), "layer '" + Printable.of(name) + "' is missing"));
            layers.add(known.computeIfAbsent(diffId, id -> layer(content, id)));
        }
        return new Candidate.Image(Manifest.ofDocker(config, layers), List.copyOf(layers));
    }

    private Layer layer(Slice content, Digest diffId) {
        try (InputStream in = content.open()) {
            byte[] head = in.readNBytes(4);
            boolean zstd = head.length == 4 && head[0] == 0x28 && head[1] == (byte) 0xB5 && head[2] == 0x2F;
            if (zstd) throw NotAnImage.because(path(), "a layer is packed with zstd, which its format has no name for");
            if (head.length > 1 && head[0] == 0x1F && head[1] == (byte) 0x8B)
                return PackedLayer.read(path(), content, diffId);
        } catch (IOException e) {
            throw NotAnImage.unreadable(path(), e);
        }
        return new Layer(new Descriptor(Manifest.DOCKER_TAR, diffId, content.size()), Optional.of(content));
    }

    private Path path() {
        return store.path();
    }
}
