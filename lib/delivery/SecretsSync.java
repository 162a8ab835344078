package lib.delivery;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import lib.Failure;
import lib.Secret;
import lib.Stage;
import lib.cli.Run;
import lib.project.Credentials;
import lib.project.Profile;
import lib.project.SecretsFile;

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
                    Map<String, Secret> secrets = secrets();
                    run.console().detail("Secrets: " + String.join(", ", secrets.keySet()));
                    put(secrets);
                    return secrets.size();
                },
                count -> count + " names");
    }

    private void put(Map<String, Secret> secrets) throws InterruptedException {
        try {
            session.api().putSecrets(session.target().tenant().id(), secrets);
        } catch (Failure failure) {
            String message = failure.getMessage() + "; nothing was deployed";
            throw new Failure(failure.code(), message, failure.hint()).causedBy(failure);
        }
    }

    /** The names that would be sent. */
    Set<String> names() {
        return secrets().keySet();
    }

    private Map<String, Secret> secrets() {
        Run run = session.run();
        Profile profile = session.target().profile().orElseThrow();
        Map<String, Secret> secrets =
                new TreeMap<>(SecretsFile.of(profile, run.environment()).read(run.console()::warn));
        // The image holds the project's profiles in this place; one that lies elsewhere is not in it.
        if (profile.file().startsWith(session.target().project().profiles())) {
            secrets.put(
                    "SYSTEMPROMPT_PROFILE", Secret.of("/app/services/profiles/" + profile.name() + "/profile.yaml"));
        }
        if (operatorToo) addOperator(secrets);
        return secrets;
    }

    private void addOperator(Map<String, Secret> secrets) {
        Credentials operator = session.target().credentials();
        secrets.put("SYSTEMPROMPT_API_TOKEN", operator.apiToken());
        operator.email().ifPresent(email -> secrets.put("SYSTEMPROMPT_USER_EMAIL", Secret.of(email)));
        secrets.put("SYSTEMPROMPT_CLI_REMOTE", Secret.of("true"));
    }
}
