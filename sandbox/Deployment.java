//SOURCES ../lib/ImageReference.java
//SOURCES Tenant.java
package sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import lib.ImageReference;
import lib.ImageReference.Digest;

/**
 * One accepted {@code POST deploy}.
 *
 * @param digest of the image's manifest; empty when the registry could not be asked
 * @param startup how long it takes until its ending
 */
public record Deployment(
        String tenantId,
        ImageReference image,
        Optional<Digest> digest,
        Instant at,
        Duration startup,
        Tenant.Ending ending) {

    /** Returns {@code deploying}, then {@code running} or {@code failed}. */
    public String statusAt(Instant now) {
        if (ending instanceof Tenant.NeverEnds || now.isBefore(at.plus(startup))) return "deploying";
        return ending instanceof Tenant.Fails ? "failed" : "running";
    }

    /** Returns why it failed, once it has. */
    public Optional<String> messageAt(Instant now) {
        return statusAt(now).equals("failed") && ending instanceof Tenant.Fails failure
                ? Optional.of(failure.message())
                : Optional.empty();
    }
}
