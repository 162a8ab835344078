package sandbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Secret;

/** Makes the registry's credentials, and knows which of them it still honours. */
final class Mint {
    private static final String USERNAME = "x";

    private final Clock clock;
    private final Duration lifetime;
    private final Optional<ExternalRegistry> external;
    private final Entropy entropy = new Entropy();
    private final List<RegistryCredential> issued = new ArrayList<>();
    private int refusals;
    private boolean pullOnly;
    private boolean open = true;

    Mint(Clock clock, Duration lifetime, Optional<ExternalRegistry> external) {
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

    /** Whether the registry service is there at all. */
    synchronized void open(boolean is) {
        open = is;
    }

    synchronized boolean isOpen() {
        return open;
    }

    String repository(Tenant tenant) {
        return external.flatMap(ExternalRegistry::repository).orElse(tenant.appId());
    }

    synchronized RegistryCredential issue(Tenant tenant) {
        Instant now = clock.instant();
        String tag = "deployment-" + entropy.sortable(now.toEpochMilli());
        boolean refused = refusals > 0;
        if (refused) refusals--;
        RegistryCredential credential = new RegistryCredential(
                tenant.id(),
                external.map(ExternalRegistry::username).orElse(USERNAME),
                external.map(ExternalRegistry::password).orElseGet(() -> Secret.of("sbx_" + entropy.base64url(24))),
                repository(tenant),
                tag,
                now,
                now.plus(lifetime),
                !pullOnly,
                refused);
        issued.add(credential);
        return credential;
    }

    synchronized Optional<RegistryCredential> honoured(Request.Login login) {
        return issued.stream()
                .filter(one -> one.username().equals(login.username())
                        && one.password().equals(login.password()))
                .filter(one -> one.stateAt(clock.instant()).equals("valid"))
                .findFirst();
    }

    /** The oldest first. */
    synchronized List<RegistryCredential> issued() {
        return List.copyOf(issued);
    }
}
