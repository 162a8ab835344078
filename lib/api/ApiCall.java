//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES ApiResponse.java
package lib.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
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
record ApiCall(String method, String path, Optional<Body> body, Duration timeout, boolean answeredBySecret) {
    private static final Duration USUAL = Duration.ofSeconds(30);

    record Body(String contentType, String text) {
        /** The text may hold secrets. */
        @Override
        public String toString() {
            return "Body[" + contentType + "]";
        }
    }

    static ApiCall get(String path) {
        return new ApiCall("GET", path, Optional.empty(), USUAL, false);
    }

    static ApiCall json(String method, String path, String json, Duration timeout) {
        return new ApiCall(method, path, Optional.of(new Body("application/json", json)), timeout, false);
    }

    static ApiCall form(String path, String form) {
        return new ApiCall(
                "POST", path, Optional.of(new Body("application/x-www-form-urlencoded", form)), USUAL, false);
    }

    /** The same call, whose answer should hold a secret. */
    ApiCall forSecret() {
        return new ApiCall(method, path, body, timeout, true);
    }

    /** What a person sees of it. */
    String label() {
        return method + " " + path;
    }

    Failure unreachable(IOException e) {
        String hint = Http.isUntrusted(e)
                ? "Check the certificate of api_url; a company's CA can be named in SSL_CERT_FILE"
                : "Check the network and the API's address";
        return new Failure(ErrorCode.UNAVAILABLE, label() + ": " + Http.reason(e), hint).causedBy(e);
    }

    /**
     * Sends calls to one API address.
     *
     * @param clients asked for one at each call
     * @param log told each call and its status, never a header or a body
     */
    record Client(URI apiUrl, Supplier<HttpClient> clients, Retry retry, Consumer<String> log) {
        static Client of(URI apiUrl, Consumer<String> log) {
            return new Client(apiUrl, Http::shared, Retry.usual(), log);
        }

        /** Sends a call; again after what may pass: errors of the connection and, of a GET, such an answer. */
        ApiResponse send(ApiCall call, Optional<Secret> bearer) throws InterruptedException {
            return retrying(call, () -> once(call, bearer));
        }

        /** Sends a call once. */
        ApiResponse once(ApiCall call, Optional<Secret> bearer) throws IOException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(apiUrl + call.path())).header("Accept", "application/json");
            bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
            call.body().ifPresent(body -> request.header("Content-Type", body.contentType()));
            request.method(
                    call.method(),
                    call.body()
                            .map(body -> BodyPublishers.ofString(body.text()))
                            .orElse(BodyPublishers.noBody()));
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
                log.accept(call.label() + " " + Http.reason(e));
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
                    if (!call.method().equals("GET") || !response.isTransient()) return response;
                    throw retryable(call, response.sentence(), response.retryAfter());
                } catch (IOException e) {
                    // A certificate or an endless answer is no better the next time.
                    if (Http.isUntrusted(e) || e instanceof TooLargeException) throw call.unreachable(e);
                    throw retryable(call, Http.reason(e), Optional.empty());
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
}
