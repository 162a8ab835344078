//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
package lib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Json;
import lib.Printable;
import lib.Printable.WebPage;
import lib.Retry;
import lib.Retry.Pace;
import lib.Retry.RetryableException;
import lib.Secret;

/**
 * A request as data, without its bearer.
 *
 * @param path below the API's address, beginning with a slash
 * @param body what is sent, with its content type; empty for none
 * @param timeout until the answer is there, whole
 * @param answeredBySecret whether the answer should hold a secret: then its body is never quoted, whatever its status
 */
public record ApiCall(String method, String path, Optional<Body> body, Duration timeout, boolean answeredBySecret) {
    /** Below it lies what a tenant has. */
    static final String TENANTS = "/api/v1/tenants/";

    static final Duration USUAL = Duration.ofSeconds(30);

    public record Body(String contentType, String text) {
        /** The text may hold secrets. */
        @Override
        public String toString() {
            return "Body[" + contentType + "]";
        }
    }

    public static ApiCall get(String path) {
        return new ApiCall("GET", path, Optional.empty(), USUAL, false);
    }

    public static ApiCall json(String method, String path, String json, Duration timeout) {
        return new ApiCall(method, path, Optional.of(new Body("application/json", json)), timeout, false);
    }

    /** The same call, whose answer should hold a secret. */
    ApiCall forSecret() {
        return new ApiCall(method, path, body, timeout, true);
    }

    /** Whether it may be sent again after an answer: to ask changes nothing, nor does to be given another token. */
    private boolean isRepeatable() {
        return method.equals("GET") || answeredBySecret;
    }

    /** What a person sees of it. */
    String label() {
        return method + " " + path;
    }

    Failure unreachable(IOException e, URI apiUrl) {
        String hint = Http.isUntrusted(e)
                ? "Check the certificate of api_url; a company's CA can be named in SSL_CERT_FILE"
                : "Check the network and the API's address";
        return new Failure(ErrorCode.UNAVAILABLE, label() + ": " + Http.reason(e, apiUrl), hint).causedBy(e);
    }

    /**
     * Sends calls to one API address.
     *
     * @param clients asked for one at each call
     * @param log told each call and its status, never a header or a body
     */
    public record Client(URI apiUrl, Supplier<HttpClient> clients, Retry retry, Consumer<String> log) {
        /** Sends a call; again after what may pass: errors of the connection and, where it may be, such an answer. */
        public ApiResponse send(ApiCall call, Optional<Secret> bearer) throws InterruptedException {
            return retrying(call, () -> once(call, bearer));
        }

        /** Sends a call once. */
        ApiResponse once(ApiCall call, Optional<Secret> bearer) throws IOException, InterruptedException {
            BodyPublisher content = call.body()
                    .map(body -> BodyPublishers.ofString(body.text()))
                    .orElse(BodyPublishers.noBody());
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(apiUrl + call.path()))
                    .header("Accept", "application/json")
                    .method(call.method(), content);
            bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
            call.body().ifPresent(body -> request.header("Content-Type", body.contentType()));
            HttpClient client = clients.get();
            long start = System.nanoTime();
            try {
                HttpResponse<byte[]> response = Http.send(client, request, call.timeout());
                if (response.body().length >= Http.BODY_LIMIT) throw new TooLargeException();
                log.accept(call.label() + " " + response.statusCode() + "  "
                        + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
                String body = new String(response.body(), StandardCharsets.UTF_8);
                return new ApiResponse(call, response.statusCode(), body, Http.retryAfter(response));
            } catch (IOException e) {
                log.accept(call.label() + " " + Http.reason(e, apiUrl));
                throw e;
            }
        }

        /** One try of a call. */
        @FunctionalInterface
        interface Attempt {
            ApiResponse send() throws IOException, InterruptedException;
        }

        /** @throws Failure {@code unavailable} with the last error, when every try failed for a passing reason */
        ApiResponse retrying(ApiCall call, Attempt attempt) throws InterruptedException {
            return retry.of(() -> {
                try {
                    ApiResponse response = attempt.send();
                    if (!call.isRepeatable() || !response.isTransient()) return response;
                    throw retryable(call, response.sentence(), response.retryAfter());
                } catch (IOException e) {
                    // A certificate or an endless answer is no better the next time.
                    if (Http.isUntrusted(e) || e instanceof TooLargeException) throw call.unreachable(e, apiUrl);
                    throw retryable(call, Http.reason(e, apiUrl), Optional.empty());
                }
            });
        }

        private static RetryableException retryable(ApiCall call, String error, Optional<Duration> asked) {
            return new RetryableException(
                    Pace.REQUEST,
                    asked,
                    tries -> new Failure(
                            ErrorCode.UNAVAILABLE,
                            "Failed after " + tries + " retries: " + call.label() + ": " + error,
                            "Check the network and the API's address, then try again; 'just doctor' looks at each"
                                    + " part"));
        }
    }

    /** An answer that is cut: none of the API is so large. */
    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the answer is larger than 1 MiB");
        }
    }

    /**
     * What came back. Two sentences of the server are known by their text, whatever the status and the form of the body, since
     * nothing says which they come with.
     *
     * @param retryAfter the pause that the server asks for
     * @param remark what else was tried
     */
    public record ApiResponse(
            ApiCall call, int status, String body, Optional<Duration> retryAfter, Optional<String> remark) {
        /** Those two sentences, and what to do. */
        private static final Map<String, String> KNOWN = Map.of(
                "Registry service not available",
                "Contact admin",
                "No cloud infrastructure provisioned",
                "Wait for provisioning: 'just tenant status --wait'");

        /** Of which an error of the API's own says no more than that it is not available. */
        private static final Set<Integer> UNAVAILABLE = Set.of(408, 425, 429, 502, 503, 504);

        ApiResponse(ApiCall call, int status, String body, Optional<Duration> retryAfter) {
            this(call, status, body, retryAfter, Optional.empty());
        }

        ApiResponse alsoSaying(String more) {
            return new ApiResponse(call, status, body, retryAfter, Optional.of(more));
        }

        /** A 2xx that holds an error in place of data is none. */
        public boolean isSuccess() {
            return status >= 200
                    && status < 300
                    && document()
                            .filter(json -> json.path("error").isObject() && !json.has("data"))
                            .isEmpty();
        }

        /** Whether another kind of bearer may be wanted. What stands before the API knows nothing of bearers. */
        boolean refusesBearer() {
            return (status == 401 || status == 403) && WebPage.in(body).isEmpty();
        }

        /** Whether the server has no such route at all, which says nothing of what was asked. */
        boolean isNoRoute() {
            return status == 404
                    || status == 405
                    || status == 501
                    || WebPage.in(body).isPresent();
        }

        /** Whether the same call may be answered otherwise in a moment. An error of the API's own is its last word. */
        boolean isTransient() {
            return Http.isTransient(status) && (status < 500 || error().isEmpty());
        }

        /**
         * The body's object: what {@code data} holds if that is an object, else the whole.
         *
         * @throws Failure {@code protocol} when there is no object
         */
        public JsonNode data() {
            JsonNode json = document().orElseThrow(() -> unexpected("no JSON object"));
            return json.path("data").isObject() ? json.path("data") : json;
        }

        /** The body's object as it came. What it calls a secret is one from then on. */
        Optional<JsonNode> document() {
            return json().filter(JsonNode::isObject);
        }

        private Optional<JsonNode> json() {
            try {
                JsonNode json = Json.parse(body);
                Secret.learn(json);
                return Optional.of(json);
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        }

        /**
         * A success without what was asked for; it may say why.
         *
         * @param problem what is wrong, without a value of the body, since that may be a secret
         */
        public Failure unexpected(String problem) {
            String what = isPage() ? "a page " + shown(body) : problem;
            String why = worded().map(sentence -> ": " + sentence).orElse("");
            return known().orElseGet(() -> elsewhere(call.label() + ": unexpected response: " + what + why));
        }

        /** Whether it is a page in place of an answer; a field of an answer may hold one. */
        private boolean isPage() {
            return json().isEmpty() && WebPage.in(body).isPresent();
        }

        private static Failure elsewhere(String message) {
            return new Failure(
                    ErrorCode.PROTOCOL, message, "Check that api_url is the Management API: 'just whoami' shows it");
        }

        /** The sentence of an error of the API's own, in either kind of envelope (an object, or RFC 6749); empty for none. */
        Optional<String> error() {
            return document()
                    .flatMap(json -> {
                        JsonNode error = json.path("error");
                        return error.isObject()
                                ? Json.text(error, "message", "code")
                                : Json.text(json, "error_description").or(() -> Json.text(json, "error"));
                    })
                    .or(() -> KNOWN.keySet().stream()
                            .filter(sentence -> says(body, sentence))
                            .findFirst())
                    .map(this::shown);
        }

        /** The error's sentence, else what may be quoted of the body, else nothing but the status. For people. */
        public String sentence() {
            return error().or(this::quoted).map(text -> status + " " + text).orElse(Integer.toString(status));
        }

        /** What something else says than the API: a proxy in its own form, a page, a text. */
        private Optional<String> quoted() {
            boolean quotable = !call.answeredBySecret() || WebPage.in(body).isPresent();
            return worded().or(() -> Optional.of(body).filter(whole -> quotable).map(this::shown))
                    .filter(text -> !text.isEmpty());
        }

        private Optional<String> worded() {
            return json().flatMap(Json::sentence).map(this::shown);
        }

        private String shown(String text) {
            String plain = WebPage.in(text).map(page -> page.titled("the API")).orElse(text);
            return Printable.of(call.answeredBySecret() ? Secret.without(plain, call.path()) : plain);
        }

        private static boolean says(String text, String sentence) {
            return text.toLowerCase(Locale.ROOT).contains(sentence.toLowerCase(Locale.ROOT));
        }

        /**
         * The response, if it is a success.
         *
         * @param otherwise the code of a refusal that is none of the known ones
         */
        public ApiResponse accepted(ErrorCode otherwise) {
            if (!isSuccess()) throw failure(otherwise);
            if (isPage()) throw unexpected("no JSON object");
            return this;
        }

        /** What a person reads of an answer that is no success. */
        Failure failure(ErrorCode otherwise) {
            Failure alone = refusal(otherwise);
            return remark.map(more -> new Failure(alone.code(), alone.getMessage() + " (" + more + ")", alone.hint()))
                    .orElse(alone);
        }

        /** One of the two sentences. */
        private Optional<Failure> known() {
            String said = error().orElse("");
            return KNOWN.keySet().stream()
                    .filter(sentence -> says(said, sentence))
                    .map(sentence -> new Failure(
                            ErrorCode.UNAVAILABLE,
                            sentence + (said.equalsIgnoreCase(sentence) ? "" : ": " + said),
                            KNOWN.get(sentence)))
                    .findFirst();
        }

        private Failure refusal(ErrorCode otherwise) {
            return known().orElseGet(() -> byStatus(otherwise));
        }

        private Failure byStatus(ErrorCode otherwise) {
            String said = error().orElse("");
            String what = call.label() + ": " + sentence();
            if (status >= 300 && status < 400) {
                return new Failure(
                        ErrorCode.PROTOCOL,
                        call.label() + ": " + status + " a redirect, which is not followed with a token",
                        "Correct api_url to where the API is: 'just login'");
            }
            // Who fails refuses nobody.
            boolean failed = status >= 500 && (said.isEmpty() || otherwise == ErrorCode.AUTH);
            if (UNAVAILABLE.contains(status) || failed)
                return new Failure(ErrorCode.UNAVAILABLE, what, "Try again later");
            return switch (status) {
                case 401 -> new Failure(ErrorCode.AUTH, "Authentication failed", "Run 'just login'");
                case 403 ->
                    new Failure(
                            ErrorCode.AUTH,
                            said.isEmpty() ? what : said,
                            refusesBearer()
                                    ? "Your account may lack the right to do this; 'just whoami' shows who you are"
                                    : "A firewall or a proxy refuses it: try from another network, or ask its"
                                            + " operator");
                case 404 ->
                    WebPage.in(body).isPresent() || !call.path().startsWith(TENANTS)
                            ? elsewhere(what)
                            : new Failure(ErrorCode.CONFIG, "Tenant not found", "Run 'just tenant'");
                default ->
                    new Failure(otherwise, what, "Run it again with --verbose; 'just doctor' looks at each part");
            };
        }

        /** The body may hold a token. */
        @Override
        public String toString() {
            return "ApiResponse[" + call.label() + " " + status + "]";
        }
    }
}
