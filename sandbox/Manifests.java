//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Json.java
//SOURCES Blobs.java
//SOURCES Registry.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;

/** Manifests over HTTP, and the tags that name them. */
final class Manifests {
    private static final String DEFAULT_TYPE = "application/vnd.oci.image.manifest.v1+json";

    /**
     * Another piece of content that a manifest names. Source: OCI image specification, descriptors.
     *
     * @param foreign it is to be had elsewhere
     */
    record Descriptor(Digest digest, long size, boolean foreign) {
        static Descriptor of(JsonNode json) {
            String digest = json.path("digest").asText();
            if (!Digest.isDigest(digest)) throw invalid("a descriptor without a sha256 digest");
            return new Descriptor(
                    new Digest(digest),
                    json.path("size").asLong(),
                    !json.path("urls").isEmpty());
        }

        static List<Descriptor> all(JsonNode array) {
            List<Descriptor> all = new ArrayList<>();
            array.forEach(each -> all.add(of(each)));
            return all;
        }
    }

    /**
     * An image's manifest, or an index of some, exactly as it was pushed. Source: OCI image specification.
     *
     * @param blobs config and layers
     * @param manifests those that an index lists
     */
    record Manifest(
            Digest digest,
            String mediaType,
            byte[] bytes,
            List<Descriptor> layers,
            List<Descriptor> blobs,
            List<Descriptor> manifests) {

        static Manifest parse(String mediaType, byte[] bytes) {
            JsonNode json;
            try {
                json = Json.parse(new String(bytes, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                throw invalid("a manifest is JSON");
            }
            if (!json.isObject()) throw invalid("a manifest is a JSON object");
            List<Descriptor> layers = Descriptor.all(json.path("layers"));
            List<Descriptor> blobs = new ArrayList<>(layers);
            if (json.has("config")) blobs.add(Descriptor.of(json.path("config")));
            return new Manifest(
                    Blobs.digest(bytes), mediaType, bytes, layers, blobs, Descriptor.all(json.path("manifests")));
        }

        /** Returns the bytes of config and layers together, as their descriptors say. */
        long size() {
            return blobs.stream().mapToLong(Descriptor::size).sum();
        }
    }

    private static final class Repository {
        private final Map<Digest, Manifest> manifests = new HashMap<>();
        private final SortedMap<String, Digest> tags = new TreeMap<>();
    }

    private final Blobs blobs;
    private final SortedMap<String, Repository> repositories = new TreeMap<>();

    Manifests(Blobs blobs) {
        this.blobs = blobs;
    }

    private static Registry.RefusedException invalid(String message) {
        return new Registry.RefusedException(Registry.ErrorCode.MANIFEST_INVALID, message);
    }

    /** @param reference a tag or a digest */
    Response answer(Request request, String repository, String reference) throws IOException {
        if (request.method().equals("PUT")) return put(request, repository, reference);
        if (!request.reads()) return Registry.ErrorCode.UNSUPPORTED.response("a manifest can be put and read");
        return find(repository, reference)
                .map(manifest -> Response.of(200, manifest.mediaType(), manifest.bytes())
                        .with("Docker-Content-Digest", manifest.digest().value()))
                .orElseGet(() -> Registry.ErrorCode.MANIFEST_UNKNOWN.response("no such manifest in this repository"));
    }

    private Response put(Request request, String repository, String reference) throws IOException {
        Manifest manifest = Manifest.parse(request.header("Content-Type").orElse(DEFAULT_TYPE), request.bytes());
        String digest = manifest.digest().value();
        if (reference.contains(":") && !reference.equals(digest)) {
            return Registry.ErrorCode.DIGEST_INVALID.response("the manifest has another digest");
        }
        Optional<Digest> missing = missing(repository, manifest);
        if (missing.isPresent()) {
            return Registry.ErrorCode.MANIFEST_BLOB_UNKNOWN.response("the repository does not hold " + missing.get());
        }
        keep(repository, reference, manifest);
        return Response.of(201)
                .with("Location", "/v2/" + repository + "/manifests/" + digest)
                .with("Docker-Content-Digest", digest);
    }

    private Optional<Digest> missing(String repository, Manifest manifest) {
        Optional<Digest> blob = manifest.blobs().stream()
                .filter(part -> !part.foreign())
                .map(Descriptor::digest)
                .filter(digest -> !blobs.holds(repository, digest))
                .findFirst();
        return blob.or(() -> manifest.manifests().stream()
                .map(Descriptor::digest)
                .filter(digest -> find(repository, digest.value()).isEmpty())
                .findFirst());
    }

    private synchronized void keep(String repository, String reference, Manifest manifest) {
        Repository held = repositories.computeIfAbsent(repository, any -> new Repository());
        held.manifests.put(manifest.digest(), manifest);
        if (ImageReference.isTag(reference)) held.tags.put(reference, manifest.digest());
    }

    /** @param reference a tag or a digest */
    synchronized Optional<Manifest> find(String repository, String reference) {
        Repository held = repositories.get(repository);
        if (held == null) return Optional.empty();
        Digest digest = Digest.isDigest(reference) ? new Digest(reference) : held.tags.get(reference);
        return Optional.ofNullable(held.manifests.get(digest));
    }

    /** Returns the digest that an image's name stands for. */
    Optional<Digest> find(ImageReference image) {
        String key = image.digest().map(Digest::value).or(image::tag).orElse("latest");
        return find(image.repository(), key).map(Manifest::digest);
    }

    synchronized List<String> repositories() {
        return List.copyOf(repositories.keySet());
    }

    /** @return empty for a repository that was never pushed to */
    synchronized Optional<List<String>> tags(String repository) {
        return Optional.ofNullable(repositories.get(repository)).map(held -> List.copyOf(held.tags.keySet()));
    }
}
