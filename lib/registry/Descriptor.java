package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import lib.Digest;
import lib.Json;

/** How a manifest names a blob; the size in bytes. Source: OCI image specification, descriptor. */
record Descriptor(String mediaType, Digest digest, long size) {
    private static final String GZIP_SUFFIX_OCI = "+gzip";
    private static final String GZIP_SUFFIX_DOCKER = ".gzip";

    static Optional<Descriptor> in(JsonNode json) {
        Optional<String> digest = Json.text(json, "digest").filter(Digest::isDigest);
        JsonNode size = json.path("size");
        if (digest.isEmpty() || !size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0)
            return Optional.empty();
        String mediaType = Json.text(json, "mediaType").orElse("");
        return Optional.of(new Descriptor(mediaType, new Digest(digest.get()), size.longValue()));
    }

    /** Whether a blob of this type is an image's layer. */
    static boolean isLayer(String mediaType) {
        return mediaType.startsWith("application/vnd.oci.image.layer.")
                || mediaType.startsWith("application/vnd.docker.image.rootfs.");
    }

    /** Whether a layer of this type is a plain tar. */
    boolean isPlainTar() {
        return mediaType.endsWith(".tar");
    }

    /** Whether the type says that the layer lies elsewhere and is not to be pushed. */
    boolean isForeign() {
        return mediaType.contains(".foreign.") || mediaType.contains(".nondistributable.");
    }

    /** The same layer once it is compressed. */
    Descriptor gzipped(Digest compressed, long compressedSize) {
        String suffix = mediaType.startsWith("application/vnd.docker.") ? GZIP_SUFFIX_DOCKER : GZIP_SUFFIX_OCI;
        return new Descriptor(mediaType + suffix, compressed, compressedSize);
    }

    /** This descriptor over an older one, whose annotations and URLs stay. */
    ObjectNode over(ObjectNode older) {
        ObjectNode json = older.deepCopy();
        return json.put("mediaType", mediaType).put("digest", digest.value()).put("size", size);
    }
}
