package lib;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest, {@code sha256:} and 64 hex digits.
 *
 * <p>Source: OCI image specification, descriptor, digests. Registries of today use SHA-256 alone.
 */
public record Digest(String value) {
    private static final Pattern GRAMMAR = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (!isDigest(value)) throw new IllegalArgumentException("not a sha256 digest: " + Printable.of(value));
    }

    public static boolean isDigest(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** The SHA-256 of these bytes. */
    public static Digest of(byte[] bytes) {
        Hasher whole = new Hasher();
        whole.update(bytes, 0, bytes.length);
        return whole.digest();
    }

    /** The 64 hex digits. */
    public String hex() {
        return value.substring("sha256:".length());
    }

    // A record's own two are put together when they are first called, which costs each push of an archive 10 ms.
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && digest.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /** Computes the SHA-256 of bytes as they pass. */
    public static final class Hasher {
        private final MessageDigest hash;

        public Hasher() {
            try {
                hash = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        public void update(byte[] bytes, int from, int count) {
            hash.update(bytes, from, count);
        }

        /** Returns the digest of all that passed, and starts again from nothing. */
        public Digest digest() {
            return new Digest("sha256:" + HexFormat.of().formatHex(hash.digest()));
        }
    }
}
