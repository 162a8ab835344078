//SOURCES Printable.java
package lib;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest, such as {@code sha256:} and 64 hex digits.
 *
 * <p>Source: OCI image specification, descriptor, digests, which registers SHA-256 and SHA-512. Registries of today
 * take SHA-256 alone.
 */
public record Digest(String value) {
    private static final Pattern GRAMMAR = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");

    public Digest {
        if (!isDigest(value)) throw new IllegalArgumentException("not a digest: " + Printable.of(value));
    }

    public static boolean isDigest(String text) {
        return GRAMMAR.matcher(text).matches();
    }

    /** The SHA-256 of these bytes. */
    public static Digest of(byte[] bytes) {
        return of("sha256", bytes);
    }

    /** @param algorithm {@code sha256} or {@code sha512} */
    public static Digest of(String algorithm, byte[] bytes) {
        Hasher hasher = new Hasher(algorithm);
        hasher.update(bytes, 0, bytes.length);
        return hasher.digest();
    }

    /** Whether this is the digest of these bytes. */
    public boolean isOf(byte[] bytes) {
        return equals(of(algorithm(), bytes));
    }

    /** Whether the two can't be of the same bytes: of another kind, they may be. */
    public boolean contradicts(Digest other) {
        return algorithm().equals(other.algorithm()) && !equals(other);
    }

    /** Computes digests of this one's kind. */
    public Hasher hasher() {
        return new Hasher(algorithm());
    }

    public boolean isSha256() {
        return algorithm().equals("sha256");
    }

    public String algorithm() {
        return value.substring(0, value.indexOf(':'));
    }

    /** The hex digits. */
    public String hex() {
        return value.substring(value.indexOf(':') + 1);
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

    /** Computes the digest of bytes as they pass. */
    public static final class Hasher {
        private final String algorithm;
        private final MessageDigest hash;

        /** One for SHA-256. */
        public Hasher() {
            this("sha256");
        }

        private Hasher(String algorithm) {
            try {
                this.algorithm = algorithm;
                this.hash = MessageDigest.getInstance(algorithm.replace("sha", "SHA-"));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + algorithm, e);
            }
        }

        public void update(byte[] bytes, int from, int count) {
            hash.update(bytes, from, count);
        }

        /** Returns the stream, whose bytes pass here as they are read. */
        public InputStream over(InputStream in) {
            return new FilterInputStream(in) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] target, int from, int count) throws IOException {
                    int got = super.read(target, from, count);
                    if (got > 0) update(target, from, got);
                    return got;
                }
            };
        }

        /** Returns the digest of all that passed, and starts again from nothing. */
        public Digest digest() {
            return new Digest(algorithm + ":" + HexFormat.of().formatHex(hash.digest()));
        }
    }
}
