package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.Digest;
import lib.Json;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageArchive.ArchivedImage;
import lib.registry.ImageArchive.Content;
import lib.registry.ImageManifest.Config;
import lib.registry.ImageManifest.Layer;

/**
 * Images by {@code index.json}, as skopeo, buildx and {@code docker save} since 25 write them. Source: OCI image
 * layout.
 */
final class OciLayout {
    static final String INDEX = "index.json";
    /** An index of an index of images is the deepest that is made; a deeper one is no honest archive. */
    private static final int DEPTH = 4;

    private final ArchiveFiles files;
    private final Map<Digest, ArchivedImage> images = new LinkedHashMap<>();

    private OciLayout(ArchiveFiles files) {
        this.files = files;
    }

    static List<ArchivedImage> read(ArchiveFiles files, FileRegion index) {
        OciLayout layout = new OciLayout(files);
        layout.collect(files.json(INDEX, files.bytes(index)), 0);
        return List.copyOf(layout.images.values());
    }

    private void collect(JsonNode index, int depth) {
        if (depth > DEPTH) throw ArchiveErrors.because(path(), "its indexes are nested too deeply");
        boolean only = depth == 0 && index.path("manifests").size() == 1;
        for (JsonNode entry : index.path("manifests")) {
            Descriptor descriptor = Descriptor.in(entry)
                    .orElseThrow(() -> ArchiveErrors.damaged(path(), "an entry of its index has no digest and size"));
            boolean attestation = entry.path("annotations").has("vnd.docker.reference.type");
            // An index may name platforms that were not saved; the only image must be there.
            boolean absent = !only && files.blob(descriptor.digest()).isEmpty();
            if (!attestation && !absent) look(descriptor, depth);
        }
    }

    private void look(Descriptor descriptor, int depth) {
        byte[] bytes = files.verified(descriptor);
        JsonNode json = files.json("blob " + descriptor.digest(), bytes);
        if (json.path("manifests").isArray()) {
            collect(json, depth + 1);
            return;
        }
        if (!(json instanceof ObjectNode tree) || !tree.path("config").isObject())
            throw ArchiveErrors.because(path(), "blob " + descriptor.digest() + " is not an image manifest");
        Descriptor named = Descriptor.in(tree.path("config"))
                .orElseThrow(() -> ArchiveErrors.damaged(path(), "its manifest names no configuration"));
        files.verified(named);
        Config config = Config.read(files, files.blob(named.digest()).orElseThrow());
        String type = Json.text(tree, "mediaType")
                .orElse(descriptor.mediaType().isEmpty() ? ImageManifest.OCI : descriptor.mediaType());
        ImageManifest manifest = new ImageManifest(type, tree, bytes);
        String name = config.platform() + " " + config.digest().hex().substring(0, 12);
        images.put(config.digest(), new ArchivedImage(name, config, () -> new Content(manifest, layers(tree, config))));
    }

    private List<Layer> layers(ObjectNode manifest, Config config) {
        List<Layer> layers = new ArrayList<>();
        for (JsonNode entry : manifest.path("layers")) {
            Descriptor descriptor = Descriptor.in(entry)
                    .orElseThrow(() -> ArchiveErrors.damaged(path(), "a layer has no digest and size"));
            layers.add(new Layer(descriptor, files.blob(descriptor.digest())));
        }
        if (layers.size() != config.diffIds().size())
            throw ArchiveErrors.damaged(path(), "its configuration counts other layers than its manifest");
        for (int i = 0; i < layers.size(); i++)
            check(layers.get(i), config.diffIds().get(i));
        return List.copyOf(layers);
    }

    private void check(Layer layer, Digest diffId) {
        Descriptor descriptor = layer.descriptor();
        if (layer.content().isEmpty() && !descriptor.isForeign())
            throw ArchiveErrors.truncated(path(), "layer " + descriptor.digest() + " is missing");
        if (layer.content().isPresent() && layer.content().get().size() != descriptor.size())
            throw ArchiveErrors.truncated(path(), "layer " + descriptor.digest() + " has another size");
        if (descriptor.isPlainTar() && !descriptor.digest().equals(diffId))
            throw ArchiveErrors.damaged(path(), "its configuration names other layers than its manifest");
    }

    private Path path() {
        return files.path();
    }
}
