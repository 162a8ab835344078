//SOURCES ../lib/Secret.java
//SOURCES ExternalRegistry.java
//SOURCES RegistryCredential.java
//SOURCES Request.java
//SOURCES Tenant.java
package sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import lib.Secret;

/** Issues the registry's credentials, and knows which of them it still accepts. */
final class RegistryTokenIssuer {
    private static final String USERNAME = "x";

    private final Clock clock;
    private final Duration lifetime;
    private final Optional<ExternalRegistry> external;
    private final List<RegistryCredential> issued = new ArrayList<>();
    private int refusals;
    private boolean pullOnly;

    RegistryTokenIssuer(Clock clock, Duration lifetime, Optional<ExternalRegistry> external) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.external = external;
    }

    synchronized void refuseNext(int count) {
        refusals = count;
    }

    synchronized void pullOnly(boolean only) {
        pullOnly = only;
    }

    String repository(Tenant tenant) {
        return external.flatMap(ExternalRegistry::repository).orElse(tenant.appId());
    }

    synchronized RegistryCredential issue(Tenant tenant) {
        Instant now = clock.instant();
        boolean refused = refusals > 0;
        if (refused) refusals--;
        RegistryCredential credential = new RegistryCredential(
                tenant.id(),
                external.map(ExternalRegistry::username).orElse(USERNAME),
                external.map(ExternalRegistry::password).orElseGet(() -> Secret.of("sbx_" + UUID.randomUUID())),
                repository(tenant),
                "deployment-" + sortable(now),
                now,
                now.plus(lifetime),
                !pullOnly,
                refused);
        issued.add(credential);
        return credential;
    }

    /** Returns 26 digits and capitals that sort by time, in the shape of a ULID. */
    private static String sortable(Instant time) {
        String random = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        return (Long.toString(1L << 45 | time.toEpochMilli(), 32) + random).toUpperCase(Locale.ROOT);
    }

    synchronized Optional<RegistryCredential> accepted(Request.Login login) {
        return issued.stream()
                .filter(one -> one.username().equals(login.username())
                        && one.password().equals(login.password()))
                .filter(one -> one.stateAt(clock.instant()).equals("valid"))
                .findFirst();
    }

    /** Returns every credential that was issued, the oldest first. */
    synchronized List<RegistryCredential> issued() {
        return List.copyOf(issued);
    }
}
