//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Http.Authority;
import lib.Json;
import lib.Printable;
import lib.Printable.WebPage;
import lib.Retry;
import lib.Retry.Pace;
import lib.Retry.RetryableException;
import lib.Secret;

/** What a registry, or its token server, answered to a request. */
record RegistryResponse(String method, URI uri, HttpResponse<byte[]> response) {
    /** What no address holds as it is, but some registries write into theirs. */
    private static final Pattern UNESCAPED = Pattern.compile("[ \"<>\\\\^`{|}]|%(?![0-9A-Fa-f]{2})");

    /**
     * Sends a request and waits for the answer.
     *
     * @throws RetryableException when no answer comes
     * @throws Failure {@code UNAVAILABLE} at once when the other side is not whom we trust
     */
    static RegistryResponse to(HttpClient http, HttpRequest.Builder request, Duration timeout)
            throws RetryableException, InterruptedException {
        HttpRequest built = request.build();
        try {
            return new RegistryResponse(built.method(), built.uri(), Http.send(http, request, timeout));
        } catch (IOException e) {
            throw missing(built.method(), built.uri(), e);
        }
    }

    /** What it means that no answer comes. */
    static RetryableException missing(String method, URI uri, IOException error) {
        String message = method + " " + place(uri) + ": " + Http.reason(error, uri);
        if (Http.isUntrusted(error)) {
            String hint = "Check the registry's certificate, a proxy in between, and the JDK's trusted certificates";
            throw new Failure(ErrorCode.UNAVAILABLE, message, hint).causedBy(error);
        }
        String hint = "Check the network and the registry's health, then run the same command again";
        return new RetryableException(
                Pace.REQUEST,
                Optional.empty(),
                tries -> new Failure(ErrorCode.UNAVAILABLE, message + " (tried " + tries + " times)", hint)
                        .causedBy(error));
    }

    int status() {
        return response.statusCode();
    }

    boolean isSuccess() {
        return status() >= 200 && status() < 300;
    }

    /** Whether the credentials are not accepted, or not for this. A firewall's page knows nothing of them. */
    boolean isRefusal() {
        return (status() == 401 || status() == 403 && !isPage()) && !isRateLimit();
    }

    /** Whether it is a web page in place of an answer. */
    boolean isPage() {
        return json().isEmpty() && WebPage.in(text()).isPresent();
    }

    boolean isRedirect() {
        return status() >= 300 && status() < 400;
    }

    /** Whether the same request may be answered otherwise in a moment. */
    boolean isTransient() {
        return Http.isTransient(status()) || isRateLimit();
    }

    private boolean isRateLimit() {
        return status() == 429 || status() >= 400 && Retry.isRateLimit(said(text()));
    }

    /** Absolute, or relative to where it was asked. */
    Optional<URI> location() {
        try {
            return header("Location")
                    .map(place -> UNESCAPED.matcher(place).replaceAll(found -> escaped(found.group())))
                    .map(uri::resolve)
                    .map(place -> asPrivately(uri, place))
                    .filter(Authority::isUsable);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String escaped(String character) {
        return "%" + Integer.toHexString(character.charAt(0));
    }

    /** A registry behind a proxy that ends TLS takes itself for one by http: what was asked by TLS goes on by TLS. */
    static URI asPrivately(URI asked, URI place) {
        boolean isItself = asked.getRawAuthority().equalsIgnoreCase(place.getRawAuthority());
        boolean isLess = "https".equalsIgnoreCase(asked.getScheme()) && "http".equalsIgnoreCase(place.getScheme());
        return isItself && isLess ? URI.create("https" + place.toString().substring("http".length())) : place;
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    List<String> headers(String name) {
        return response.headers().allValues(name);
    }

    /** The body, as far as it is JSON; what that calls a secret is one from then on. */
    JsonNode json() {
        try {
            JsonNode json = Json.parse(text());
            Secret.learn(json);
            return json;
        } catch (JsonProcessingException e) {
            return Json.object();
        }
    }

    private String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** What was tried and what came back, as {@code METHOD url: status CODE: message}. */
    String sentence() {
        return sentence(text());
    }

    /** The same of an answer that should hold a token: nothing of its body but an error's own sentence. */
    String sentenceOfToken() {
        return Secret.without(sentence(""), place(uri));
    }

    private String sentence(String otherwise) {
        String said = status() < 300 ? "" : Printable.of(said(otherwise));
        return method + " " + place(uri) + ": " + status() + (said.isEmpty() ? "" : " " + said);
    }

    /** The error's code and message, else the title of a page, else this. */
    private String said(String otherwise) {
        JsonNode json = json();
        JsonNode error = json.path("errors").path(0);
        Optional<String> code = Json.text(error, "code");
        Optional<String> message = Json.text(error, "message").or(() -> Json.sentence(json));
        String said = message.or(() -> code).orElse(otherwise);
        String plain = WebPage.in(said).map(page -> page.titled("the registry")).orElse(said);
        return code.isPresent() && message.isPresent() ? code.get() + ": " + plain : plain;
    }

    /** Without its query, which for an upload is a capability of its own, and without a user's name and password. */
    static String place(URI uri) {
        String authority = uri.getRawAuthority();
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return Printable.of(uri.getScheme() + "://" + host + uri.getRawPath());
    }

    /** Another try, as soon as the registry wishes. */
    RetryableException retryable() {
        return retryable(sentence());
    }

    RetryableException retryable(String sentence) {
        String hint = isRateLimit()
                ? "The registry limits how often it may be asked: wait some minutes, then run the same command again"
                : "Check the registry's health, then run the same command again";
        return new RetryableException(
                isRateLimit() ? Pace.RATE_LIMIT : Pace.REQUEST,
                Http.retryAfter(response),
                tries -> new Failure(ErrorCode.UNAVAILABLE, sentence + " (tried " + tries + " times)", hint));
    }

    /** Another try, since this is no answer that a registry gives; if it comes again, it is none. */
    RetryableException nonsense(String problem) {
        return new RetryableException(Pace.REQUEST, Optional.empty(), tries -> protocol(problem));
    }

    Failure protocol(String problem) {
        String more = problem.isEmpty() ? "" : ": " + problem;
        String hint = "This is not what a registry answers; check its address, and a proxy before it";
        return new Failure(ErrorCode.PROTOCOL, sentence() + more, hint);
    }

    /** Its body may hold a token, and its address the right to an upload. */
    @Override
    public String toString() {
        return "RegistryResponse[" + method + " " + place(uri) + " " + status() + "]";
    }
}
