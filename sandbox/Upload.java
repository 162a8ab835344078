package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lib.Digest;

/** A blob on its way in: a file that grows, and the digest of what it holds so far. */
final class Upload {
    private final String id;
    private final String repository;
    private final Path file;
    private final MessageDigest sha256;
    private long size;

    Upload(String id, String repository, Path file) throws IOException {
        this.id = id;
        this.repository = repository;
        this.file = Files.createFile(file);
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    String id() {
        return id;
    }

    String repository() {
        return repository;
    }

    Path file() {
        return file;
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
