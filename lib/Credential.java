//SOURCES Secret.java
package lib;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What a registry lets somebody in by.
 *
 * @param server the registry as Docker's configuration names it, which for some is an address
 * @param username {@code <token>} where the password is an identity token
 */
public record Credential(String server, String username, Secret password) {
    /**
     * The credentials of a Basic header. Source: RFC 7617.
     *
     * @throws IllegalArgumentException when no such header can carry the user name
     */
    public Secret basic() {
        if (username.indexOf(':') >= 0 || username.chars().anyMatch(Character::isISOControl))
            throw new IllegalArgumentException("a registry's user name has no colon and no control characters");
        String pair = username + ":" + password.reveal();
        return Secret.of(Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
}
