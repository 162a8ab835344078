//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Credentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/SecretsFile.java
//SOURCES ../project/TenantVariables.java
//SOURCES Session.java
package lib.delivery;

import java.util.Set;
import lib.Failure;
import lib.Stage;
import lib.cli.Run;
import lib.project.Credentials;
import lib.project.Profile;
import lib.project.SecretsFile;
import lib.project.TenantVariables;

/**
 * Sends the profile's secrets to the tenant, in one call, before the deployment that reads them.
 *
 * @param operatorToo whether the operator's own token goes along, with which the tenant acts as that person
 */
public record SecretsSync(Session session, boolean operatorToo) {
    /** Shows how many there are; {@code --verbose} their names, and nothing their values. */
    public void send() throws InterruptedException {
        Run run = session.run();
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
            session.api().putSecrets(session.target().tenant().id(), variables);
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
        Run run = session.run();
        Profile profile = session.target().profile().orElseThrow();
        TenantVariables read = SecretsFile.of(profile, run.environment()).read(run.console()::warn);
        // The image holds the project's profiles in this place; one that lies elsewhere is not in it.
        boolean inImage = profile.file().startsWith(session.target().project().profiles());
        TenantVariables all = inImage
                ? read.with("SYSTEMPROMPT_PROFILE", "/app/services/profiles/" + profile.name() + "/profile.yaml")
                : read;
        return operatorToo ? withOperator(all) : all;
    }

    private TenantVariables withOperator(TenantVariables all) {
        Credentials operator = session.target().credentials();
        TenantVariables acting =
                all.with("SYSTEMPROMPT_API_TOKEN", operator.apiToken()).with("SYSTEMPROMPT_CLI_REMOTE", "true");
        return operator.email()
                .map(email -> acting.with("SYSTEMPROMPT_USER_EMAIL", email))
                .orElse(acting);
    }
}
