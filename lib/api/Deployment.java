package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Optional;
import lib.Authority;
import lib.Json;
import lib.Printable;

/**
 * What the API says of a deployment it accepted.
 *
 * @param status as the server calls it: {@code deploying}, {@code deployed}, {@code running} have been seen
 * @param url where the tenant answers
 */
public record Deployment(String status, Optional<String> url) {
    static Deployment of(ApiAnswer answer) {
        JsonNode json = answer.data();
        String status = Json.text(json, "status").orElseThrow(() -> answer.nonsense("no status"));
        return new Deployment(TenantStatus.word(status), webAddress(json));
    }

    /** Only what a browser may be sent to. */
    static Optional<String> webAddress(JsonNode json) {
        return Json.text(json, "app_url", "url").map(Printable::of).filter(Deployment::isWebAddress);
    }

    private static boolean isWebAddress(String text) {
        try {
            URI url = new URI(text);
            return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && Authority.isUsable(url)
                    && url.getUserInfo() == null;
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }
}
