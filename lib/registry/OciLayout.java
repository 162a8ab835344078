package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.Digest;

/**
 * Images by {@code index.json}, as skopeo, buildx and {@code docker save} since 25 write them. Source: OCI image
 * layout.
 */
final class OciLayout {
    static final String INDEX = "index.json";
    /** An index of an index of images is the deepest that is made; a deeper one is no honest archive. */
    private static final int DEPTH = 4;

    private final Store store;
    private final Map<Digest, Candidate> candidates = new LinkedHashMap<>();

    private OciLayout(Store store) {
        this.store = store;
    }

    static List<Candidate> read(Store store, Slice index) {
        OciLayout layout = new OciLayout(store);
        layout.collect(SmallBlob.json(store.path(), INDEX, SmallBlob.bytes(store.path(), index)), 0);
        return List.copyOf(layout.candidates.values());
    }

    private void collect(JsonNode index, int depth) {
        if (depth > DEPTH) throw NotAnImage.because(path(), "its indexes are nested too deeply");
        boolean only = depth == 0 && index.path("manifests").size() == 1;
        for (JsonNode entry : index.path("manifests")) {
            Descriptor descriptor = Descriptor.in(entry)
                    .orElseThrow(() ->
                            NotAnImage.damaged(path(), "an entry of its index has no digest, size and media type"));
            boolean attestation = entry.path("annotations").has("vnd.docker.reference.type");
            // An index may name platforms that were not saved; the only image must be there.
            boolean absent = !only && store.blob(descriptor.digest()).isEmpty();
            if (!attestation && !absent) look(descriptor, depth);
        }
    }

    private void look(Descriptor descriptor, int depth) {
        byte[] bytes = SmallBlob.verified(store, descriptor);
        JsonNode json = SmallBlob.json(path(), "blob " + descriptor.digest(), bytes);
        if (json.path("manifests").isArray()) {
            collect(json, depth + 1);
            return;
        }
        if (!(json instanceof ObjectNode tree) || !tree.path("config").isObject())
            throw NotAnImage.because(path(), "blob " + descriptor.digest() + " is not an image manifest");
        Descriptor config = Descriptor.in(tree.path("config"))
                .orElseThrow(() -> NotAnImage.damaged(
                        path(), "its manifest names no configuration by digest, size and media type"));
        SmallBlob.verified(store, config);
        ImageConfig image = ImageConfig.read(path(), store.blob(config.digest()).orElseThrow());
        String usual = descriptor.mediaType().isEmpty() ? Manifest.OCI : descriptor.mediaType();
        String type = Descriptor.mediaType(tree, usual)
                .orElseThrow(() -> NotAnImage.damaged(path(), "its manifest has a media type that is none"));
        Manifest manifest = new Manifest(type, tree, bytes);
        String name = image.platform() + " " + image.digest().hex().substring(0, 12);
        candidates.put(
                image.digest(), new Candidate(name, image, () -> new Candidate.Image(manifest, layers(tree, image))));
    }

    private List<Layer> layers(ObjectNode manifest, ImageConfig config) {
        List<Layer> layers = new ArrayList<>();
        for (JsonNode entry : manifest.path("layers")) {
            Descriptor descriptor = Descriptor.in(entry)
                    .orElseThrow(() -> NotAnImage.damaged(path(), "a layer has no digest, size and media type"));
            layers.add(new Layer(descriptor, store.blob(descriptor.digest())));
        }
        if (layers.size() != config.diffIds().size())
            throw NotAnImage.damaged(path(), "its configuration counts other layers than its manifest");
        for (int i = 0; i < layers.size(); i++)
            check(layers.get(i), config.diffIds().get(i));
        return List.copyOf(layers);
    }

    private void check(Layer layer, Digest diffId) {
        Descriptor descriptor = layer.descriptor();
        if (layer.content().isEmpty() && !descriptor.isForeign())
            throw NotAnImage.truncated(path(), "layer " + descriptor.digest() + " is missing");
        if (layer.content().isPresent() && layer.content().get().size() != descriptor.size())
            throw NotAnImage.truncated(path(), "layer " + descriptor.digest() + " has another size");
        if (descriptor.isPlainTar() && !descriptor.digest().equals(diffId))
            throw NotAnImage.damaged(path(), "its configuration names other layers than its manifest");
    }

    private Path path() {
        return store.path();
    }
}
