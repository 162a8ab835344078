package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Digest;
import lib.Json;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;

/** An image's manifest as it will be put: to the byte the archive's own, unless a layer had to be compressed. */
record ImageManifest(String mediaType, ObjectNode tree, byte[] bytes) {
    static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    /** Source: distribution, manifest schema 2; {@code docker push} adds the {@code .gzip}. */
    static final String DOCKER_TAR = "application/vnd.docker.image.rootfs.diff.tar";

    /** Returns the manifest that {@code docker push} would make of an image whose archive has none. */
    static ImageManifest ofDocker(Config config, List<Layer> layers) {
        ObjectNode tree = Json.object().put("schemaVersion", 2).put("mediaType", DOCKER);
        Descriptor descriptor =
                new Descriptor(DOCKER_CONFIG, config.digest(), config.content().size());
        tree.set("config", descriptor.over(Json.object()));
        ArrayNode array = tree.putArray("layers");
        for (Layer layer : layers) array.add(layer.descriptor().over(Json.object()));
        return new ImageManifest(DOCKER, tree, serialized(tree));
    }

    /** Returns the same manifest with these descriptors in place of its layers' own, one for one. */
    ImageManifest carrying(List<Descriptor> layers) {
        ObjectNode changed = tree.deepCopy();
        ArrayNode array = changed.putArray("layers");
        for (int i = 0; i < layers.size(); i++)
            array.add(layers.get(i).over((ObjectNode) tree.path("layers").path(i)));
        JsonNode before = tree.path("layers");
        return array.equals(before) ? this : new ImageManifest(mediaType, changed, serialized(changed));
    }

    Digest digest() {
        return Digest.of(bytes);
    }

    private static byte[] serialized(ObjectNode tree) {
        return Json.line(tree).getBytes(StandardCharsets.UTF_8);
    }

    /** An image's configuration: its digest is the image ID, its {@code diff_ids} are the layers' digests as plain tars. */
    record Config(Digest digest, FileRegion content, Platform platform, List<Digest> diffIds) {

        static Config read(ArchiveFiles files, FileRegion content) {
            byte[] bytes = files.bytes(content);
            JsonNode json = files.json("the image's configuration", bytes);
            Platform platform = Platform.in(json)
                    .orElseThrow(() -> ArchiveErrors.because(files.path(), "its configuration names no platform"));
            List<Digest> diffIds = new ArrayList<>();
            for (JsonNode id : json.path("rootfs").path("diff_ids")) {
                if (!Digest.isDigest(id.asText()))
                    throw ArchiveErrors.because(files.path(), "a diff_id is not a digest");
                diffIds.add(new Digest(id.asText()));
            }
            return new Config(Digest.of(bytes), content, platform, List.copyOf(diffIds));
        }
    }

    /**
     * A layer as it lies in an archive. The content is absent only for a foreign layer, which nobody pushes. Of a plain
     * tar the descriptor's digest is the {@code diff_id}.
     */
    record Layer(Descriptor descriptor, Optional<FileRegion> content) {
        Digest digest() {
            return descriptor.digest();
        }
    }
}
