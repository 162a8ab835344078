//SOURCES ../Authority.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ApiResponse.java
package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.Authority;
import lib.Json;
import lib.Printable;

/**
 * What the API says of a tenant: in answer to a deploy call, and whenever it is asked.
 *
 * @param status as the server calls it; a word that is not known is kept, and counts as not settled
 * @param url where the tenant answers
 */
public record Deployment(String status, Optional<String> message, Optional<String> url) {
    private static final Set<String> UP = Set.of("running", "ready", "active", "deployed");
    private static final Set<String> DOWN = Set.of("failed", "error", "suspended", "crashed", "stopped");

    static Deployment of(ApiResponse answer) {
        JsonNode json = answer.data();
        String status = Json.text(json, "status").orElseThrow(() -> answer.unexpected("no field 'status'"));
        return new Deployment(shown(status), Json.text(json, "message").map(Printable::of), webAddress(json));
    }

    /** A status fit to be shown. One that is known means something here, so it stays even if a secret is called so too. */
    private static String shown(String status) {
        String known = status.toLowerCase(Locale.ROOT);
        return UP.contains(known) || DOWN.contains(known) ? status : Printable.of(status);
    }

    /** Only what a browser may be sent to. */
    private static Optional<String> webAddress(JsonNode json) {
        return Json.text(json, "app_url", "url").map(Printable::of).filter(Deployment::isWebAddress);
    }

    private static boolean isWebAddress(String text) {
        try {
            URI url = new URI(text);
            return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && Authority.isUsable(url)
                    && url.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    public boolean isUp() {
        return UP.contains(status.toLowerCase(Locale.ROOT));
    }

    public boolean hasFailed() {
        return DOWN.contains(status.toLowerCase(Locale.ROOT));
    }
}
