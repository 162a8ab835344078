package lib.registry;

import java.net.URI;
import lib.Loopback;

/** Where a registry's API lives: http for loopback alone, https for all others. */
record Endpoint(URI root) {
    static Endpoint of(String registry) {
        URI https = URI.create("https://" + registry + "/v2/");
        return new Endpoint(isLoopback(https) ? URI.create("http://" + registry + "/v2/") : https);
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
