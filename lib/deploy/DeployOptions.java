//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../api/Deployment.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ImageOptions.java
//SOURCES Preflight.java
//SOURCES PushSource.java
//SOURCES Targets.java
package lib.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference.PushedImage;
import lib.api.Deployment.Poller;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.deploy.Targets.Destination;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code deploy}: which image, how far it goes, and what goes along. */
public final class DeployOptions {
    @Mixin
    ImageOptions image;

    @Option(names = "--all", description = "Deploy every cloud profile, built once; several can also be named with -p.")
    boolean all;

    @Option(
            names = "--check",
            description = "Look at everything that could stop a deploy, the push permission included; deploy nothing.")
    boolean check;

    @Option(names = "--dry-run", description = "Show what would be done; build, fetch, push and deploy nothing.")
    boolean dryRun;

    @Mixin
    Poller.Wait wait;

    @Option(
            names = "--sync-secrets",
            description = "Send the profile's secrets.json to the tenant before it is deployed.")
    boolean syncSecrets;

    @Option(
            names = "--sync-credentials",
            description = "With --sync-secrets: send your own API token along, so that the tenant acts as you.")
    boolean syncCredentials;

    /** What must be there. @throws Failure {@code usage} for options that exclude each other */
    public Preflight.Requirements requirements() {
        image.check();
        if (check && all) throw usage("--check looks at one profile", "Name it with --profile");
        if (check && dryRun) throw usage("--check and --dry-run exclude each other", "Leave one out");
        if (syncCredentials && !syncSecrets)
            throw usage("--sync-credentials goes with --sync-secrets", "Add --sync-secrets");
        if (image.buildOnly() && (timeout().isPresent() || syncSecrets)) {
            throw usage("--build-only goes with no --wait or --sync-secrets", "Leave one out");
        }
        return new Preflight.Requirements(
                image.needsEngine(),
                image.needsLogin(),
                image.builds(),
                image.dockerfile(),
                image.builder(),
                syncSecrets);
    }

    public ImageOptions image() {
        return image;
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

    /** How long a deployment is waited for; empty when it is not. */
    public Optional<Duration> timeout() {
        return wait.timeout();
    }

    public boolean syncsSecrets() {
        return syncSecrets;
    }

    public boolean syncsCredentials() {
        return syncCredentials;
    }

    /** Pushes; a failure tells the command that goes on after the build. */
    public PushedImage resumable(Destination to, PushSource built, Run.Work<PushedImage> push)
            throws InterruptedException {
        List<String> words = new ArrayList<>(built.asOptions());
        words.addAll(image.wordsForPush());
        String condition = String.join(", ", built.variables());
        return resumable(to, words, condition.isEmpty() ? "" : condition + " must be set in the environment", push);
    }

    /** Deploys what the registry holds; a failure tells the command that goes on after the push. */
    public <T> T resumable(Destination to, PushedImage pushed, Run.Work<T> deploy) throws InterruptedException {
        return resumable(to, List.of("--image", pushed.reference().toString(), "--skip-push"), "", deploy);
    }

    private <T> T resumable(Destination to, List<String> words, String condition, Run.Work<T> work)
            throws InterruptedException {
        try {
            return work.get();
        } catch (Failure failure) {
            if (failure.resume().isPresent()) throw failure;
            throw failure.resumedBy(command(to.options(), words), condition);
        }
    }

    private String command(CommonOptions common, List<String> more) {
        List<String> words = words("deploy", common);
        words.addAll(more);
        if (syncSecrets) words.add("--sync-secrets");
        if (syncCredentials) words.add("--sync-credentials");
        timeout().ifPresent(time -> words.add("--wait=" + time.toSeconds()));
        return words.stream().map(DeployOptions::quoted).collect(Collectors.joining(" "));
    }

    /** Another recipe for the same project and profile. */
    public String command(String recipe, CommonOptions common) {
        return words(recipe, common).stream().map(DeployOptions::quoted).collect(Collectors.joining(" "));
    }

    private static List<String> words(String recipe, CommonOptions common) {
        List<String> words = new ArrayList<>(List.of("just", recipe));
        common.project().ifPresent(folder -> words.addAll(List.of("-C", folder.toString())));
        common.profiles().forEach(profile -> words.addAll(List.of("-p", profile)));
        return words;
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ErrorCode.USAGE, message, hint);
    }
}
