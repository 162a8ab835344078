package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.Digest;
import lib.Json;

/** How a manifest names a blob; the size in bytes. Source: OCI image specification, descriptor. */
record Descriptor(String mediaType, Digest digest, long size) {
    /** Source: RFC 6838, 4.2. A manifest's own becomes a header, where more could end it and begin another. */
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

    private static final String GZIP_SUFFIX_OCI = "+gzip";
    private static final String GZIP_SUFFIX_DOCKER = ".gzip";

    /** Empty where the digest or the size is missing, or the media type is none. */
    static Optional<Descriptor> in(JsonNode json) {
        Optional<String> mediaType = mediaType(json, "");
        Optional<String> digest = Json.text(json, "digest").filter(Digest::isDigest);
        JsonNode size = json.path("size");
        if (mediaType.isEmpty()
                || digest.isEmpty()
                || !size.isIntegralNumber()
                || !size.canConvertToLong()
                || size.longValue() < 0) return Optional.empty();
        return Optional.of(new Descriptor(mediaType.get(), new Digest(digest.get()), size.longValue()));
    }

    static boolean isMediaType(String text) {
        return MEDIA_TYPE.matcher(text).matches();
    }

    /** What the JSON says its media type is, or what it is where it says nothing; empty when that is no media type. */
    static Optional<String> mediaType(JsonNode json, String usual) {
        Optional<String> said = Json.text(json, "mediaType");
        return said.isEmpty() ? Optional.of(usual) : said.filter(Descriptor::isMediaType);
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
