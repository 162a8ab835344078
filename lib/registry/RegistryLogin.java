//SOURCES ../Secret.java
package lib.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import lib.Secret;

/** Who pushes. */
public record RegistryLogin(String username, Secret password) {
    public RegistryLogin {
        if (username.indexOf(':') >= 0 || username.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("a registry's user name has no colon and no control characters");
    }

    /** The credentials of a Basic header. Source: RFC 7617. */
    Secret basic() {
        String pair = username + ":" + password.reveal();
        return Secret.of(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
