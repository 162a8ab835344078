//SOURCES ../Failure.java
//SOURCES ../HttpClients.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES ApiAnswer.java
//SOURCES ApiCall.java
//SOURCES LimitedBody.java
package lib.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.HttpClients;
import lib.Printable;
import lib.Secret;

/**
 * Sends calls to one API address.
 *
 * @param clients asked for one at each call
 * @param log told each call and its status, never a header or a body
 */
record Http(URI apiUrl, Supplier<HttpClient> clients, Consumer<String> log) {
    /** One try. The patience covers the whole answer, which a request's own timeout does not before JDK 26. */
    ApiAnswer send(ApiCall call, Optional<Secret> bearer) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(apiUrl + call.path())).header("Accept", "application/json");
        bearer.ifPresent(token -> request.header("Authorization", "Bearer " + token.reveal()));
        call.body().ifPresent(body -> request.header("Content-Type", body.contentType()));
        request.method(
                call.method(),
                call.body().map(body -> BodyPublishers.ofString(body.text())).orElse(BodyPublishers.noBody()));
        HttpClient client = clients.get();
        long start = System.nanoTime();
        try {
            HttpResponse<String> response = await(
                    client.sendAsync(HttpClients.request(client, request), info -> new LimitedBody()), call.patience());
            log.accept(call.label() + " " + response.statusCode() + "  "
                    + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
            return new ApiAnswer(call, response.statusCode(), response.body(), retryAfter(response));
        } catch (IOException e) {
            log.accept(call.label() + " " + sentence(e));
            throw e;
        }
    }

    private static HttpResponse<String> await(CompletableFuture<HttpResponse<String>> answer, Duration patience)
            throws IOException, InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no whole answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw HttpClients.broken(e);
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Whether the request cannot have been received: nothing was connected. */
    static boolean neverSent(IOException e) {
        return e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof UnknownHostException;
    }

    static Failure unreachable(ApiCall call, IOException e) {
        return new Failure(
                        ErrorCode.UNAVAILABLE,
                        call.label() + ": " + sentence(e),
                        e instanceof SSLException
                                ? "Check the certificate of api_url; a company's CA can be named in SSL_CERT_FILE"
                                : "Check the network and the API's address")
                .causedBy(e);
    }

    /** What happened, in words: the JDK's exceptions often carry none. */
    static String sentence(IOException e) {
        if (e instanceof HttpConnectTimeoutException) return "connecting timed out";
        if (e instanceof HttpTimeoutException) return "timed out: " + e.getMessage();
        if (e instanceof ConnectException) {
            return isUnresolved(e) ? "unknown host" : "connection refused";
        }
        if (e instanceof UnknownHostException) return "unknown host";
        if (e instanceof SSLException) return "TLS failed: " + Printable.of(e.getMessage());
        String message = Printable.of(e.getMessage());
        return message.isEmpty() ? "the connection broke" : message;
    }

    private static boolean isUnresolved(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) return true;
        }
        return false;
    }
}
