//SOURCES ../Authority.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
package lib.project;

import java.net.URI;
import java.net.URISyntaxException;
import lib.Authority;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;

/** The rule for the address of the Management API: https, or http to this machine itself. */
public final class ApiUrl {
    private ApiUrl() {}

    /**
     * @param where the file and key, or the variable, that the address comes from
     * @return the address without a trailing slash
     * @throws Failure {@code config}
     */
    public static URI of(String text, String where) {
        URI url;
        try {
            url = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw refused(where, text, "is no URL");
        }
        boolean plain = Authority.isUsable(url)
                && url.getUserInfo() == null
                && url.getQuery() == null
                && url.getFragment() == null;
        if (!plain) throw refused(where, text, "is no plain URL with a valid host and port");
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        boolean http = "http".equalsIgnoreCase(url.getScheme());
        if (!https && !(http && Authority.isLoopback(url.getHost()))) {
            throw refused(where, text, "must be https (http is for this machine alone)");
        }
        return url;
    }

    private static Failure refused(String where, String text, String problem) {
        String shown = text.contains("@") ? "the address" : "'" + Printable.of(text) + "'";
        return new Failure(
                ErrorCode.CONFIG, where + ": " + shown + " " + problem, "Run 'just login', or correct the address");
    }
}
