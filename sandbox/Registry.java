package sandbox;

import java.io.IOException;
import java.util.Optional;
import lib.Digest;
import lib.Json;
import lib.Reference;
import org.eclipse.jetty.http.HttpStatus;

/** The registry: what a push and a pull need. Source: OCI distribution specification 1.1. */
final class Registry implements HttpServer.Handler, Refusals {
    private final RegistryGuard guard;
    private final ManifestStore manifests;
    private final BlobCalls blobCalls;
    private final ManifestCalls manifestCalls;

    Registry(RegistryGuard guard, BlobStore blobs, ManifestStore manifests) {
        this.guard = guard;
        this.manifests = manifests;
        this.blobCalls = new BlobCalls(blobs);
        this.manifestCalls = new ManifestCalls(manifests, blobs);
    }

    @Override
    public Response handle(Request request) throws IOException {
        if (request.path().equals("/token")) return guard.token(request);
        Optional<RegistryPath> path = RegistryPath.parse(request.path());
        if (path.isEmpty()) return OciError.NAME_INVALID.saying(404, "no such place, or not a valid name");
        Optional<Response> refusal = guard.refusal(request, path.get());
        if (refusal.isPresent()) return refusal.get().with("Docker-Distribution-Api-Version", "registry/2.0");
        try {
            return answer(request, path.get()).with("Docker-Distribution-Api-Version", "registry/2.0");
        } catch (OciException e) {
            return e.answer();
        }
    }

    private Response answer(Request request, RegistryPath path) throws IOException {
        if (path instanceof RegistryPath.Uploads uploads) return blobCalls.start(request, uploads);
        if (path instanceof RegistryPath.Upload upload) return blobCalls.upload(request, upload);
        if (path instanceof RegistryPath.Blob blob) return blobCalls.blob(request, blob);
        if (path instanceof RegistryPath.Manifest manifest) return manifestCalls.answer(request, manifest);
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return OciError.UNSUPPORTED.saying("only GET");
        }
        if (path instanceof RegistryPath.Tags tags) return manifestCalls.tags(tags);
        if (path instanceof RegistryPath.Catalog) return manifestCalls.catalog();
        return Response.json(200, Json.object());
    }

    /** @return the digest that a reference stands for, if this registry holds it */
    Optional<Digest> find(Reference image) {
        String key = image.digest().map(Digest::value).or(image::tag).orElse("latest");
        return manifests.find(image.repository(), key).map(Manifest::digest);
    }

    @Override
    public Response worded(int status, String message) {
        if (status == 401) return guard.challenge(new RegistryPath.Ping(), "");
        return OciError.ofStatus(status).saying(status, message);
    }

    /** Refusals of credentials come from the registry itself, whatever stands in front of it. */
    @Override
    public Response bare(int status) {
        boolean itsOwn = status == 401 || status == 403 || status == 429;
        return itsOwn ? worded(status, HttpStatus.getMessage(status)) : Refusals.super.bare(status);
    }
}
