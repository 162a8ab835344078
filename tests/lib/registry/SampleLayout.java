package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.ImageReference.Digest;
import lib.Json;
import lib.registry.ImageManifest.Descriptor;

/** An OCI layout that a test puts together, so that it can hold what no tool at hand writes. */
final class SampleLayout {
    static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String INDEX = "application/vnd.oci.image.index.v1+json";
    static final String TAR = "application/vnd.oci.image.layer.v1.tar";
    private static final String REF_NAME = "org.opencontainers.image.ref.name";

    private final Map<String, Object> members = new LinkedHashMap<>();
    private final ObjectNode index = Json.object().put("schemaVersion", 2);
    private final ArrayNode listed = index.putArray("manifests");

    /** Stores a blob. @return its descriptor */
    ObjectNode blob(String type, byte[] bytes) {
        members.put(path(Digest.of(bytes)), bytes);
        return new Descriptor(type, Digest.of(bytes), bytes.length).over(Json.object());
    }

    ObjectNode blob(String type, JsonNode json) {
        return blob(type, SampleImage.bytes(Json.line(json)));
    }

    /** Stores a blob under its SHA-512. @return its descriptor */
    ObjectNode blobBySha512(String type, byte[] bytes) {
        Digest digest = Digest.of("sha512", bytes);
        with(path(digest), bytes);
        return new Descriptor(type, digest, bytes.length).over(Json.object());
    }

    /** Stores an image. @return its manifest's descriptor */
    ObjectNode image(SampleImage image) {
        ObjectNode manifest = manifest(blob(CONFIG, image.config()));
        for (byte[] layer : image.layers()) manifest.withArray("layers").add(blob(TAR, layer));
        manifest.putObject("annotations").put("kept", "yes");
        return blob(ImageManifest.OCI, manifest);
    }

    /** A manifest of these, which is not stored yet. */
    static ObjectNode manifest(ObjectNode config, ObjectNode... layers) {
        ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", ImageManifest.OCI);
        manifest.set("config", config);
        ArrayNode array = manifest.putArray("layers");
        for (ObjectNode layer : layers) array.add(layer);
        return manifest;
    }

    /** Stores an index. @return its descriptor */
    ObjectNode index(ObjectNode... entries) {
        ObjectNode nested = Json.object().put("schemaVersion", 2).put("mediaType", INDEX);
        ArrayNode manifests = nested.putArray("manifests");
        for (ObjectNode entry : entries) manifests.add(entry);
        return blob(INDEX, nested);
    }

    /** An entry for this platform. */
    static ObjectNode on(String architecture, ObjectNode entry) {
        ObjectNode platform = Json.object().put("architecture", architecture).put("os", "linux");
        return entry.set("platform", platform);
    }

    static ObjectNode named(String name, ObjectNode entry) {
        return annotated(REF_NAME, name, entry);
    }

    static ObjectNode annotated(String key, String value, ObjectNode entry) {
        entry.withObject("/annotations").put(key, value);
        return entry;
    }

    /** Lists these in {@code index.json}. */
    SampleLayout lists(ObjectNode... entries) {
        for (ObjectNode entry : entries) listed.add(entry);
        return this;
    }

    /** Leaves out what was stored. */
    SampleLayout without(Digest digest) {
        members.remove(path(digest));
        return this;
    }

    /** Stores other bytes in the place of these. */
    SampleLayout damaged(ObjectNode descriptor) {
        String path = path(new Digest(descriptor.path("digest").asText()));
        byte[] bytes = ((byte[]) members.get(path)).clone();
        bytes[bytes.length / 2] ^= 1;
        return with(path, bytes);
    }

    private static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    SampleLayout with(String name, byte[] content) {
        members.put(name, content);
        return this;
    }

    Map<String, Object> members() {
        Map<String, Object> all = new LinkedHashMap<>(members);
        all.put("index.json", SampleImage.bytes(Json.line(index)));
        all.put("oci-layout", SampleImage.bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
        return all;
    }
}
