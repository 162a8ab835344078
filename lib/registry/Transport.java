//SOURCES ../HttpClients.java
//SOURCES Answer.java
//SOURCES CappedBody.java
package lib.registry;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.HttpClients;

/** Sends requests so that each ends: in an answer, in an error, in time, or by an interrupt. */
final class Transport {
    private final HttpClient client;

    Transport(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER)
            throw new IllegalArgumentException("a client that follows redirects would carry credentials along");
        this.client = client;
    }

    /** @param limit until the end of the answer's body */
    Answer send(HttpRequest.Builder request, Duration limit) throws IOException, InterruptedException {
        return await(start(request), limit);
    }

    /** Streams are sent by HTTP/1.1, a connection each, so that layers don't share one flow-control window. */
    CompletableFuture<HttpResponse<byte[]>> start(HttpRequest.Builder request) {
        HttpRequest built = HttpClients.request(client, request.version(HttpClient.Version.HTTP_1_1));
        return client.sendAsync(built, info -> new CappedBody());
    }

    /** Waits for the answer; a request that has none in time, or whose caller is interrupted, is cancelled. */
    Answer await(CompletableFuture<HttpResponse<byte[]>> exchange, Duration limit)
            throws IOException, InterruptedException {
        try {
            return new Answer(exchange.get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw HttpClients.broken(e);
        } finally {
            exchange.cancel(true);
        }
    }
}
