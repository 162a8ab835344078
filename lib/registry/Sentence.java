//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Answer.java
//SOURCES PassingTrouble.java
package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.Printable.WebPage;
import lib.Secret;

/** What was tried and what came back, as {@code METHOD url: status CODE: message}. */
final class Sentence {
    private Sentence() {}

    static String of(String method, URI uri, Answer answer) {
        return sentence(method, uri, answer, answer.text());
    }

    /** Of an answer that should hold a token: of its body nothing but an error's own sentence. */
    static String ofToken(URI uri, Answer answer) {
        return Secret.without(sentence("GET", uri, answer, ""), place(uri));
    }

    private static String sentence(String method, URI uri, Answer answer, String otherwise) {
        String told = answer.status() < 300 ? "" : Printable.of(told(answer.text(), otherwise));
        return method + " " + place(uri) + ": " + answer.status() + (told.isEmpty() ? "" : " " + told);
    }

    /** Without its query, which for an upload is a capability of its own, and without a user's name and password. */
    static String place(URI uri) {
        String authority = uri.getRawAuthority();
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        return Printable.of(uri.getScheme() + "://" + host + uri.getRawPath());
    }

    private static String told(String body, String otherwise) {
        try {
            JsonNode json = Json.parse(body);
            Secret.learn(json);
            JsonNode error = json.path("errors").path(0);
            Optional<String> code = Json.text(error, "code");
            Optional<String> message = Json.text(error, "message").or(() -> Json.text(json, "details", "message"));
            if (code.isPresent() && message.isPresent()) return code.get() + ": " + message.get();
            return code.or(() -> message).orElse(otherwise);
        } catch (JsonProcessingException e) {
            return WebPage.in(otherwise)
                    .map(page -> page.titled("the registry"))
                    .orElse(otherwise);
        }
    }

    /**
     * What a broken connection means: another try may cure it.
     *
     * @throws Failure {@code UNAVAILABLE} at once when the other side is not whom we trust, which no try cures
     */
    static PassingTrouble trouble(String method, URI uri, IOException error) {
        String message = method + " " + place(uri) + ": " + reason(error);
        if (causedBy(error, SSLException.class) && !(error instanceof HttpTimeoutException)) {
            String hint = "Check the registry's certificate, a proxy in between, and the JDK's trusted certificates";
            throw new Failure(ErrorCode.UNAVAILABLE, message, hint).causedBy(error);
        }
        return new PassingTrouble(message, Optional.empty(), error);
    }

    private static String reason(IOException error) {
        if (causedBy(error, UnresolvedAddressException.class)) return "host name not found";
        if (error instanceof ConnectException && error.getMessage() == null) return "connection refused";
        String told = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        return Printable.of(told);
    }

    private static boolean causedBy(Throwable error, Class<?> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) if (type.isInstance(cause)) return true;
        return false;
    }
}
