//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES RegistryResponse.java
package lib.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Http.Authority;
import lib.Json;
import lib.Retry.RetryableException;
import lib.Secret;
import lib.Secret.Credential;

/**
 * The right to one repository, as its registry asks for it: user name and password with each request, or a token from the
 * realm that it names. Several uploads share it and renew it together. Source: RFC 9110 section 11; distribution, token
 * authentication.
 */
final class RegistryAuth {
    private static final String HINT = "Ask the registry's operator: its authorization can't be used safely";

    private final HttpClient http;
    private final Duration timeout;
    private final Credential credential;
    private final String scope;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<Secret> header = Optional.empty();
    private volatile boolean proven;
    private volatile boolean accepted;

    RegistryAuth(HttpClient http, Duration timeout, Credential credential, String repository) {
        this.http = http;
        this.timeout = timeout;
        this.credential = credential;
        this.scope = "repository:" + repository + ":pull,push";
    }

    /** The value of the Authorization header; empty until the registry has asked for one. */
    Optional<Secret> header() {
        return header;
    }

    /** A request with this header was not refused. */
    void worked(Optional<Secret> used) {
        if (used.isEmpty()) return;
        accepted = true;
        if (used.equals(header)) proven = true;
    }

    /** The failure that a refusal is: of the login as long as no request with it was accepted, else of the push. */
    Failure refused(String message) {
        Failure failure = accepted
                ? new Failure(
                        ErrorCode.PUSH_FAILED,
                        message,
                        "The login is accepted, but not for this, or not any more: run the same command again, which"
                                + " sends what is missing; if that does not help, ask for push access")
                : new Failure(
                                ErrorCode.LOGIN_FAILED,
                                message,
                                "The registry does not accept this user name and password; fetch a new registry token")
                        .during(Stage.LOGIN);
        return failure.curedBy(Failure.Remedy.NEW_TOKEN);
    }

    /**
     * Answers the challenge of a 401.
     *
     * @param used the header that was refused
     * @return whether there is another header to try with; false when these credentials are at their end
     */
    boolean renew(Optional<Secret> used, RegistryResponse refusal) throws RetryableException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!used.equals(header)) return true;
            if (used.isPresent() && !proven) return false;
            Optional<Secret> other = Optional.of(answerTo(refusal));
            if (other.equals(header)) return false;
            header = other;
            proven = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The header that answers the best of these: a token from a safe realm, else user name and password. */
    private Secret answerTo(RegistryResponse refusal) throws RetryableException, InterruptedException {
        List<Challenge> challenges = Challenge.in(refusal);
        List<Challenge> bearers = challenges.stream()
                .filter(challenge -> challenge.realm().isPresent())
                .toList();
        for (Challenge bearer : bearers) if (Authority.isPrivate(bearer.realm().get())) return token(bearer);
        // A registry that asks in no words at all can mean but one thing.
        if (challenges.isEmpty() || challenges.stream().anyMatch(challenge -> challenge.scheme.equals("basic")))
            return Secret.of("Basic " + credential.basic().reveal());
        if (bearers.isEmpty())
            throw new Failure(ErrorCode.PROTOCOL, "The registry asks for an unknown kind of authorization", HINT);
        String place = RegistryResponse.place(bearers.get(0).realm().get());
        throw new Failure(
                ErrorCode.PROTOCOL, "The registry sends credentials to " + place + ", which is not https", HINT);
    }

    private Secret token(Challenge bearer) throws RetryableException, InterruptedException {
        StringBuilder query = new StringBuilder("account=" + encoded(credential.username()));
        String service = bearer.parameters().get("service");
        if (service != null) query.append("&service=").append(encoded(service));
        query.append("&scope=").append(encoded(scope));
        String realm = bearer.realm().get().toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(realm + (realm.contains("?") ? "&" : "?") + query))
                .header("Authorization", "Basic " + credential.basic().reveal())
                .header("Accept", "application/json");
        RegistryResponse response = RegistryResponse.to(http, request, timeout);
        String said = response.sentenceOfToken();
        if (response.isRefusal()) throw refused(said);
        if (response.isTransient()) throw response.retryable(said);
        String token = response.isSuccess()
                ? Json.text(response.json(), "token", "access_token").orElse("")
                : "";
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~'))
            throw new Failure(ErrorCode.PROTOCOL, said + ": no token in it", HINT);
        return Secret.of("Bearer " + token);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** One way to be authorized. The scheme and the parameters' names are in small letters. */
    record Challenge(URI asked, String scheme, Map<String, String> parameters) {
        /** Characters; they have some hundred. What a long quoted string costs the pattern is stack. */
        private static final int LIMIT = 4000;

        private static final Pattern PART =
                Pattern.compile("([A-Za-z_-]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+)))?");

        /** All challenges of an answer, of which each header may hold several: a word without a value begins one. */
        static List<Challenge> in(RegistryResponse refusal) {
            List<Challenge> challenges = new ArrayList<>();
            String all = String.join(",", refusal.headers("WWW-Authenticate"));
            Matcher part = PART.matcher(all.substring(0, Math.min(all.length(), LIMIT)));
            while (part.find()) {
                String name = part.group(1).toLowerCase(Locale.ROOT);
                String quoted = part.group(2);
                String value = quoted == null ? part.group(3) : quoted.replaceAll("\\\\(.)", "$1");
                if (value == null) challenges.add(new Challenge(refusal.uri(), name, new HashMap<>()));
                else if (!challenges.isEmpty())
                    challenges.get(challenges.size() - 1).parameters().putIfAbsent(name, value);
            }
            return challenges;
        }

        /** Where a token comes from; empty where this is not about tokens, or no request can go there. */
        Optional<URI> realm() {
            if (!scheme.equals("bearer")) return Optional.empty();
            try {
                URI named = new URI(parameters.getOrDefault("realm", ""));
                return Optional.of(RegistryResponse.asPrivately(asked, named)).filter(Authority::isUsable);
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }
    }
}
