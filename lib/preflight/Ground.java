//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/Target.java
//SOURCES ../project/Tenant.java
//SOURCES Findings.java
package lib.preflight;

import java.util.Optional;
import lib.project.ApiCredentials;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Target;
import lib.project.Tenant;

/** What a preflight found; a part is empty where a finding says why, or where nothing was asked. */
public record Ground(
        Project project,
        Optional<Profile> profile,
        Optional<Tenant> tenant,
        Optional<ApiCredentials> credentials,
        boolean engineAnswers,
        Findings findings) {

    /** Where the run goes. @throws lib.Failure with everything that stands in the way */
    public Target target() {
        findings.failure().ifPresent(failure -> {
            throw failure;
        });
        return new Target(project, profile, tenant.orElseThrow(), credentials.orElseThrow());
    }
}
