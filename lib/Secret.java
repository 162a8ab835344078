//SOURCES Json.java
//SOURCES Redactor.java
package lib;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that must not be shown: it masks itself everywhere, and {@link #reveal()} is its only way out. Where somebody
 * else says it, the {@link Redactor} masks it, which knows it from here on.
 */
public final class Secret {
    /** How the names of such fields end, without capitals, dashes and underscores: {@code token_type} is none. */
    private static final List<String> SECRET_FIELDS = List.of(
            "token",
            "password",
            "passwd",
            "secret",
            "credential",
            "apikey",
            "accesskey",
            "privatekey",
            "authorization",
            "auth",
            "jwt",
            "cookie",
            "databaseurl",
            "secretsurl");

    /** Far more than an answer has; each is searched for in all that is shown from then on. */
    private static final int FIELDS_LIMIT = 1000;

    /** What bearer tokens are made of, and longer than words are. Source: RFC 6750, b64token. */
    private static final Pattern TOKEN_LIKE = Pattern.compile("[A-Za-z0-9._~+/=-]{20,}");

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

    /** Makes a secret of each text in a field whose name says that it is one, at any depth. */
    public static void learn(JsonNode json) {
        learn(json, false, 0);
    }

    private static int learn(JsonNode json, boolean secret, int found) {
        if (found >= FIELDS_LIMIT) return found;
        if (secret && json.isTextual() && !json.textValue().isEmpty()) {
            Secret.of(json.textValue());
            return found + 1;
        }
        int all = found;
        if (json.isArray()) for (JsonNode each : json) all = learn(each, secret, all);
        for (var field : json.properties()) all = learn(field.getValue(), secret || isSecret(field.getKey()), all);
        return all;
    }

    private static boolean isSecret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        String singular = plain.endsWith("s") ? plain.substring(0, plain.length() - 1) : plain;
        for (String ending : SECRET_FIELDS) if (singular.endsWith(ending)) return true;
        return false;
    }

    /** The sentence without what could be a token: long mixed words. @param known what may be repeated */
    public static String without(String sentence, String known) {
        return TOKEN_LIKE
                .matcher(sentence)
                .replaceAll(word -> known.contains(word.group()) || !isMixed(word.group())
                        ? Matcher.quoteReplacement(word.group())
                        : "****");
    }

    private static boolean isMixed(String word) {
        boolean digit = word.chars().anyMatch(Character::isDigit);
        return digit || !word.equals(word.toLowerCase(Locale.ROOT)) && !word.equals(word.toUpperCase(Locale.ROOT));
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

    /**
     * @param server the registry as Docker's configuration names it, which for some is an address
     * @param username {@code <token>} where the password is an identity token
     */
    public record Credential(String server, String username, Secret password) {
        /**
         * The credentials of a Basic header. Source: RFC 7617.
         *
         * @throws IllegalArgumentException when no such header can carry the user name
         */
        public Secret basic() {
            if (username.indexOf(':') >= 0 || username.chars().anyMatch(Character::isISOControl))
                throw new IllegalArgumentException("a registry's user name has no colon and no control characters");
            String pair = username + ":" + password.reveal();
            return Secret.of(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
