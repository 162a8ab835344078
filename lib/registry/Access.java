//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES Answer.java
//SOURCES Challenge.java
//SOURCES Endpoint.java
//SOURCES PassingTrouble.java
//SOURCES Patience.java
//SOURCES RefusedException.java
//SOURCES RegistryLogin.java
//SOURCES Sentence.java
//SOURCES Transport.java
package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Secret;

/** The right to one repository, as the registry asks for it; several layers share it and renew it together. */
final class Access {
    private static final String HINT = "Ask the registry's operator: its authorization can't be used safely";

    private final Transport transport;
    private final Patience patience;
    private final RegistryLogin login;
    private final String scope;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Optional<Secret> header = Optional.empty();
    private volatile boolean proven;
    private volatile boolean accepted;

    Access(Transport transport, Patience patience, RegistryLogin login, String repository) {
        this.transport = transport;
        this.patience = patience;
        this.login = login;
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

    /** Whether this login was accepted at any time. */
    boolean wasAccepted() {
        return accepted;
    }

    /**
     * Answers the challenge of a 401.
     *
     * @param used the header that was refused
     * @return whether there is another header to try with; false when these credentials are at their end
     */
    boolean renew(Optional<Secret> used, Answer refusal) throws PassingTrouble, RefusedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!used.equals(header)) return true;
            if (used.isPresent() && !proven) return false;
            Challenge challenge = Challenge.in(refusal.headers("WWW-Authenticate"))
                    .orElseThrow(() -> new Failure(
                            ErrorCode.PROTOCOL, "The registry asks for an unknown kind of authorization", HINT));
            Optional<Secret> other = challenge instanceof Challenge.Bearer bearer
                    ? Optional.of(token(bearer))
                    : Optional.of(Secret.of("Basic " + login.basic().reveal()));
            if (other.equals(header)) return false;
            header = other;
            proven = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Secret token(Challenge.Bearer bearer) throws PassingTrouble, RefusedException, InterruptedException {
        if (!Endpoint.isPrivate(bearer.realm())) {
            String message =
                    "The registry sends credentials to " + Sentence.place(bearer.realm()) + ", which is not https";
            throw new Failure(ErrorCode.PROTOCOL, message, HINT);
        }
        Answer answer = ask(bearer);
        String told = Sentence.ofToken(bearer.realm(), answer);
        if (isRefusal(answer)) throw accepted ? RefusedException.push(told) : RefusedException.login(told);
        if (answer.isPassing()) throw new PassingTrouble(told, answer.retryAfter(), null);
        String token = answer.status() == 200 ? tokenIn(answer).orElse("") : "";
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~'))
            throw new Failure(ErrorCode.PROTOCOL, told + ": no token in it", HINT);
        return Secret.of("Bearer " + token);
    }

    private static boolean isRefusal(Answer answer) {
        return answer.status() == 401 || answer.status() == 403;
    }

    private static Optional<String> tokenIn(Answer answer) {
        try {
            JsonNode json = Json.parse(answer.text());
            Secret.learn(json);
            return Json.text(json, "token", "access_token");
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private Answer ask(Challenge.Bearer bearer) throws PassingTrouble, InterruptedException {
        StringBuilder query = new StringBuilder("account=" + encoded(login.username()));
        bearer.service().ifPresent(service -> query.append("&service=").append(encoded(service)));
        query.append("&scope=").append(encoded(scope));
        String realm = bearer.realm().toString();
        URI uri = URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Basic " + login.basic().reveal())
                .header("Accept", "application/json");
        try {
            return transport.send(request, patience.request());
        } catch (IOException e) {
            throw Sentence.trouble("GET", uri, e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
