//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Project.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http.Authority;
import lib.Json;
import lib.Printable;
import lib.Secret;
import lib.project.Project.ProjectFile;

/**
 * Who calls the Management API, and where that is.
 *
 * @param expiry when the token ends; empty when the token says nothing that can be read
 */
public record ApiCredentials(Secret apiToken, URI apiUrl, Optional<String> email, Optional<Instant> expiry) {
    public static final URI PRODUCTION = URI.create("https://api.systemprompt.io");
    private static final int LONGEST_TOKEN = 16_384;
    private static final Pattern NOT_OF_TOKEN = Pattern.compile("[^A-Za-z0-9._~+/=-]");
    private static final Duration SOON = Duration.ofMinutes(10);

    public ApiCredentials(Secret apiToken, URI apiUrl, Optional<String> email) {
        this(apiToken, apiUrl, email, expiry(apiToken));
    }

    /**
     * {@code SYSTEMPROMPT_API_TOKEN} where it is set, else the file.
     *
     * @param warn told when others can read the file
     * @throws Failure {@code auth} when there are none, {@code config} when the file is malformed
     */
    public static ApiCredentials find(Path file, Environment environment, Consumer<String> warn) {
        Optional<String> token = environment.variable("SYSTEMPROMPT_API_TOKEN");
        if (token.isPresent()) {
            String url = environment.variable("SYSTEMPROMPT_API_URL").orElse(PRODUCTION.toString());
            return new ApiCredentials(
                    bearer(token.get(), "SYSTEMPROMPT_API_TOKEN"), url(url, "SYSTEMPROMPT_API_URL"), Optional.empty());
        }
        if (!Files.exists(file)) {
            throw new Failure(ErrorCode.AUTH, "Deployment requires cloud credentials", "Run 'just login'");
        }
        warnIfOthersCanRead(file, warn);
        return read(file);
    }

    /** @throws Failure {@code config}, with the file's path and the field */
    public static ApiCredentials read(Path file) {
        ProjectFile source = new ProjectFile(file, "Run 'just login' to write it anew");
        JsonNode json = source.json();
        String token = ProjectFile.value(json, "api_token").orElseThrow(() -> source.malformed("has no api_token"));
        String url = ProjectFile.value(json, "api_url").orElseThrow(() -> source.malformed("has no api_url"));
        return new ApiCredentials(
                bearer(token, file + ": api_token"),
                url(url, file + ": api_url"),
                ProjectFile.value(json, "user_email").map(Printable::of));
    }

    /**
     * A token that may be sent, without what a file's end or an editor put around it.
     *
     * @param where the file and key, or the variable, that it comes from
     * @throws Failure {@code config}, with what is wrong inside it; masked it is all the same
     */
    public static Secret bearer(String text, String where) {
        String token = Printable.stripped(text);
        if (token.isEmpty()) throw noBearer(where, "it is empty");
        Secret secret = Secret.of(token);
        fault(token).ifPresent(fault -> {
            throw noBearer(where, fault);
        });
        return secret;
    }

    private static Failure noBearer(String where, String fault) {
        return new Failure(ErrorCode.CONFIG, where + " is no bearer token: " + fault, "Run 'just login'");
    }

    /** Whether a header can carry it. RFC 6750 b64token: what else is in it would end the header or start another. */
    public static boolean isBearer(String token) {
        return !token.isEmpty() && fault(token).isEmpty();
    }

    private static Optional<String> fault(String token) {
        if (token.length() > LONGEST_TOKEN) return Optional.of("it is longer than " + LONGEST_TOKEN + " characters");
        Matcher other = NOT_OF_TOKEN.matcher(token);
        if (!other.find()) return Optional.empty();
        return Optional.of("its character " + (other.start() + 1) + " is " + kind(token.charAt(other.start())));
    }

    private static String kind(char c) {
        if (c == '\n' || c == '\r') return "a line break";
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) return "a blank";
        if (c == '\ufffd' || c == 0) return "no UTF-8, in which a token is to be saved";
        if (c == '"' || c == '\'') return "a quotation mark";
        return "one that no token has";
    }

    private static void warnIfOthersCanRead(Path file, Consumer<String> warn) {
        if (!Files.isRegularFile(file)) return;
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            if (permissions.substring(3).matches(".*[rw].*"))
                warn.accept("Others can read " + file + " (" + permissions + "). Run 'chmod 600 " + file + "'");
        } catch (IOException | UnsupportedOperationException e) {
            // Where permissions can't be seen there is nothing to warn of; reading the file says what is wrong with it.
        }
    }

    /** @throws Failure {@code auth} when the token has ended or cannot be read */
    public void requireUnexpired(Instant now) {
        if (expiry.filter(end -> !end.isBefore(now)).isEmpty()) {
            throw new Failure(ErrorCode.AUTH, "Token expired", "Run 'just login'");
        }
    }

    /** Whether the token ends within 10 minutes. */
    public boolean expiresSoon(Instant now) {
        return expiry.filter(end -> end.isBefore(now.plus(SOON))).isPresent();
    }

    /**
     * Returns the address of a Management API: https, or http to this machine itself.
     *
     * @param where the file and key, or the variable, that the address comes from
     * @return it without a trailing slash
     * @throws Failure {@code config}
     */
    public static URI url(String text, String where) {
        URI url;
        try {
            url = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw refused(where, text, "is no URL");
        }
        boolean plain = Authority.isUsable(url)
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null;
        if (!plain) throw refused(where, text, "is no plain URL with a valid host and port");
        if (!Authority.isPrivate(url)) throw refused(where, text, "must be https (http is for this machine alone)");
        return url;
    }

    private static Failure refused(String where, String text, String problem) {
        String shown = text.contains("@") ? "the address" : "'" + Printable.of(text) + "'";
        return new Failure(
                ErrorCode.CONFIG, where + ": " + shown + " " + problem, "Run 'just login', or correct the address");
    }

    /** When a JWT ends (RFC 7519, {@code exp}); its signature is the server's business. */
    private static Optional<Instant> expiry(Secret token) {
        String[] parts = token.reveal().split("\\.", -1);
        if (parts.length != 3) return Optional.empty();
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            JsonNode expiry = Json.parse(claims).path("exp");
            return expiry.isIntegralNumber() && expiry.canConvertToLong()
                    ? Optional.of(Instant.ofEpochSecond(expiry.longValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException | JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
