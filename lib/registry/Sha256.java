package lib.registry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lib.Digest;

/** A SHA-256 that grows with the bytes that pass. */
final class Sha256 {
    private final MessageDigest hash;

    Sha256() {
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static Digest of(byte[] bytes) {
        Sha256 whole = new Sha256();
        whole.update(bytes, 0, bytes.length);
        return whole.finish();
    }

    void update(byte[] bytes, int from, int count) {
        hash.update(bytes, from, count);
    }

    /** The digest of all that passed; starts again from nothing. */
    Digest finish() {
        return new Digest("sha256:" + HexFormat.of().formatHex(hash.digest()));
    }
}
