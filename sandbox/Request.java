package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Secret;

/** One request; {@code path} is as it came, still percent-encoded, and the body is a stream that ends by itself. */
record Request(String method, String path, Fields query, Fields headers, InputStream body) {
    private static final int TEXT_LIMIT = 4 << 20;

    /** What a {@code Basic} header carries. */
    record Login(String username, Secret password) {}

    /** The path between its slashes, decoded. */
    List<String> segments() {
        return Stream.of(path.split("/"))
                .filter(segment -> !segment.isEmpty())
                .map(segment -> Fields.decode(segment.replace("+", "%2B")))
                .toList();
    }

    /** The body, at most 4 MiB of it. */
    byte[] bytes() throws IOException {
        return body.readNBytes(TEXT_LIMIT);
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    Request withBody(InputStream other) {
        return new Request(method, path, query, headers, other);
    }

    Optional<String> bearer() {
        return credentials("Bearer");
    }

    Optional<Login> basic() {
        return credentials("Basic").flatMap(Request::login);
    }

    private Optional<String> credentials(String scheme) {
        return headers.first("Authorization")
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
}
