package sandbox;

import java.time.Clock;
import java.time.Duration;

/**
 * All that the cloud knows, shared by the parts that answer for it.
 *
 * @param registryHost where images are pushed to, in process or outside
 * @param startup how long a deployment takes until it runs
 */
record World(
        Generation generation,
        Clock clock,
        Duration startup,
        String apiUrl,
        String registryHost,
        ImageLookup images,
        Bearers bearers,
        Tenants tenants,
        Mint mint,
        TenantSecrets secrets,
        Deployments deployments) {

    String appUrl(Tenant tenant) {
        return apiUrl + "/apps/" + tenant.id() + "/";
    }

    /** The status of a tenant as the API says it. */
    String status(Tenant tenant) {
        if (!tenant.provisioned()) return "provisioning";
        return deployments
                .latest(tenant.id())
                .map(latest -> latest.statusAt(clock.instant()))
                .orElse("ready");
    }
}
