package sandbox;

import java.time.Instant;
import lib.Secret;

/**
 * A short-lived login to the registry, bound to one repository.
 *
 * @param tag the tag that the server chose for the image
 * @param mayPush without it, the registry lets it pull alone
 * @param refused the registry does not know it, whatever the API said
 */
public record RegistryCredential(
        String tenantId,
        String username,
        Secret password,
        String repository,
        String tag,
        Instant issued,
        Instant expires,
        boolean mayPush,
        boolean refused) {

    /** {@code valid}, {@code expired} or {@code refused}. */
    public String stateAt(Instant now) {
        if (refused) return "refused";
        return now.isBefore(expires) ? "valid" : "expired";
    }
}
