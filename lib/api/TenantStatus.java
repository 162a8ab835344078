package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.Json;
import lib.Printable;

/**
 * How a tenant is.
 *
 * @param status as the server calls it; a word that is not known is kept, and counts as not settled
 */
public record TenantStatus(String status, Optional<String> message, Optional<String> url) {
    private static final Set<String> UP = Set.of("running", "ready", "active", "deployed");
    private static final Set<String> DOWN = Set.of("failed", "error", "suspended");

    static TenantStatus of(ApiAnswer answer) {
        JsonNode json = answer.data();
        String status = Json.text(json, "status").orElseThrow(() -> answer.nonsense("no status"));
        return new TenantStatus(
                word(status), Json.text(json, "message").map(Printable::of), Deployment.webAddress(json));
    }

    /** A status fit to be shown. One that is known means something here, so it stays even if a secret is called so too. */
    static String word(String status) {
        String known = status.toLowerCase(Locale.ROOT);
        return UP.contains(known) || DOWN.contains(known) ? status : Printable.of(status);
    }

    public boolean isUp() {
        return UP.contains(status.toLowerCase(Locale.ROOT));
    }

    public boolean hasFailed() {
        return DOWN.contains(status.toLowerCase(Locale.ROOT));
    }
}
