package sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import lib.Digest;
import lib.Json;

/** Manifests, tags and the catalog over HTTP. */
final class ManifestCalls {
    private final ManifestStore manifests;
    private final BlobStore blobs;

    ManifestCalls(ManifestStore manifests, BlobStore blobs) {
        this.manifests = manifests;
        this.blobs = blobs;
    }

    Response answer(Request request, RegistryPath.Manifest path) throws IOException {
        return switch (request.method()) {
            case "PUT" -> put(request, path);
            case "GET", "HEAD" -> get(path);
            default -> OciError.UNSUPPORTED.saying("a manifest can be put and read");
        };
    }

    private Response put(Request request, RegistryPath.Manifest path) throws IOException {
        String mediaType = request.header("Content-Type").orElse("application/vnd.oci.image.manifest.v1+json");
        Manifest manifest = Manifest.read(mediaType, request.bytes());
        if (Digest.isDigest(path.reference())
                && !path.reference().equals(manifest.digest().value())) {
            return OciError.DIGEST_INVALID.saying("the manifest has another digest");
        }
        Optional<Digest> missing = missing(path.name(), manifest);
        if (missing.isPresent()) {
            return OciError.MANIFEST_BLOB_UNKNOWN.saying("the repository does not hold " + missing.get());
        }
        manifests.put(path.name(), path.reference(), manifest);
        return Response.of(201)
                .with("Location", "/v2/" + path.name() + "/manifests/" + manifest.digest())
                .with("Docker-Content-Digest", manifest.digest().value());
    }

    /** A foreign layer lies elsewhere, by definition. */
    private Optional<Digest> missing(String repository, Manifest manifest) {
        Optional<Digest> blob = manifest.blobs().stream()
                .filter(part -> !part.foreign())
                .map(Manifest.Part::digest)
                .filter(digest -> !blobs.holds(repository, digest))
                .findFirst();
        return blob.or(() -> manifest.manifests().stream()
                .map(Manifest.Part::digest)
                .filter(digest -> manifests.find(repository, digest.value()).isEmpty())
                .findFirst());
    }

    private Response get(RegistryPath.Manifest path) {
        return manifests
                .find(path.name(), path.reference())
                .map(manifest -> Response.of(200, manifest.mediaType(), manifest.bytes())
                        .with("Docker-Content-Digest", manifest.digest().value()))
                .orElseGet(() -> OciError.MANIFEST_UNKNOWN.saying("no such manifest in this repository"));
    }

    Response tags(RegistryPath.Tags path) {
        Optional<List<String>> tags = manifests.tags(path.name());
        if (tags.isEmpty()) return OciError.NAME_UNKNOWN.saying("no such repository");
        ObjectNode body = Json.object().put("name", path.name());
        ArrayNode list = body.putArray("tags");
        tags.get().forEach(list::add);
        return Response.json(200, body);
    }

    Response catalog() {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("repositories");
        manifests.repositories().forEach(list::add);
        return Response.json(200, body);
    }
}
