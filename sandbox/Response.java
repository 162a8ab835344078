package sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import lib.Json;

/** An answer. To a {@code HEAD} the body is not sent, but its length is. */
record Response(int status, Fields headers, Content content) implements Reply {

    static Response of(int status) {
        return new Response(status, Fields.none(), Content.of(new byte[0]));
    }

    static Response of(int status, String type, byte[] body) {
        return new Response(status, Fields.none().with("Content-Type", type), Content.of(body));
    }

    static Response json(int status, JsonNode body) {
        return of(status, "application/json", Json.line(body).getBytes(StandardCharsets.UTF_8));
    }

    static Response text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", (body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** A page that no one else may frame or keep, and that loads nothing from anywhere. */
    static Response page(int status, String policy, String html) {
        return of(status, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8))
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; " + policy)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "same-origin")
                .with("X-Content-Type-Options", "nosniff");
    }

    Response with(String name, String value) {
        return new Response(status, headers.with(name, value), content);
    }

    Response with(Content other) {
        return new Response(status, headers, other);
    }
}
