//SOURCES ../lib/Secret.java
package sandbox;

import java.time.Instant;
import lib.Secret;

/**
 * A short-lived login to the registry, bound to one repository.
 *
 * @param tag the tag that the server chose for the image
 * @param mayPush whether it may push as well as pull
 * @param refused whether the registry refuses it all the same
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

    /** Returns {@code valid}, {@code expired} or {@code refused}. */
    public String stateAt(Instant now) {
        if (refused) return "refused";
        return now.isBefore(expires) ? "valid" : "expired";
    }
}
