//SOURCES ../Failure.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../preflight/Needs.java
//SOURCES ImageOptions.java
package lib.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.preflight.Needs;
import picocli.CommandLine.Option;

/** The options of {@code deploy} that say how far it goes, and what goes along. */
public final class FlowOptions {
    private static final String USUAL_PATIENCE = "300";

    @Option(names = "--all", description = "Deploy every cloud profile, built once; several can also be named with -p.")
    boolean all;

    @Option(
            names = "--check",
            description = "Look at everything that could stop a deploy, the push permission included; deploy nothing.")
    boolean check;

    @Option(names = "--dry-run", description = "Show what would be done; build, fetch, push and deploy nothing.")
    boolean dryRun;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = USUAL_PATIENCE,
            description = "Wait until the tenant runs or has failed. Default: ${FALLBACK-VALUE} seconds at most.")
    Optional<Integer> wait = Optional.empty();

    @Option(
            names = "--sync-secrets",
            description = "Send the profile's secrets.json to the tenant before it is deployed.")
    boolean syncSecrets;

    @Option(
            names = "--sync-credentials",
            description = "With --sync-secrets: send your own API token along, so that the tenant acts as you.")
    boolean syncCredentials;

    /** What must be there. @throws Failure {@code usage} for options that exclude each other, of the image's too */
    public Needs needs(ImageOptions image) {
        image.check();
        if (check && all) throw usage("--check looks at one profile", "Name it with --profile");
        if (check && dryRun) throw usage("--check and --dry-run exclude each other", "Leave one out");
        if (syncCredentials && !syncSecrets)
            throw usage("--sync-credentials goes with --sync-secrets", "Add --sync-secrets");
        if (wait.filter(seconds -> seconds < 0).isPresent())
            throw usage("--wait: less than 0 seconds", "Such as --wait=60");
        if (image.buildOnly() && (wait.isPresent() || syncSecrets)) {
            throw usage("--build-only goes with no --wait or --sync-secrets", "Leave one out");
        }
        return Needs.target(Optional.empty())
                .withEngine(image.needsEngine())
                .withLogin(image.needsLogin())
                .withBuild(image.builds(), image.dockerfile(), image.builder())
                .withSecrets(syncSecrets);
    }

    public boolean all() {
        return all;
    }

    public boolean check() {
        return check;
    }

    public boolean dryRun() {
        return dryRun;
    }

    public boolean waits() {
        return wait.isPresent();
    }

    /** How long a deployment is waited for; empty when it is not. */
    Optional<Duration> patience() {
        return wait.map(Duration::ofSeconds);
    }

    public boolean syncsSecrets() {
        return syncSecrets;
    }

    boolean syncsCredentials() {
        return syncCredentials;
    }

    /** The same options as words, for the command that resumes. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (syncSecrets) words.add("--sync-secrets");
        if (syncCredentials) words.add("--sync-credentials");
        wait.ifPresent(seconds -> words.add("--wait=" + seconds));
        return words;
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ErrorCode.USAGE, message, hint);
    }
}
