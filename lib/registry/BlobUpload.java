//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES BlobReader.java
//SOURCES ImageManifest.java
//SOURCES RegistryClient.java
//SOURCES RegistryResponse.java
package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Http.Authority;
import lib.ImageReference.Digest;
import lib.Printable;
import lib.Retry.Pace;
import lib.Retry.RetryableException;
import lib.Secret;
import lib.registry.ImageManifest.Descriptor;

/**
 * The upload of one blob: opened, streamed, committed. A broken one is left to the registry, and the next try starts anew.
 */
final class BlobUpload {
    /** How long no byte may be taken, in times of a request. */
    private static final int STALL = 2;

    /** How long the registry may take to put a blob in its place, in times of a request: object stores take minutes. */
    private static final int COMMIT = 10;

    private final RegistryClient repository;
    private final BlobReader.Source source;

    private BlobUpload(RegistryClient repository, BlobReader.Source source) {
        this.repository = repository;
        this.source = source;
    }

    /** @return what was sent, as the manifest is to name it */
    static Descriptor of(RegistryClient repository, BlobReader.Source source) throws InterruptedException {
        return repository.retry().of(new BlobUpload(repository, source)::once);
    }

    /** Whether the repository has this blob, in this size. A registry that doesn't say has it not. */
    static boolean exists(RegistryClient repository, Descriptor blob) throws InterruptedException {
        try {
            RegistryResponse response = repository.retry().of(() -> {
                RegistryResponse first = repository.send("HEAD", repository.at("blobs/" + blob.digest()));
                if (first.isTransient()) throw first.retryable();
                // Object stores are asked in turn, without credentials; an unsafe address counts as an absent blob.
                URI elsewhere = first.location().filter(Authority::isPrivate).orElse(null);
                if (!first.isRedirect() || elsewhere == null) return first;
                HttpRequest.Builder head = HttpRequest.newBuilder(elsewhere).method("HEAD", BodyPublishers.noBody());
                return RegistryResponse.to(repository.http(), head, repository.timeout());
            });
            String size = Long.toString(blob.size());
            return response.status() == 200
                    && response.header("Content-Length").orElse(size).equals(size);
        } catch (Failure e) {
            if (e.code() != ErrorCode.UNAVAILABLE) throw e;
            return false;
        }
    }

    private Descriptor once() throws RetryableException, InterruptedException {
        URI upload = repository.openUpload();
        try (BlobReader reader = source.open()) {
            URI streamed = stream(upload, reader);
            Descriptor blob = reader.finish();
            commit(streamed, blob);
            return blob;
        } catch (Failure last) {
            repository.cancelUpload(upload);
            throw last;
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException("interrupted while reading the archive");
        } catch (IOException e) {
            String message = "The archive can't be read any more: " + Printable.of(String.valueOf(e.getMessage()));
            throw new Failure(ErrorCode.CONFIG, message, "Check that the file and its disk are still there")
                    .causedBy(e);
        }
    }

    /** @return where the upload is committed */
    private URI stream(URI uri, BlobReader reader) throws IOException, RetryableException, InterruptedException {
        StreamedBody body = new StreamedBody();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/octet-stream")
                .method("PATCH", publisher(body, reader.length()));
        Optional<Secret> used = repository.authorization(uri);
        CompletableFuture<HttpResponse<byte[]>> exchange =
                Http.start(repository.http(), RegistryClient.authorized(request, used));
        exchange.whenComplete((response, error) -> body.end());
        boolean whole;
        RegistryResponse response;
        try {
            whole = sendAll(uri, body, reader);
            response = awaited(uri, exchange);
        } finally {
            exchange.cancel(true);
        }
        if (repository.isRenewed(used, response)) {
            Failure refused = repository.auth().refused(response.sentence());
            throw new RetryableException(Pace.RENEWED, Optional.empty(), tries -> refused);
        }
        inSession(response);
        if (!whole) throw response.retryable(response.sentence() + " before the end");
        return response.location()
                .map(place -> RegistryClient.safe(place, response))
                .orElse(uri);
    }

    private static BodyPublisher publisher(StreamedBody body, OptionalLong length) {
        return length.isPresent() && length.getAsLong() > 0
                ? BodyPublishers.fromPublisher(body, length.getAsLong())
                : BodyPublishers.fromPublisher(body);
    }

    /** Whether all of it was taken; otherwise the exchange has ended before. */
    private boolean sendAll(URI uri, StreamedBody body, BlobReader reader)
            throws IOException, RetryableException, InterruptedException {
        Duration stall = repository.timeout().multipliedBy(STALL);
        for (Optional<ByteBuffer> part = reader.next(); part.isPresent(); part = reader.next())
            if (!sent(uri, body, part.get(), stall)) return false;
        body.complete(stall);
        return true;
    }

    private static boolean sent(URI uri, StreamedBody body, ByteBuffer part, Duration stall)
            throws RetryableException, InterruptedException {
        try {
            return body.send(part, stall);
        } catch (IOException e) {
            throw RegistryResponse.missing("PATCH", uri, e);
        }
    }

    private RegistryResponse awaited(URI uri, CompletableFuture<HttpResponse<byte[]>> exchange)
            throws RetryableException, InterruptedException {
        try {
            Duration timeout = repository.timeout().multipliedBy(COMMIT);
            return new RegistryResponse("PATCH", uri, Http.await(exchange, timeout));
        } catch (IOException e) {
            throw RegistryResponse.missing("PATCH", uri, e);
        }
    }

    private void commit(URI upload, Descriptor blob) throws RetryableException, InterruptedException {
        String digest = URLEncoder.encode(blob.digest().value(), StandardCharsets.UTF_8);
        URI uri = URI.create(upload + (upload.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).PUT(BodyPublishers.noBody());
        try {
            RegistryResponse response =
                    repository.send(request, repository.timeout().multipliedBy(COMMIT));
            inSession(response);
            requireDigest(blob.digest(), response);
            // A 200 is what a page in between says, too.
            if (response.status() == 200) throw response.nonsense("");
        } catch (RetryableException doubt) {
            // A proxy gives up before a slow store has put a large blob in its place.
            if (!exists(repository, blob)) throw doubt;
        }
    }

    /** @throws Failure {@code PROTOCOL} when an answer confirms another content than was sent; it may say nothing of it */
    static void requireDigest(Digest sent, RegistryResponse response) {
        Optional<Digest> confirmed = response.header("Docker-Content-Digest")
                .filter(Digest::isDigest)
                .map(Digest::new);
        if (confirmed.filter(sent::contradicts).isPresent()) throw response.protocol("another digest than was sent");
    }

    /** Whether it is an error with one of these codes. Source: OCI distribution specification, error codes. */
    static boolean isError(RegistryResponse response, String... codes) {
        String code = response.json().path("errors").path(0).path("code").asText();
        return response.status() >= 400 && Arrays.asList(codes).contains(code);
    }

    /** A session that the registry has lost, or bytes that got damaged on the way, are as good as a broken connection. */
    private void inSession(RegistryResponse response) throws RetryableException {
        boolean lost = response.status() == 404
                || response.status() == 416
                || isError(response, "BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "RANGE_INVALID", "DIGEST_INVALID");
        if (lost) throw response.retryable();
        repository.succeeded(response);
    }

    /**
     * A request's body that the uploading thread itself hands over, as fast as the connection takes it: so a stall is
     * seen, an interrupt stops it, and no thread of the client waits for our data.
     */
    private static final class StreamedBody implements Flow.Publisher<ByteBuffer> {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private Flow.Subscriber<? super ByteBuffer> subscriber;
        private long demand;
        private boolean ended;

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> wanting) {
            boolean first;
            lock.lock();
            try {
                first = subscriber == null;
                if (first) subscriber = wanting;
            } finally {
                lock.unlock();
            }
            wanting.onSubscribe(new Demand());
            if (!first) wanting.onError(new IOException("a streamed body can't be sent twice"));
        }

        /**
         * Hands one buffer over once it is asked for.
         *
         * @return whether it was taken; false when the exchange has ended, so that its answer tells why
         */
        boolean send(ByteBuffer buffer, Duration stall) throws HttpTimeoutException, InterruptedException {
            long left = stall.toNanos();
            lock.lockInterruptibly();
            try {
                while (demand == 0 && !ended) {
                    if (left <= 0) throw new HttpTimeoutException("no progress for " + stall.toSeconds() + " s");
                    left = changed.awaitNanos(left);
                }
                if (ended) return false;
                demand--;
            } finally {
                lock.unlock();
            }
            subscriber.onNext(buffer);
            return true;
        }

        /** After the last buffer. Waits for the client to have begun, so that an empty body ends too. */
        void complete(Duration stall) throws HttpTimeoutException, InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = stall.toNanos();
                while (subscriber == null && !ended) {
                    if (left <= 0) throw new HttpTimeoutException("no connection within " + stall.toSeconds() + " s");
                    left = changed.awaitNanos(left);
                }
                if (ended) return;
            } finally {
                lock.unlock();
            }
            subscriber.onComplete();
        }

        /** The exchange is over, whatever its end: nobody waits for demand any more. */
        void end() {
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private final class Demand implements Flow.Subscription {
            @Override
            public void request(long count) {
                lock.lock();
                try {
                    demand = Math.min(Integer.MAX_VALUE, demand + Math.min(count, Integer.MAX_VALUE));
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void cancel() {
                end();
            }
        }
    }
}
