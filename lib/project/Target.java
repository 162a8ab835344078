package lib.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Where a deploy goes, and as whom: the first thing that a run finds out. */
public record Target(Project project, Profile profile, Tenant tenant, Credentials credentials) {
    /**
     * @param wantedTenant a tenant named on the command line, which wins over the profile's
     * @param warn told what is odd but does not stop the deploy
     * @throws lib.Failure {@code config} or {@code auth}
     */
    public static Target of(
            Project project,
            Profile profile,
            Optional<TenantId> wantedTenant,
            Environment environment,
            Consumer<String> warn) {
        TenantId id = wantedTenant.orElseGet(profile::deployableTenant);
        Path credentials = fileOr(profile, profile.credentialsPath(), project.credentials(), environment);
        Path tenants = fileOr(profile, profile.tenantsPath(), project.tenants(), environment);
        Tenant tenant = new TenantStore(tenants).find(id).orElseGet(() -> Tenant.unknown(id));
        return new Target(project, profile, tenant, Credentials.find(credentials, environment, warn));
    }

    // A profile of the first generation names these files, and often where they are not: the project's own serve then.
    private static Path fileOr(Profile profile, Optional<String> named, Path usual, Environment environment) {
        return named.map(path -> environment.path(path, profile.folder()))
                .filter(Files::exists)
                .orElse(usual);
    }
}
