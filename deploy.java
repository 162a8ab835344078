///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN deploy
//DESCRIPTION Deploys a tenant: build, token, login, push, deploy. The token is never written out.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/ImageReference.java
//SOURCES lib/api/Deployment.java
//SOURCES lib/api/RegistryToken.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/GitHubActions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Run.java
//SOURCES lib/deploy/DeployLock.java
//SOURCES lib/deploy/DeployOptions.java
//SOURCES lib/deploy/Doctor.java
//SOURCES lib/deploy/ImageSource.java
//SOURCES lib/deploy/Preflight.java
//SOURCES lib/deploy/Push.java
//SOURCES lib/deploy/PushSource.java
//SOURCES lib/deploy/Releases.java
//SOURCES lib/deploy/Report.java
//SOURCES lib/deploy/SendSecrets.java
//SOURCES lib/deploy/Targets.java

import java.util.Optional;
import lib.Failure.Stage;
import lib.ImageReference.PushedImage;
import lib.api.Deployment;
import lib.api.RegistryToken;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.GitHubActions;
import lib.cli.Menu;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.deploy.DeployLock;
import lib.deploy.DeployOptions;
import lib.deploy.Doctor;
import lib.deploy.ImageSource;
import lib.deploy.Preflight.Requirements;
import lib.deploy.Push;
import lib.deploy.PushSource;
import lib.deploy.Releases;
import lib.deploy.Releases.Release;
import lib.deploy.Report;
import lib.deploy.SendSecrets;
import lib.deploy.Targets;
import lib.deploy.Targets.Destination;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "deploy",
        description = "Builds the tenant's image, pushes it and deploys it. The registry token is never written out.",
        versionProvider = Version.class)
class deploy implements Script {
    @Mixin
    CommonOptions common;

    @Mixin
    DeployOptions options;

    public static void main(String... arguments) {
        Cli.of(new deploy())
                .choosingBy(Menu::choose)
                .heardBy(GitHubActions::of)
                .preparing(Push::prepare)
                .run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        Requirements needs = options.requirements();
        if (options.check()) return Doctor.examine(run, common, needs);

        Targets targets =
                run.stage(Stage.PREFLIGHT, () -> Targets.open(run, common, needs, options.all()), Targets::label);
        ImageSource source = ImageSource.of(options.image(), targets, run);
        if (options.dryRun()) return targets.each("planned", to -> new Report(to, options).planned(source));

        return DeployLock.during(run, targets.project(), () -> {
            Optional<PushSource> image = source.obtain();
            if (options.image().buildOnly())
                return targets.each("built", to -> new Report(to, options).built(source.localName()));
            return targets.each("deployed", to -> {
                Push push = new Push(to.run(), to.api(), to.target(), source.names(to.target()));
                PushedImage pushed = image.isPresent() ? push(to, push, image.get()) : source.alreadyPushed(push);
                Deployment accepted = deploy(to, pushed);
                return new Report(to, options).deployed(pushed, noted(to, pushed, source.revision(), accepted));
            });
        });
    }

    private PushedImage push(Destination to, Push push, PushSource image) throws InterruptedException {
        return options.resumable(
                to,
                image,
                () -> push.retryingRefusedToken(() -> {
                    RegistryToken token = push.token();
                    return push.push(image, token);
                }));
    }

    private Deployment deploy(Destination to, PushedImage pushed) throws InterruptedException {
        return options.resumable(to, pushed, () -> {
            if (options.syncsSecrets()) new SendSecrets(to, options.syncsCredentials()).send();
            return to.deploy(pushed);
        });
    }

    /** Notes what was accepted, so that one can go back to it, and waits for what becomes of it. */
    private Deployment noted(Destination to, PushedImage pushed, Optional<String> revision, Deployment accepted)
            throws InterruptedException {
        Releases releases = new Releases(to.target().project(), to.run().console()::warn);
        Optional<Release> release = releases.note(Release.accepted(
                to.target(), pushed, revision, accepted, to.run().clock().instant(), Optional.empty()));
        if (options.timeout().isEmpty()) return accepted;
        return releases.settled(
                release,
                options.command("rollback", to.options()),
                () -> to.await(accepted, options.timeout().get()));
    }
}
