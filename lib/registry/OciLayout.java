//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Platform.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Failure;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ArchiveFiles.Packing;
import lib.registry.ImageArchive.Content;
import lib.registry.ImageArchive.Contents;
import lib.registry.ImageArchive.Listed;
import lib.registry.ImageManifest.Config;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;

/**
 * Images by {@code index.json}, as skopeo, buildx and {@code docker save} since 25 write them. What else an index
 * lists, such as signatures and attestations, is passed over. Source: OCI image layout.
 */
final class OciLayout {
    static final String INDEX = "index.json";

    /** The annotations that name an image, the whole name before what may be its tag alone. */
    private static final List<String> NAMES = List.of("io.containerd.image.name", "org.opencontainers.image.ref.name");
    /** The annotation by which buildx tells an attestation. */
    private static final String ATTESTS = "vnd.docker.reference.type";
    /** An index of an index of images is the deepest that is made. */
    private static final int DEPTH_LIMIT = 8;

    private final ArchiveFiles files;
    private final Contents contents;

    OciLayout(ArchiveFiles files, Contents contents) {
        this.files = files;
        this.contents = contents;
    }

    void read(FileRegion index) {
        read(files.parsed(INDEX, files.bytes(index)));
    }

    /** People's names stand in {@code index.json} alone, once for each name that an image has. */
    private void read(JsonNode index) {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        Map<String, JsonNode> roots = new LinkedHashMap<>();
        for (JsonNode entry : index.path("manifests")) {
            String digest = entry.path("digest").asText();
            roots.putIfAbsent(digest, entry);
            Set<String> own = names.computeIfAbsent(digest, first -> new LinkedHashSet<>());
            NAMES.forEach(key -> Json.text(entry.path("annotations"), key).ifPresent(own::add));
        }
        roots.forEach((digest, entry) -> new Branch(List.copyOf(names.get(digest))).visit(entry, 0));
    }

    /** What one entry of {@code index.json} leads to. */
    private final class Branch {
        private final List<String> names;
        private final Set<Digest> visited = new HashSet<>();

        Branch(List<String> names) {
            this.names = names;
        }

        void visit(JsonNode entry, int depth) {
            Optional<String> other =
                    Json.text(entry.path("annotations"), ATTESTS).or(() -> ImageManifest.otherType(entry));
            if (other.isPresent()) {
                contents.addOther(other.get());
                return;
            }
            Optional<Platform> listed = Platform.in(entry.path("platform"));
            Optional<Descriptor> descriptor = Descriptor.in(entry);
            try {
                if (descriptor.isEmpty())
                    throw ArchiveErrors.damaged(path(), "an entry of its index has no digest and size");
                if (visited.add(descriptor.get().digest())) look(descriptor.get(), listed, depth);
            } catch (Failure failure) {
                if (files.isExhausted()) throw failure;
                boolean saved = descriptor.isEmpty() || isSaved(descriptor.get());
                contents.addUnreadable(new Listed(names, listed), saved, failure);
            }
        }

        private void look(Descriptor descriptor, Optional<Platform> listed, int depth) {
            if (depth > DEPTH_LIMIT) throw ArchiveErrors.because(path(), "its indexes are nested too deeply");
            JsonNode json = files.json(descriptor.digest());
            Optional<String> other = ImageManifest.otherThanImage(json);
            if (other.isPresent()) contents.addOther(other.get());
            else if (json.path("manifests").isArray()) json.path("manifests").forEach(entry -> visit(entry, depth + 1));
            else add(descriptor, configOf(json), listed);
        }

        private void add(Descriptor descriptor, Descriptor named, Optional<Platform> listed) {
            if (!isSaved(named)) {
                Failure missing = ArchiveErrors.truncated(path(), "blob " + named.digest() + " is missing");
                contents.addUnreadable(new Listed(names, listed), false, missing);
                return;
            }
            Config config = config(named);
            // An index often knows the variant, which the configuration rarely does.
            Optional<Platform> nearer =
                    listed.filter(platform -> config.platform().isEmpty()
                            || config.platform().get().distanceTo(platform).isPresent());
            contents.add(new Listed(names, nearer), config, () -> content(descriptor, named));
        }
    }

    private boolean isSaved(Descriptor descriptor) {
        return files.blob(descriptor.digest()).isPresent();
    }

    private Descriptor configOf(JsonNode manifest) {
        return Descriptor.in(manifest.path("config"))
                .orElseThrow(() -> ArchiveErrors.damaged(path(), "its manifest names no configuration"));
    }

    private Config config(Descriptor named) {
        FileRegion content = files.blob(named.digest()).orElseThrow();
        return Config.parse(files, content, files.bytes(named.digest()));
    }

    private Content content(Descriptor descriptor, Descriptor named) {
        byte[] bytes = files.bytes(descriptor.digest());
        ObjectNode tree = (ObjectNode) files.parsed("blob " + descriptor.digest(), bytes);
        String type = Json.text(tree, "mediaType")
                .orElse(descriptor.mediaType().isEmpty() ? ImageManifest.OCI : descriptor.mediaType());
        ImageManifest manifest = new ImageManifest(type, tree, bytes);
        Config config = config(named);
        List<Layer> layers = layers(tree.path("layers"), config);
        if (!named.digest().equals(config.digest()))
            manifest = manifest.configuredBy(new Descriptor(named.mediaType(), config.digest(), named.size()));
        return new Content(config, manifest, layers);
    }

    private List<Layer> layers(JsonNode entries, Config config) {
        if (entries.size() != config.diffIds().size())
            throw ArchiveErrors.damaged(path(), "its configuration counts other layers than its manifest");
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++)
            layers.add(layer(entries.get(i), config.diffIds().get(i)));
        return List.copyOf(layers);
    }

    private Layer layer(JsonNode entry, Digest diffId) {
        Descriptor descriptor =
                Descriptor.in(entry).orElseThrow(() -> ArchiveErrors.damaged(path(), "a layer has no digest and size"));
        Optional<FileRegion> content = files.blob(descriptor.digest());
        if (content.isEmpty() && !descriptor.isForeign())
            throw ArchiveErrors.truncated(path(), "layer " + descriptor.digest() + " is missing");
        if (content.isPresent() && content.get().size() != descriptor.size())
            throw ArchiveErrors.truncated(path(), "layer " + descriptor.digest() + " has another size");
        boolean isAsSaid = !descriptor.isPlainTar() || !descriptor.digest().contradicts(diffId);
        return content.map(region -> Layer.of(isAsSaid ? descriptor : packed(descriptor, region), region))
                .orElseGet(() -> Layer.elsewhere(descriptor));
    }

    /** What is called a plain tar and is packed, as buildah and skopeo wrote layers: by the name that it should have. */
    private Descriptor packed(Descriptor called, FileRegion content) {
        try {
            return Packing.of(content)
                    .flatMap(Packing::compression)
                    .map(compression -> called.compressed(compression, called.digest(), called.size()))
                    .orElseThrow(() ->
                            ArchiveErrors.damaged(path(), "its configuration names other layers than its manifest"));
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path(), e);
        }
    }

    private Path path() {
        return files.path();
    }
}
