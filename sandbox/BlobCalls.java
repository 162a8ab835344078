package sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Digest;
import lib.Reference;

/** Blobs over HTTP: the whole in one request, or an upload in parts; and back again. */
final class BlobCalls {
    private final BlobStore blobs;

    BlobCalls(BlobStore blobs) {
        this.blobs = blobs;
    }

    /** {@code POST /v2/NAME/blobs/uploads/}: with {@code mount} and {@code from}, {@code digest}, or nothing. */
    Response start(Request request, RegistryPath.Uploads path) throws IOException {
        if (!request.method().equals("POST")) return OciError.UNSUPPORTED.saying("an upload starts with POST");
        Optional<String> mount = request.query("mount").filter(Digest::isDigest);
        Optional<String> from = request.query("from").filter(Reference::isRepository);
        // A login is bound to one repository, so this is the only source from which it may pull.
        if (mount.isPresent() && from.filter(path.name()::equals).isPresent()) {
            Digest digest = new Digest(mount.get());
            if (blobs.mount(digest, from.get(), path.name())) return created(path.name(), digest);
        }
        Upload upload = blobs.start(path.name());
        if (request.query("digest").isPresent()) return finish(request, upload);
        return progress(202, upload);
    }

    /** A running upload: {@code PATCH} appends, {@code PUT} ends, {@code GET} asks, {@code DELETE} cancels. */
    Response upload(Request request, RegistryPath.Upload path) throws IOException {
        Upload upload = blobs.upload(path);
        switch (request.method()) {
            case "PATCH":
                if (startsElsewhere(request, upload)) return progress(416, upload);
                upload.append(request.body());
                return progress(202, upload);
            case "PUT":
                if (startsElsewhere(request, upload)) return progress(416, upload);
                return finish(request, upload);
            case "GET":
                return progress(204, upload);
            case "DELETE":
                blobs.cancel(upload);
                return Response.of(204);
            default:
                return OciError.UNSUPPORTED.saying("an upload takes PATCH, PUT, GET and DELETE");
        }
    }

    private static boolean startsElsewhere(Request request, Upload upload) {
        Optional<String> range = request.header("Content-Range");
        return range.isPresent() && !range.get().startsWith(upload.size() + "-");
    }

    private Response finish(Request request, Upload upload) throws IOException {
        Optional<String> digest = request.query("digest").filter(Digest::isDigest);
        if (digest.isEmpty()) return OciError.DIGEST_INVALID.saying("the last request names the sha256 digest");
        upload.append(request.body());
        blobs.finish(upload, new Digest(digest.get()));
        return created(upload.repository(), new Digest(digest.get()));
    }

    private static Response created(String repository, Digest digest) {
        return Response.of(201)
                .with("Location", "/v2/" + repository + "/blobs/" + digest)
                .with("Docker-Content-Digest", digest.value());
    }

    /** The location has a query of its own, as many registries' have: clients must add to it, not replace it. */
    private static Response progress(int status, Upload upload) {
        String place = "/v2/" + upload.repository() + "/blobs/uploads/" + upload.id();
        return Response.of(status)
                .with("Location", place + "?_state=" + upload.size())
                .with("Range", "0-" + Math.max(0, upload.size() - 1))
                .with("Docker-Upload-UUID", upload.id());
    }

    Response blob(Request request, RegistryPath.Blob path) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return OciError.UNSUPPORTED.saying("a blob can be read alone");
        }
        Optional<Path> file = blobs.find(path.name(), path.digest());
        if (file.isEmpty()) return OciError.BLOB_UNKNOWN.saying("no such blob in this repository");
        long size = Files.size(file.get());
        Response whole = Response.of(200, "application/octet-stream", new byte[0])
                .with("Accept-Ranges", "bytes")
                .with("Docker-Content-Digest", path.digest().value());
        Matcher range = Pattern.compile("bytes=([0-9]{1,15})-([0-9]{1,15})?")
                .matcher(request.header("Range").orElse(""));
        if (!range.matches()) return whole.with(Response.Body.of(file.get(), 0, size));
        return part(whole, file.get(), size, range);
    }

    private static Response part(Response whole, Path file, long size, Matcher range) {
        long first = Long.parseLong(range.group(1));
        long last = range.group(2) == null ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (first > last) return Response.of(416).with("Content-Range", "bytes */" + size);
        return new Response(206, whole.headers(), Response.Body.of(file, first, last - first + 1), whole.delivery())
                .with("Content-Range", "bytes " + first + "-" + last + "/" + size);
    }
}
