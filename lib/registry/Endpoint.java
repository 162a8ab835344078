//SOURCES ../Authority.java
//SOURCES ../Failure.java
//SOURCES ../Loopback.java
//SOURCES ../Printable.java
package lib.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import lib.Authority;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Loopback;
import lib.Printable;

/** Where a registry's API lives: http for loopback alone, https for all others. */
record Endpoint(URI root) {
    /** @throws Failure {@code PROTOCOL} when no request can go there */
    static Endpoint of(String registry) {
        URI https = parsed("https://" + registry + "/v2/")
                .filter(Authority::isUsable)
                .orElseThrow(() -> new Failure(
                        ErrorCode.PROTOCOL,
                        "The registry's address '" + Printable.of(registry) + "' is not one that can be asked",
                        "Contact admin: the Management API names this registry"));
        return new Endpoint(isLoopback(https) ? URI.create("http://" + registry + "/v2/") : https);
    }

    private static Optional<URI> parsed(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    static boolean isLoopback(URI uri) {
        return uri.getHost() != null && Loopback.is(uri.getHost());
    }

    /** Whether what is sent there can't be read on the way. */
    static boolean isPrivate(URI uri) {
        return "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && isLoopback(uri);
    }

    /** Whether credentials for this registry may go there: the same scheme, host and port. */
    boolean owns(URI uri) {
        return root.getScheme().equals(uri.getScheme())
                && root.getHost().equalsIgnoreCase(uri.getHost())
                && port(root) == port(uri);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }

    URI at(String path) {
        return root.resolve(path);
    }
}
