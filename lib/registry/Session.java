//SOURCES ../Failure.java
//SOURCES ../Secret.java
//SOURCES Access.java
//SOURCES Answer.java
//SOURCES Endpoint.java
//SOURCES PassingTrouble.java
//SOURCES Patience.java
//SOURCES RefusedException.java
//SOURCES RegistryLogin.java
//SOURCES Sentence.java
//SOURCES Transport.java
package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Secret;

/** Requests to one repository, authorized as its registry asks. Credentials go to the registry's own origin alone. */
final class Session {
    private final Transport transport;
    private final Patience patience;
    private final Endpoint endpoint;
    private final String repository;
    private final Access access;

    Session(Transport transport, Patience patience, Endpoint endpoint, String repository, RegistryLogin login) {
        this.transport = transport;
        this.patience = patience;
        this.endpoint = endpoint;
        this.repository = repository;
        this.access = new Access(transport, patience, login, repository);
    }

    /** A place in the repository, such as {@code blobs/uploads/}. */
    URI at(String path) {
        return endpoint.at(repository + "/" + path);
    }

    URI root() {
        return endpoint.root();
    }

    Patience patience() {
        return patience;
    }

    Transport transport() {
        return transport;
    }

    Answer send(String method, URI uri) throws PassingTrouble, RefusedException, InterruptedException {
        return send(method, HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()), patience.request());
    }

    /** Sends a request that can be sent again; after a 401 it is, once, with renewed authorization. */
    Answer send(String method, HttpRequest.Builder request, Duration limit)
            throws PassingTrouble, RefusedException, InterruptedException {
        HttpRequest plain = request.build();
        for (int round = 0; ; round++) {
            Optional<Secret> used = headerFor(plain.uri());
            Answer answer;
            try {
                answer = transport.send(authorized(request.copy(), used), limit);
            } catch (IOException e) {
                throw Sentence.trouble(method, plain.uri(), e);
            }
            if (!isOurs(plain.uri()) || answer.status() != 401) return noted(answer, used);
            if (round > 1 || !access.renew(used, answer)) return answer;
        }
    }

    /** Starts a request whose body can't be sent again; {@link #noteStreamed} takes its answer. */
    CompletableFuture<HttpResponse<byte[]>> stream(HttpRequest.Builder request, Optional<Secret> header) {
        return transport.start(authorized(request, header));
    }

    Optional<Secret> headerFor(URI uri) {
        return isOurs(uri) ? access.header() : Optional.empty();
    }

    /** @throws PassingTrouble after a 401 that renewed authorization may cure */
    Answer noteStreamed(String method, URI uri, Answer answer, Optional<Secret> used)
            throws PassingTrouble, RefusedException, InterruptedException {
        if (isOurs(uri) && answer.status() == 401 && access.renew(used, answer))
            throw PassingTrouble.renewed(Sentence.of(method, uri, answer));
        return noted(answer, used);
    }

    private Answer noted(Answer answer, Optional<Secret> used) {
        if (answer.status() < 400) access.worked(used);
        return answer;
    }

    private static HttpRequest.Builder authorized(HttpRequest.Builder request, Optional<Secret> header) {
        header.ifPresent(value -> request.setHeader("Authorization", value.reveal()));
        return request;
    }

    private boolean isOurs(URI uri) {
        return endpoint.owns(uri);
    }

    String sentence(String method, URI uri, Answer answer) {
        return Sentence.of(method, uri, answer);
    }

    /** The failure that an unexpected answer is: passing, a refusal, or final. */
    Failure unexpected(String method, URI uri, Answer answer) throws PassingTrouble, RefusedException {
        String told = sentence(method, uri, answer);
        if (answer.isPassing()) throw new PassingTrouble(told, answer.retryAfter(), null);
        if (answer.status() == 401 || answer.status() == 403)
            throw access.wasAccepted() ? RefusedException.push(told) : RefusedException.login(told);
        if (answer.isRedirect() || answer.status() < 300)
            return new Failure(ErrorCode.PROTOCOL, told, "This is not what a registry answers; check its address");
        return new Failure(ErrorCode.PUSH_FAILED, told, "Check that the repository exists and takes this image");
    }
}
