package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.Digest;
import lib.Json;

/** An image's manifest as it will be put: to the byte the archive's own, unless a layer had to be compressed. */
record Manifest(String mediaType, ObjectNode tree, byte[] bytes) {
    static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    /** Source: distribution, manifest schema 2; {@code docker push} adds the {@code .gzip}. */
    static final String DOCKER_TAR = "application/vnd.docker.image.rootfs.diff.tar";

    /** The manifest that {@code docker push} would make of an image whose archive has none. */
    static Manifest ofDocker(ImageConfig config, List<Layer> layers) {
        ObjectNode tree = Json.object().put("schemaVersion", 2).put("mediaType", DOCKER);
        Descriptor descriptor =
                new Descriptor(DOCKER_CONFIG, config.digest(), config.content().size());
        tree.set("config", descriptor.over(Json.object()));
        ArrayNode array = tree.putArray("layers");
        for (Layer layer : layers) array.add(layer.descriptor().over(Json.object()));
        return new Manifest(DOCKER, tree, serialized(tree));
    }

    /** The same manifest with these descriptors in place of its layers' own, one for one. */
    Manifest carrying(List<Descriptor> layers) {
        ObjectNode changed = tree.deepCopy();
        ArrayNode array = changed.putArray("layers");
        for (int i = 0; i < layers.size(); i++)
            array.add(layers.get(i).over((ObjectNode) tree.path("layers").path(i)));
        JsonNode before = tree.path("layers");
        return array.equals(before) ? this : new Manifest(mediaType, changed, serialized(changed));
    }

    Digest digest() {
        return Sha256.of(bytes);
    }

    private static byte[] serialized(ObjectNode tree) {
        return Json.line(tree).getBytes(StandardCharsets.UTF_8);
    }
}
