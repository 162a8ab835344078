//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../project/Tenant.java
package lib.preflight;

import java.nio.file.Path;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.project.Tenant;

/**
 * What a run needs besides credentials and a tenant.
 *
 * @param tenant the tenant, where one is named; else the profile's
 * @param engine whether a Docker engine must answer
 * @param login whether {@code docker} logs in, so that there must be a folder for that
 * @param build whether an image is built, so that its sources must be there
 * @param dockerfile the Dockerfile, where one is named
 * @param builder the builder of buildx that builds, where one is named
 * @param secrets whether the project's secrets are sent
 */
public record Needs(
        Optional<Tenant.Id> tenant,
        boolean engine,
        boolean login,
        boolean build,
        Optional<Path> dockerfile,
        Optional<String> builder,
        boolean secrets) {
    /** Nothing but credentials and a tenant, for calls to the API. */
    public static Needs target(Optional<Tenant.Id> tenant) {
        return new Needs(tenant, false, false, false, Optional.empty(), Optional.empty(), false);
    }

    /** A tenant as a person names it. @throws Failure {@code usage} when it can be no tenant's id */
    public static Needs targetNamed(Optional<String> tenant) {
        return target(tenant.map(text -> {
            if (Tenant.Id.isTenantId(text)) return new Tenant.Id(text);
            throw new Failure(
                    ErrorCode.USAGE, "Not a tenant id: '" + Printable.of(text) + "'", "'just tenant list' shows yours");
        }));
    }

    public Needs withEngine(boolean needed) {
        return new Needs(tenant, needed, login, build, dockerfile, builder, secrets);
    }

    public Needs withLogin(boolean needed) {
        return new Needs(tenant, engine, needed, build, dockerfile, builder, secrets);
    }

    public Needs withBuild(boolean needed, Optional<Path> file, Optional<String> on) {
        return new Needs(tenant, engine, login, needed, file, on, secrets);
    }

    public Needs withSecrets(boolean needed) {
        return new Needs(tenant, engine, login, build, dockerfile, builder, needed);
    }
}
