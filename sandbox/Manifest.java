package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import lib.Digest;
import lib.Json;

/** An image's manifest or an index of some, exactly as it was pushed. Source: OCI image specification. */
record Manifest(Digest digest, String mediaType, byte[] bytes, JsonNode json) {

    /** Another piece of content that a manifest names. */
    record Part(Digest digest, long size, boolean foreign) {}

    /** @throws OciException when it is no JSON object */
    static Manifest read(String mediaType, byte[] bytes) {
        try {
            JsonNode json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
            if (json.isObject()) return new Manifest(digest(bytes), mediaType, bytes, json);
        } catch (JsonProcessingException e) {
            // the same sentence as for JSON that is no object
        }
        throw new OciException(OciError.MANIFEST_INVALID, "a manifest is a JSON object");
    }

    private static Digest digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Digest("sha256:" + HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    List<Part> layers() {
        return parts(json.path("layers"));
    }

    /** Config and layers. */
    List<Part> blobs() {
        List<Part> blobs = new ArrayList<>(layers());
        if (json.has("config")) blobs.add(part(json.path("config")));
        return blobs;
    }

    /** What an index lists. */
    List<Part> manifests() {
        return parts(json.path("manifests"));
    }

    /** The bytes of config and layers together, as their descriptors say. */
    long size() {
        return blobs().stream().mapToLong(Part::size).sum();
    }

    private static List<Part> parts(JsonNode array) {
        List<Part> parts = new ArrayList<>();
        array.forEach(node -> parts.add(part(node)));
        return parts;
    }

    private static Part part(JsonNode descriptor) {
        String digest = descriptor.path("digest").asText();
        if (!Digest.isDigest(digest)) {
            throw new OciException(OciError.MANIFEST_INVALID, "a descriptor without a sha256 digest");
        }
        return new Part(
                new Digest(digest),
                descriptor.path("size").asLong(),
                !descriptor.path("urls").isEmpty());
    }
}
