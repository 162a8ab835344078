//SOURCES ../Environment.java
//SOURCES ApiCredentials.java
//SOURCES Profile.java
//SOURCES Project.java
//SOURCES Tenant.java
package lib.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.Environment;

/**
 * Where a run goes, and as whom: the first thing that it finds out.
 *
 * @param profile empty when a tenant was named and no profile was needed to find it
 */
public record Target(Project project, Optional<Profile> profile, Tenant tenant, ApiCredentials credentials) {
    /** Whether expired credentials end a run here already; a profile may leave that to the server. */
    public static boolean validates(Optional<Profile> profile) {
        return !profile.flatMap(Profile::validation).equals(Optional.of("skip"));
    }

    /** Finds targets in a project. @param warn told what is odd but does not stop a run */
    public record Finder(Project project, Environment environment, Consumer<String> warn) {
        /** The target of a profile. @throws Failure {@code config} or {@code auth} */
        public Target of(Profile profile) {
            return target(Optional.of(profile), profile.deployableTenant());
        }

        /** A tenant by its id, with the profile's files where a profile is named. @throws Failure {@code config} or {@code auth} */
        public Target of(Tenant.Id tenant, Optional<Profile> profile) {
            return target(profile, tenant);
        }

        private Target target(Optional<Profile> profile, Tenant.Id id) {
            return new Target(project, profile, tenant(profile, id), credentials(profile));
        }

        /** What is known of a tenant. @throws Failure {@code config} when the file of the tenants is malformed */
        public Tenant tenant(Optional<Profile> profile, Tenant.Id id) {
            Path tenants = fileOr(profile, Profile::tenantsPath, project.tenants());
            return Tenant.find(tenants, id).orElseGet(() -> Tenant.unknown(id));
        }

        /** @throws Failure {@code auth} when there are none, {@code config} when they are malformed */
        public ApiCredentials credentials(Optional<Profile> profile) {
            return ApiCredentials.find(
                    fileOr(profile, Profile::credentialsPath, project.credentials()), environment, warn);
        }

        // A profile of the first generation names these files, and often where they are not: the project's own serve
        // then.
        private Path fileOr(Optional<Profile> profile, Function<Profile, Optional<String>> named, Path usual) {
            return profile.flatMap(it -> named.apply(it).map(path -> environment.path(path, it.folder())))
                    .filter(Files::exists)
                    .orElse(usual);
        }
    }
}
