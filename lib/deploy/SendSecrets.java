//SOURCES ../Failure.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/SecretsFile.java
//SOURCES ../project/Tenant.java
//SOURCES Targets.java
package lib.deploy;

import java.util.Set;
import lib.Failure;
import lib.Failure.Stage;
import lib.cli.Run;
import lib.deploy.Targets.Destination;
import lib.project.ApiCredentials;
import lib.project.Profile;
import lib.project.SecretsFile;
import lib.project.Tenant;

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
                    Tenant.Variables variables = variables();
                    run.console().detail("Secrets: " + String.join(", ", variables.names()));
                    put(variables);
                    return variables.names().size();
                },
                count -> count + " names");
    }

    private void put(Tenant.Variables variables) throws InterruptedException {
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

    private Tenant.Variables variables() {
        Run run = to.run();
        Profile profile = to.target().profile().orElseThrow();
        Tenant.Variables read = SecretsFile.of(profile, run.environment()).read(run.console()::warn);
        // The image holds the project's profiles in this place; one that lies elsewhere is not in it.
        boolean inImage = profile.file().startsWith(to.target().project().profiles());
        Tenant.Variables all = inImage
                ? read.with("SYSTEMPROMPT_PROFILE", "/app/services/profiles/" + profile.name() + "/profile.yaml")
                : read;
        return operatorToo ? withOperator(all) : all;
    }

    private Tenant.Variables withOperator(Tenant.Variables all) {
        ApiCredentials operator = to.target().credentials();
        Tenant.Variables acting =
                all.with("SYSTEMPROMPT_API_TOKEN", operator.apiToken()).with("SYSTEMPROMPT_CLI_REMOTE", "true");
        return operator.email()
                .map(email -> acting.with("SYSTEMPROMPT_USER_EMAIL", email))
                .orElse(acting);
    }
}
