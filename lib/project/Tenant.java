//SOURCES TenantId.java
package lib.project;

import java.util.Optional;

/**
 * What is known of a tenant on this machine.
 *
 * @param name as people call it; empty when {@code tenants.json} does not know the tenant
 * @param appId the name of its app at the platform, which older servers need in the image's name
 */
public record Tenant(TenantId id, Optional<String> name, Optional<String> appId) {
    public static Tenant unknown(TenantId id) {
        return new Tenant(id, Optional.empty(), Optional.empty());
    }

    /** The name for people, else the id. */
    public String label() {
        return name.orElse(id.value());
    }
}
