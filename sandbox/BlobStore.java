package sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Digest;

/** Blobs on disk, each once, and which repositories hold which. */
final class BlobStore {
    private final Path blobs;
    private final Path incoming;
    private final Entropy entropy = new Entropy();
    private final Map<String, Set<Digest>> byRepository = new HashMap<>();
    private final Map<String, Upload> uploads = new HashMap<>();

    BlobStore(Path folder) throws IOException {
        blobs = Files.createDirectories(folder.resolve("blobs"));
        incoming = Files.createDirectories(folder.resolve("uploads"));
    }

    synchronized Upload start(String repository) throws IOException {
        String id = entropy.hex(16);
        Upload upload = new Upload(id, repository, incoming.resolve(id));
        uploads.put(id, upload);
        return upload;
    }

    /** @throws OciException when no such upload runs in this repository */
    synchronized Upload upload(RegistryPath.Upload path) {
        Upload upload = uploads.get(path.id());
        if (upload != null && upload.repository().equals(path.name())) return upload;
        throw new OciException(OciError.BLOB_UPLOAD_UNKNOWN, "no such upload");
    }

    synchronized void cancel(Upload upload) throws IOException {
        uploads.remove(upload.id());
        Files.deleteIfExists(upload.file());
    }

    /** @throws OciException when the bytes have another digest; the upload is over then, too */
    void finish(Upload upload, Digest promised) throws IOException {
        Digest digest = upload.digest();
        if (!digest.equals(promised)) {
            cancel(upload);
            throw new OciException(OciError.DIGEST_INVALID, "the content has another digest than " + promised);
        }
        synchronized (this) {
            uploads.remove(upload.id());
            Files.move(upload.file(), file(digest), StandardCopyOption.REPLACE_EXISTING);
            link(upload.repository(), digest);
        }
    }

    /** Makes a blob of one repository part of another, without a byte moved. */
    synchronized boolean mount(Digest digest, String from, String to) {
        if (!holds(from, digest)) return false;
        link(to, digest);
        return true;
    }

    private void link(String repository, Digest digest) {
        byRepository.computeIfAbsent(repository, any -> new HashSet<>()).add(digest);
    }

    synchronized boolean holds(String repository, Digest digest) {
        return byRepository.getOrDefault(repository, Set.of()).contains(digest);
    }

    synchronized Optional<Path> find(String repository, Digest digest) {
        return holds(repository, digest) ? Optional.of(file(digest)) : Optional.empty();
    }

    private Path file(Digest digest) {
        return blobs.resolve(digest.hex());
    }
}
