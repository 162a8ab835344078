//SOURCES ../lib/ImageReference.java
//SOURCES Registry.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.ImageReference;
import lib.ImageReference.Digest;

/** Blobs over HTTP: uploaded at once or in parts, and read back. They lie on disk, each once, whoever holds them. */
final class Blobs {
    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{1,15})-([0-9]{1,15})?");

    /** What a location's query holds before the size, with a slash that clients must leave encoded. */
    private static final String STATE = "upload/";

    private final Path folder;
    private final Map<String, Set<Digest>> byRepository = new HashMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();

    /** A blob on its way in: a file that grows, and the digest of what it holds so far. */
    private static final class Upload {
        private final String id;
        private final String repository;
        private final Path file;
        private final MessageDigest sha256 = sha256();
        private long size;

        Upload(String id, String repository, Path file) throws IOException {
            this.id = id;
            this.repository = repository;
            this.file = Files.createFile(file);
        }

        synchronized long size() {
            return size;
        }

        synchronized void append(InputStream in) throws IOException {
            byte[] buffer = new byte[64 << 10];
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    sha256.update(buffer, 0, read);
                    size += read;
                }
            }
        }

        /** Ends the upload: nothing can be appended to what has a digest. */
        synchronized Digest digest() {
            return new Digest("sha256:" + HexFormat.of().formatHex(sha256.digest()));
        }
    }

    Blobs(Path folder) {
        this.folder = folder;
    }

    static Digest digest(byte[] bytes) {
        return new Digest("sha256:" + HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code POST /v2/NAME/blobs/uploads/}: with {@code mount} and {@code from}, {@code digest}, or nothing. */
    Response start(Request request, String repository) throws IOException {
        if (!request.method().equals("POST")) return unsupported("an upload starts with POST");
        Optional<String> mount = request.query("mount").filter(Digest::isDigest);
        Optional<String> from = request.query("from").filter(ImageReference::isRepository);
        // A login is bound to one repository, so this is the only source from which it may pull.
        if (mount.isPresent() && from.filter(repository::equals).isPresent()) {
            Digest digest = new Digest(mount.get());
            if (holds(repository, digest)) return created(repository, digest);
        }
        Upload upload = open(repository);
        return request.query("digest").isPresent() ? finish(request, upload) : progress(202, upload);
    }

    private synchronized Upload open(String repository) throws IOException {
        String id = UUID.randomUUID().toString();
        Upload upload = new Upload(id, repository, folder.resolve(id));
        uploads.put(id, upload);
        return upload;
    }

    /** A running upload: {@code PATCH} appends, {@code PUT} ends, {@code GET} asks, {@code DELETE} cancels. */
    Response upload(Request request, String repository, String id) throws IOException {
        Upload upload = upload(repository, id);
        if (!request.query("_state").orElse("").startsWith(STATE)) {
            return Registry.ErrorCode.BLOB_UPLOAD_INVALID.response("the location's query is missing");
        }
        switch (request.method()) {
            case "PATCH":
                if (startsElsewhere(request, upload)) return progress(416, upload);
                upload.append(request.body());
                return progress(202, upload);
            case "PUT":
                return startsElsewhere(request, upload) ? progress(416, upload) : finish(request, upload);
            case "GET":
                return progress(204, upload);
            case "DELETE":
                cancel(upload);
                return Response.of(204);
            default:
                return unsupported("an upload takes PATCH, PUT, GET and DELETE");
        }
    }

    private synchronized Upload upload(String repository, String id) {
        Upload upload = uploads.get(id);
        if (upload != null && upload.repository.equals(repository)) return upload;
        throw new Registry.RefusedException(Registry.ErrorCode.BLOB_UPLOAD_UNKNOWN, "no such upload");
    }

    private static boolean startsElsewhere(Request request, Upload upload) {
        return request.header("Content-Range")
                .filter(range -> !range.startsWith(upload.size() + "-"))
                .isPresent();
    }

    private Response finish(Request request, Upload upload) throws IOException {
        Optional<Digest> expected =
                request.query("digest").filter(Digest::isDigest).map(Digest::new);
        if (expected.isEmpty()) {
            return Registry.ErrorCode.DIGEST_INVALID.response("the last request names the sha256 digest");
        }
        upload.append(request.body());
        Digest digest = upload.digest();
        if (!digest.equals(expected.get())) {
            cancel(upload);
            return Registry.ErrorCode.DIGEST_INVALID.response("the content has another digest than " + expected.get());
        }
        keep(upload, digest);
        return created(upload.repository, digest);
    }

    private synchronized void keep(Upload upload, Digest digest) throws IOException {
        uploads.remove(upload.id);
        Files.move(upload.file, file(digest), StandardCopyOption.REPLACE_EXISTING);
        byRepository.computeIfAbsent(upload.repository, any -> new HashSet<>()).add(digest);
    }

    private synchronized void cancel(Upload upload) throws IOException {
        uploads.remove(upload.id);
        Files.deleteIfExists(upload.file);
    }

    private static Response created(String repository, Digest digest) {
        return Response.of(201)
                .with("Location", "/v2/" + repository + "/blobs/" + digest)
                .with("Docker-Content-Digest", digest.value());
    }

    /** The location has a query of its own, as many registries' have: clients must add to it, not replace it. */
    private static Response progress(int status, Upload upload) {
        String place = "/v2/" + upload.repository + "/blobs/uploads/" + upload.id;
        return Response.of(status)
                .with("Location", place + "?_state=" + STATE.replace("/", "%2F") + upload.size())
                .with("Range", "0-" + Math.max(0, upload.size() - 1))
                .with("Docker-Upload-UUID", upload.id);
    }

    /** {@code GET} and {@code HEAD} of a blob, or of a range of it. */
    Response read(Request request, String repository, Digest digest) throws IOException {
        if (!request.reads()) return unsupported("a blob can be read alone");
        if (!holds(repository, digest)) {
            return Registry.ErrorCode.BLOB_UNKNOWN.response("no such blob in this repository");
        }
        Path file = file(digest);
        long size = Files.size(file);
        Matcher range = RANGE.matcher(request.header("Range").orElse(""));
        if (!range.matches()) return content(200, digest).with(Response.Body.of(file, 0, size));
        long first = Long.parseLong(range.group(1));
        long last = range.group(2) == null ? size - 1 : Math.min(size - 1, Long.parseLong(range.group(2)));
        if (first > last) return Response.of(416).with("Content-Range", "bytes */" + size);
        return content(206, digest)
                .with(Response.Body.of(file, first, last - first + 1))
                .with("Content-Range", "bytes " + first + "-" + last + "/" + size);
    }

    private static Response content(int status, Digest digest) {
        return Response.of(status, "application/octet-stream", new byte[0])
                .with("Accept-Ranges", "bytes")
                .with("Docker-Content-Digest", digest.value());
    }

    private static Response unsupported(String message) {
        return Registry.ErrorCode.UNSUPPORTED.response(message);
    }

    synchronized boolean holds(String repository, Digest digest) {
        return byRepository.getOrDefault(repository, Set.of()).contains(digest);
    }

    private Path file(Digest digest) {
        return folder.resolve(digest.hex());
    }
}
