//SOURCES ../lib/Json.java
//SOURCES HttpServer.java
package sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.Json;
import org.eclipse.jetty.http.HttpFields;

/** A response, and how much of it arrives. To a {@code HEAD} the body is not sent, but its length is. */
record Response(int status, HttpFields headers, Body body, Delivery delivery) {
    /** How much of a response arrives before the connection ends. */
    enum Delivery {
        WHOLE,
        /** The whole, before the request's body is read. */
        EARLY,
        /** The head and half of the body, then the end of the connection. */
        HALF,
        /** The end of the connection. */
        NONE,
        /** A TCP reset. */
        RESET
    }

    /** Content that may be far larger than memory. */
    record Body(long length, Source source) {
        /** Opens the content, which may go on after the length. */
        interface Source {
            InputStream open() throws IOException;
        }

        static Body of(byte[] bytes) {
            return new Body(bytes.length, () -> new ByteArrayInputStream(bytes));
        }

        /** A part of a file. */
        static Body of(Path file, long offset, long length) {
            return new Body(length, () -> {
                InputStream in = Files.newInputStream(file);
                in.skipNBytes(offset);
                return in;
            });
        }
    }

    static Response of(int status) {
        return new Response(status, HttpFields.EMPTY, Body.of(new byte[0]), Delivery.WHOLE);
    }

    static Response of(int status, String type, byte[] body) {
        return of(status).with(Body.of(body)).with("Content-Type", type);
    }

    static Response json(int status, JsonNode body) {
        return of(status, "application/json", Json.line(body).getBytes(StandardCharsets.UTF_8));
    }

    static Response text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", (body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sets a header, in place of one that it has. */
    Response with(String name, String value) {
        HttpFields changed = HttpFields.build(headers).put(name, value).asImmutable();
        return new Response(status, changed, body, delivery);
    }

    Response with(Body other) {
        return new Response(status, headers, other, delivery);
    }

    /** Whether it arrives whole. */
    boolean isDelivered() {
        return delivery == Delivery.WHOLE || delivery == Delivery.EARLY;
    }

    Response delivered(Delivery other) {
        return new Response(status, headers, body, other);
    }
}
