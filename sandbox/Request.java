//SOURCES ../lib/Secret.java
//SOURCES HttpServer.java
package sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import lib.Secret;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;

/** One request. Its path is as it came, still percent-encoded; its body is a stream that ends by itself. */
final class Request {
    private static final int TEXT_LIMIT = 4 << 20;

    /** What a {@code Basic} header carries. */
    record Login(String username, Secret password) {}

    private final String method;
    private final HttpURI uri;
    private final HttpFields headers;
    private final InputStream body;

    Request(String method, HttpURI uri, HttpFields headers, InputStream body) {
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    /** Returns the same request with a body that was read already. */
    Request withBody(byte[] bytes) {
        return new Request(method, uri, headers, new ByteArrayInputStream(bytes));
    }

    String method() {
        return method;
    }

    String path() {
        return Objects.requireNonNullElse(uri.getPath(), "");
    }

    /** Returns the path and the query, as they came. */
    String place() {
        return Objects.requireNonNullElse(uri.getPathQuery(), "");
    }

    /** Whether the request changes nothing. */
    boolean reads() {
        return method.equals("GET") || method.equals("HEAD");
    }

    Fields query() {
        return parameters(Objects.requireNonNullElse(uri.getQuery(), ""));
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query().getValue(name));
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    InputStream body() {
        return body;
    }

    /** Reads the body, at most 4 MiB of it. */
    byte[] bytes() throws IOException {
        return body.readNBytes(TEXT_LIMIT);
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Reads a body of {@code a=b&c=d}. */
    Fields form() throws IOException {
        return parameters(text());
    }

    /** Reads names and values as leniently as the decoder can. */
    private static Fields parameters(String text) {
        Fields fields = new Fields();
        UrlEncoded.decodeUtf8To(text, 0, text.length(), fields::add, true, true, true);
        return fields;
    }

    Optional<String> bearer() {
        return credentials("Bearer");
    }

    Optional<Login> basic() {
        return credentials("Basic").flatMap(Request::login);
    }

    private Optional<String> credentials(String scheme) {
        return header("Authorization")
                .filter(value -> value.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1))
                .map(value -> value.substring(scheme.length() + 1).strip());
    }

    private static Optional<Login> login(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Login(pair.substring(0, colon), Secret.of(pair.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the browser asked for this host by its own name: one that was rebound to 127.0.0.1 has another. */
    boolean isAddressedTo(String host) {
        String asked = header("Host").orElse("");
        return asked.equals(host) || asked.equals(host.replace("127.0.0.1", "localhost"));
    }

    /** Whether a page of this host sent the request, and no foreign one. */
    boolean isFromPageOf(String host) {
        return isAddressedTo(host)
                && header("Origin")
                        .equals(Optional.of("http://" + header("Host").orElse("")));
    }
}
