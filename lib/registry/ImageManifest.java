//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Platform.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES BlobUpload.java
//SOURCES ImagePush.java
//SOURCES RegistryClient.java
//SOURCES RegistryResponse.java
package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImagePush.Compression;

/**
 * An image's manifest as it will be put: to the byte the archive's own, unless a layer had to be compressed. With zstd a
 * manifest of Docker's becomes one of OCI's, since Docker's media types have no name for that.
 */
record ImageManifest(String mediaType, ObjectNode tree, byte[] bytes) {
    static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
    static final String OCI = "application/vnd.oci.image.manifest.v1+json";
    private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    /** Source: distribution, manifest schema 2; {@code docker push} adds the {@code .gzip}. */
    static final String DOCKER_TAR = "application/vnd.docker.image.rootfs.diff.tar";

    private static final String OCI_TAR = "application/vnd.oci.image.layer.v1.tar";

    /** OCI's names for Docker's. Source: OCI image specification, compatibility matrix. */
    private static final Map<String, String> OF_OCI = Map.of(
            DOCKER_CONFIG,
            OCI_CONFIG,
            DOCKER_TAR,
            OCI_TAR,
            DOCKER_TAR + ".gzip",
            OCI_TAR + "+gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip");

    /** Of images, and of indexes of them. */
    private static final Set<String> MANIFESTS = Set.of(
            OCI,
            DOCKER,
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");
    /** Of the last, Docker before 1.10 made its configurations. */
    private static final Set<String> CONFIGS = Set.of(OCI_CONFIG, DOCKER_CONFIG, "application/octet-stream");

    /**
     * What a manifest is, when it is none of an image: a signature, a bill of materials, a chart. Some of these have an
     * image's configuration, but none of their layers is one of files.
     */
    static Optional<String> otherThanImage(JsonNode manifest) {
        Optional<String> type = otherType(manifest);
        if (type.isPresent() || manifest.path("manifests").isArray()) return type;
        if (!manifest.path("config").isObject()) return Optional.of("a blob that is no manifest");
        List<String> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers"))
            layers.add(Json.text(layer, "mediaType").orElse(DOCKER_TAR));
        boolean ofFiles = layers.isEmpty() || layers.stream().anyMatch(Descriptor::isLayer);
        return ofFiles ? Optional.empty() : Optional.of(said(layers.get(0)));
    }

    /** The type of a manifest, an index or an entry of one, when it can't be of images. */
    static Optional<String> otherType(JsonNode json) {
        return otherThan(MANIFESTS, json, "mediaType")
                .or(() -> otherThan(CONFIGS, json, "artifactType"))
                .or(() -> otherThan(CONFIGS, json.path("config"), "mediaType"));
    }

    private static Optional<String> otherThan(Set<String> types, JsonNode json, String field) {
        return Json.text(json, field).filter(type -> !types.contains(type)).map(ImageManifest::said);
    }

    private static String said(String type) {
        return Descriptor.isMediaType(type) ? type : "a blob whose media type is none";
    }

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

    /** Returns the same manifest with this descriptor in place of its configuration's own. */
    ImageManifest configuredBy(Descriptor config) {
        ObjectNode changed = tree.deepCopy();
        changed.set("config", config.over((ObjectNode) tree.path("config")));
        return new ImageManifest(mediaType, changed, serialized(changed));
    }

    /** Returns the same manifest with these descriptors in place of its layers' own, one for one. */
    ImageManifest carrying(List<Descriptor> layers) {
        JsonNode before = tree.path("layers");
        List<Descriptor> own = new ArrayList<>();
        for (JsonNode layer : before) Descriptor.in(layer).ifPresent(own::add);
        if (layers.equals(own)) return this;
        ObjectNode changed = tree.deepCopy();
        ArrayNode array = changed.putArray("layers");
        for (int i = 0; i < layers.size(); i++) array.add(layers.get(i).over((ObjectNode) before.path(i)));
        boolean inDockers = mediaType.equals(DOCKER) && layers.stream().anyMatch(Descriptor::isZstd);
        String type = inDockers ? inOci(changed) : mediaType;
        return new ImageManifest(type, changed, serialized(changed));
    }

    /** Gives a manifest and all that it names OCI's media types. Returns its own. */
    private static String inOci(ObjectNode manifest) {
        manifest.put("mediaType", OCI);
        List<JsonNode> blobs = new ArrayList<>(List.of(manifest.path("config")));
        manifest.path("layers").forEach(blobs::add);
        for (JsonNode blob : blobs) {
            String type = blob.path("mediaType").asText();
            ((ObjectNode) blob).put("mediaType", OF_OCI.getOrDefault(type, type));
        }
        return OCI;
    }

    Digest digest() {
        return Digest.of(bytes);
    }

    /** Puts it under the repository's tag, by any success that does not confirm another one. */
    void putInto(RegistryClient repository) throws InterruptedException {
        ImageReference target = repository.target();
        String tag = target.tag()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no tag", "Give it as registry/repository:tag"));
        RegistryResponse response = repository.retry().of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(repository.at("manifests/" + tag))
                    .header("Content-Type", mediaType)
                    .PUT(BodyPublishers.ofByteArray(bytes));
            RegistryResponse put = repository.send(request, repository.timeout());
            // It may not see its own blobs yet.
            if (BlobUpload.isError(put, "MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN")) throw put.retryable();
            return repository.succeeded(put);
        });
        BlobUpload.requireDigest(digest(), response);
    }

    private static byte[] serialized(ObjectNode tree) {
        return Json.line(tree).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An image's configuration: its digest is the image ID, its {@code diff_ids} are the layers' digests as plain tars.
     *
     * @param platform empty when it names none
     */
    record Config(Digest digest, FileRegion content, Optional<Platform> platform, List<Digest> diffIds) {

        /** @throws lib.Failure {@code config} when it is none */
        static Config parse(ArchiveFiles files, FileRegion content, byte[] bytes) {
            JsonNode json = files.parsed("the image's configuration", bytes);
            List<Digest> diffIds = new ArrayList<>();
            for (JsonNode id : json.path("rootfs").path("diff_ids")) {
                if (!Digest.isDigest(id.asText())) throw ArchiveErrors.because(files.path(), "a diff_id is no digest");
                diffIds.add(new Digest(id.asText()));
            }
            return new Config(Digest.of(bytes), content, Platform.in(json), List.copyOf(diffIds));
        }
    }

    /**
     * A layer as it lies in an archive, named by its SHA-256. The content is absent only for a foreign layer, which
     * nobody pushes. Of a plain tar the descriptor's digest is the {@code diff_id}.
     */
    record Layer(Descriptor descriptor, Optional<FileRegion> content) {

        /**
         * A layer by its descriptor. One that is named by a SHA-512 is read once, since registries of today take
         * SHA-256 alone.
         */
        static Layer of(Descriptor descriptor, FileRegion content) {
            return new Layer(
                    descriptor.digest().algorithm().equals("sha256") ? descriptor : bySha256(descriptor, content),
                    Optional.of(content));
        }

        static Layer elsewhere(Descriptor descriptor) {
            return new Layer(descriptor, Optional.empty());
        }

        private static Descriptor bySha256(Descriptor descriptor, FileRegion content) {
            MessageDigest named = Digest.hash(descriptor.digest().algorithm());
            MessageDigest sha256 = Digest.hash("sha256");
            try (InputStream in = new DigestInputStream(new DigestInputStream(content.open(), named), sha256)) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw ArchiveErrors.unreadable(content.archive(), e);
            }
            if (!Digest.of(named).equals(descriptor.digest()))
                throw ArchiveErrors.damaged(content.archive(), "layer " + descriptor.digest() + " has another content");
            return new Descriptor(descriptor.mediaType(), Digest.of(sha256), descriptor.size());
        }

        Digest digest() {
            return descriptor.digest();
        }
    }

    /** How a manifest names a blob; the size in bytes. Source: OCI image specification, descriptor. */
    record Descriptor(String mediaType, Digest digest, long size) {
        /** Source: RFC 6838, 4.2. A manifest's own becomes a header, where more could end it and begin another. */
        private static final Pattern MEDIA_TYPE =
                Pattern.compile("[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}");

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

        /** The same layer once it is compressed. Zstd has a name in OCI's media types alone. */
        Descriptor compressed(Compression compression, Digest compressed, long compressedSize) {
            String type = compression == Compression.ZSTD ? OF_OCI.getOrDefault(mediaType, mediaType) : mediaType;
            String separator = type.startsWith("application/vnd.docker.") ? "." : "+";
            return new Descriptor(type + separator + compression, compressed, compressedSize);
        }

        boolean isZstd() {
            return mediaType.endsWith("+" + Compression.ZSTD);
        }

        /** This descriptor over an older one, whose annotations and URLs stay. */
        ObjectNode over(ObjectNode older) {
            ObjectNode json = older.deepCopy();
            return json.put("mediaType", mediaType)
                    .put("digest", digest.value())
                    .put("size", size);
        }
    }
}
