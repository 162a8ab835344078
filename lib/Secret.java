//SOURCES Redactor.java
package lib;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A value that must not be shown: it masks itself everywhere, and {@link #reveal()} is its only way out. Where somebody
 * else says it, the {@link Redactor} masks it, which knows it from here on.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException when the value is empty, since an empty secret is a missing one */
    public static Secret of(String value) {
        if (Objects.requireNonNull(value).isEmpty()) throw new IllegalArgumentException("an empty secret");
        Secret secret = new Secret(value);
        Redactor.know(secret);
        return secret;
    }

    /** The value itself: for a request header or a pipe, never for a file, an argument or the environment. */
    public String reveal() {
        return value;
    }

    /** The first 8 hex digits of the value's SHA-256: enough to tell two secrets apart, too little to guess one. */
    public String sha256Prefix() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "****";
    }
}
