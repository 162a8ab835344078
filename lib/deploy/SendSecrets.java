//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../api/ApiCall.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/SecretsFile.java
//SOURCES Targets.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Set;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Json;
import lib.api.ApiCall;
import lib.api.ManagementApi;
import lib.cli.Run;
import lib.deploy.Targets.Destination;
import lib.project.ApiCredentials;
import lib.project.Profile;
import lib.project.SecretsFile;
import lib.project.SecretsFile.Variables;

/**
 * Sends the profile's secrets to the tenant, in one call, before the deployment that reads them.
 *
 * @param operatorToo whether the operator's own token goes along, with which the tenant acts as that person
 */
public record SendSecrets(Destination to, boolean operatorToo) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Shows how many there are; {@code --verbose} their names, and nothing their values. */
    public void send() throws InterruptedException {
        Run run = to.run();
        run.stage(
                Stage.SECRETS,
                () -> {
                    Variables variables = variables();
                    run.console().detail("Secrets: " + String.join(", ", variables.names()));
                    put(variables);
                    return variables.names().size();
                },
                count -> count + " names");
    }

    // Which replace those of the same name.
    private static ObjectNode body(Variables variables) {
        ObjectNode body = Json.object();
        ObjectNode values = body.putObject("secrets");
        variables.secrets().forEach((name, secret) -> values.put(name, secret.reveal()));
        variables.plain().forEach(values::put);
        return body;
    }

    /** Not repeated, but with another bearer. @throws Failure of which nothing was deployed; the secrets may have arrived */
    private void put(Variables variables) throws InterruptedException {
        try {
            ApiCall call = ApiCall.json(
                    "PUT",
                    ManagementApi.tenant(to.target().tenant().id(), "secrets"),
                    Json.line(body(variables)),
                    TIMEOUT);
            to.api().once(call).accepted(ErrorCode.DEPLOY_FAILED);
        } catch (Failure failure) {
            String message = failure.getMessage() + "; nothing was deployed";
            throw new Failure(failure.code(), message, failure.hint()).causedBy(failure);
        }
    }

    /** The names that would be sent. */
    Set<String> names() {
        return variables().names();
    }

    private Variables variables() {
        Run run = to.run();
        Profile profile = to.target().profile().orElseThrow();
        Variables read = SecretsFile.of(profile, run.environment()).read(run.console()::warn);
        // The image holds the project's profiles in this place; one that lies elsewhere is not in it.
        boolean inImage = profile.file().startsWith(to.target().project().profiles());
        Variables all = inImage
                ? read.with("SYSTEMPROMPT_PROFILE", "/app/services/profiles/" + profile.name() + "/profile.yaml")
                : read;
        return operatorToo ? withOperator(all) : all;
    }

    private Variables withOperator(Variables all) {
        ApiCredentials operator = to.target().credentials();
        Variables acting =
                all.with("SYSTEMPROMPT_API_TOKEN", operator.apiToken()).with("SYSTEMPROMPT_CLI_REMOTE", "true");
        return operator.email()
                .map(email -> acting.with("SYSTEMPROMPT_USER_EMAIL", email))
                .orElse(acting);
    }
}
