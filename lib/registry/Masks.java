package lib.registry;

import java.util.Collection;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.Secret;

/** What must not be shown even where a server says it back to us. */
final class Masks {
    private final Collection<Secret> secrets = new CopyOnWriteArrayList<>();

    Masks(RegistryLogin login) {
        add(login.password());
        add(login.basic());
    }

    void add(Secret secret) {
        secrets.add(secret);
    }

    String over(String text) {
        String masked = text;
        for (Secret secret : secrets) masked = masked.replace(secret.reveal(), secret.toString());
        return masked;
    }
}
