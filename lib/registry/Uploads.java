//SOURCES ../Authority.java
//SOURCES ../Digest.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Answer.java
//SOURCES BlobReader.java
//SOURCES Blobs.java
//SOURCES Descriptor.java
//SOURCES Endpoint.java
//SOURCES PassingTrouble.java
//SOURCES RefusedException.java
//SOURCES Sentence.java
//SOURCES Session.java
//SOURCES StreamedBody.java
package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import lib.Authority;
import lib.Digest;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Secret;

/**
 * One try of one upload: opened, streamed, committed. A broken one is left to the registry, and the next starts anew.
 */
final class Uploads {
    private static final String HINT = "This is not what a registry answers; check its address, and a proxy before it";

    private final Session session;

    Uploads(Session session) {
        this.session = session;
    }

    Descriptor upload(BlobReader.Source source) throws PassingTrouble, RefusedException, InterruptedException {
        URI opened = open();
        try (BlobReader reader = source.open()) {
            URI streamed = stream(opened, reader);
            Descriptor blob = reader.finish();
            commit(streamed, blob.digest());
            return blob;
        } catch (Failure last) {
            cancel(session, opened);
            throw last;
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("interrupted while reading the archive");
        } catch (IOException e) {
            String message = "The archive can't be read any more: " + Printable.of(String.valueOf(e.getMessage()));
            throw new Failure(ErrorCode.CONFIG, message, "Check that the file and its disk are still there")
                    .causedBy(e);
        }
    }

    /** Where the upload's bytes go. */
    URI open() throws PassingTrouble, RefusedException, InterruptedException {
        URI uri = session.at("blobs/uploads/");
        Answer answer = session.send("POST", uri);
        if (answer.status() != 202) throw session.unexpected("POST", uri, answer);
        return next("POST", uri, answer).orElseThrow(() -> protocol("POST", uri, answer, "no Location in it"));
    }

    private URI stream(URI uri, BlobReader reader)
            throws IOException, PassingTrouble, RefusedException, InterruptedException {
        StreamedBody body = new StreamedBody();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/octet-stream")
                .method("PATCH", publisher(body, reader.length()));
        Optional<Secret> used = session.headerFor(uri);
        CompletableFuture<HttpResponse<byte[]>> exchange = session.stream(request, used);
        exchange.whenComplete((response, error) -> body.end());
        boolean whole;
        Answer answer;
        try {
            whole = sentAll(uri, body, reader);
            answer = answered(uri, exchange, session.patience().commit());
        } finally {
            exchange.cancel(true);
        }
        session.noteStreamed("PATCH", uri, answer, used);
        expect(answer.status() == 202 || answer.status() == 204 || answer.status() == 201, "PATCH", uri, answer);
        if (!whole)
            throw new PassingTrouble(
                    session.sentence("PATCH", uri, answer) + " before the end", Optional.empty(), null);
        return next("PATCH", uri, answer).orElse(uri);
    }

    /** Whether all of it was taken; otherwise the exchange has ended before. */
    private boolean sentAll(URI uri, StreamedBody body, BlobReader reader)
            throws IOException, PassingTrouble, InterruptedException {
        Duration stall = session.patience().stall();
        Optional<ByteBuffer> part = reader.next();
        while (part.isPresent()) {
            if (!sent(uri, body, part.get(), stall)) return false;
            part = reader.next();
        }
        body.complete(stall);
        return true;
    }

    private static boolean sent(URI uri, StreamedBody body, ByteBuffer part, Duration stall)
            throws PassingTrouble, InterruptedException {
        try {
            return body.send(part, stall);
        } catch (IOException e) {
            throw Sentence.trouble("PATCH", uri, e);
        }
    }

    private Answer answered(URI uri, CompletableFuture<HttpResponse<byte[]>> exchange, Duration limit)
            throws PassingTrouble, InterruptedException {
        try {
            return session.transport().await(exchange, limit);
        } catch (IOException e) {
            throw Sentence.trouble("PATCH", uri, e);
        }
    }

    private static BodyPublisher publisher(StreamedBody body, OptionalLong length) {
        return length.isPresent() && length.getAsLong() > 0
                ? BodyPublishers.fromPublisher(body, length.getAsLong())
                : BodyPublishers.fromPublisher(body);
    }

    private void commit(URI upload, Digest digest) throws PassingTrouble, RefusedException, InterruptedException {
        String query = (upload.getRawQuery() == null ? "?" : "&") + "digest=" + Blobs.encoded(digest.value());
        URI uri = URI.create(upload + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).PUT(BodyPublishers.noBody());
        Answer answer = session.send("PUT", request, session.patience().commit());
        expect(answer.status() == 201 || answer.status() == 204, "PUT", uri, answer);
        Optional<String> theirs = answer.header("Docker-Content-Digest");
        if (theirs.isPresent() && !theirs.get().equals(digest.value()))
            throw protocol("PUT", uri, answer, "another digest than was sent");
    }

    /** A session that the registry has lost is as good as a broken connection. */
    private void expect(boolean met, String method, URI uri, Answer answer) throws PassingTrouble, RefusedException {
        if (met) return;
        if (answer.status() == 404 || answer.status() == 416)
            throw new PassingTrouble(session.sentence(method, uri, answer), Optional.empty(), null);
        throw session.unexpected(method, uri, answer);
    }

    private Optional<URI> next(String method, URI from, Answer answer) {
        Optional<URI> location = location(from, answer);
        if (location.isPresent() && !Endpoint.isPrivate(location.get()))
            throw protocol(method, from, answer, "its Location is neither https nor loopback");
        return location;
    }

    /** Absolute or relative to where it was asked. */
    static Optional<URI> location(URI from, Answer answer) {
        try {
            return answer.header("Location").map(from::resolve).filter(Authority::isUsable);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Best effort: registries forget uploads by themselves. */
    private static void cancel(Session session, URI upload) {
        try {
            session.send("DELETE", upload);
        } catch (PassingTrouble | RefusedException e) {
            // The upload stays open until the registry's own time for it ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Failure protocol(String method, URI uri, Answer answer, String what) {
        return new Failure(ErrorCode.PROTOCOL, session.sentence(method, uri, answer) + ": " + what, HINT);
    }
}
