//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Credentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/SecretsFile.java
//SOURCES ../project/TenantVariables.java
//SOURCES Targets.java
package lib.deploy;

import java.util.Set;
import lib.Failure;
import lib.Stage;
import lib.cli.Run;
import lib.deploy.Targets.Destination;
import lib.project.Credentials;
import lib.project.Profile;
import lib.project.SecretsFile;
import lib.project.TenantVariables;

/**
 * Sends the profile's secrets to the tenant, in one call, before the deployment that reads them.
 *
 * @param operatorToo whether the operator's own token goes along, with which the tenant acts as that person
 */
public record SendSecrets(Destination to, boolean operatorToo) {
    /** Shows how many there are; {@code --verbose} their names, and nothing their values. */
    public void send() throws InterruptedException {
        Run run = to.run();
        run.stage(
                Stage.SECRETS,
                () -> {
                    TenantVariables variables = variables();
                    run.console().detail("Secrets: " + String.join(", ", variables.names()));
                    put(variables);
                    return variables.names().size();
                },
                count -> count + " names");
    }

    private void put(TenantVariables variables) throws InterruptedException {
        try {
            to.api().putSecrets(to.target().tenant().id(), variables);
        } catch (Failure failure) {
            String message = failure.getMessage() + "; nothing was deployed";
            throw new Failure(failure.code(), message, failure.hint()).causedBy(failure);
        }
    }

    /** The names that would be sent. */
    Set<String> names() {
        return variables().names();
    }

    private TenantVariables variables() {
        Run run = to.run();
        Profile profile = to.target().profile().orElseThrow();
        TenantVariables read = SecretsFile.of(profile, run.environment()).read(run.console()::warn);
        // The image holds the project's profiles in this place; one that lies elsewhere is not in it.
        boolean inImage = profile.file().startsWith(to.target().project().profiles());
        TenantVariables all = inImage
                ? read.with("SYSTEMPROMPT_PROFILE", "/app/services/profiles/" + profile.name() + "/profile.yaml")
                : read;
        return operatorToo ? withOperator(all) : all;
    }

    private TenantVariables withOperator(TenantVariables all) {
        Credentials operator = to.target().credentials();
        TenantVariables acting =
                all.with("SYSTEMPROMPT_API_TOKEN", operator.apiToken()).with("SYSTEMPROMPT_CLI_REMOTE", "true");
        return operator.email()
                .map(email -> acting.with("SYSTEMPROMPT_USER_EMAIL", email))
                .orElse(acting);
    }
}
