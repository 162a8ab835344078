package sandbox;

import java.util.Optional;
import lib.Secret;

/**
 * A registry outside of this process, whose credentials {@code registry-token} hands out.
 *
 * @param host {@code HOST[:PORT]}
 * @param repository where the tenants' images go; empty for each tenant's own
 */
public record ExternalRegistry(String host, String username, Secret password, Optional<String> repository) {}
