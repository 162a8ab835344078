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
import lib.ErrorCode;
import lib.Failure;
import lib.Json;
import lib.Printable;

/** What was tried and what came back, as {@code METHOD url: status CODE: message}. */
final class Sentence {
    private Sentence() {}

    static String of(String method, URI uri, Answer answer, Masks masks) {
        String told = Printable.of(masks.over(told(answer)));
        return method + " " + place(uri) + ": " + answer.status() + (told.isEmpty() ? "" : " " + told);
    }

    /** Without its query, which for an upload is a capability of its own. */
    static String place(URI uri) {
        return Printable.of(uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath());
    }

    private static String told(Answer answer) {
        String text = answer.text();
        try {
            JsonNode json = Json.parse(text);
            JsonNode error = json.path("errors").path(0);
            Optional<String> code = Json.text(error, "code");
            Optional<String> message = Json.text(error, "message").or(() -> Json.text(json, "details", "message"));
            if (code.isPresent() && message.isPresent()) return code.get() + ": " + message.get();
            return code.or(() -> message).orElse(text);
        } catch (JsonProcessingException e) {
            return text;
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
