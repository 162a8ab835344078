///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN deploy
//DESCRIPTION Deploys a tenant: build, token, login, push, deploy. The token is never written out.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Stage.java
//SOURCES lib/api/Deployment.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/GitHubActions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Result.java
//SOURCES lib/cli/Run.java
//SOURCES lib/delivery/Delivery.java
//SOURCES lib/delivery/DeployLock.java
//SOURCES lib/delivery/DeployReport.java
//SOURCES lib/delivery/DryRun.java
//SOURCES lib/delivery/FlowOptions.java
//SOURCES lib/delivery/ImageOptions.java
//SOURCES lib/delivery/ImageSource.java
//SOURCES lib/delivery/Pushable.java
//SOURCES lib/delivery/Resume.java
//SOURCES lib/delivery/Session.java
//SOURCES lib/delivery/Sessions.java
//SOURCES lib/docker/ImageNames.java
//SOURCES lib/docker/PushedImage.java
//SOURCES lib/preflight/Doctor.java
//SOURCES lib/preflight/Needs.java

import java.util.Optional;
import lib.Stage;
import lib.api.Deployment;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.GitHubActions;
import lib.cli.Menu;
import lib.cli.Result;
import lib.cli.Run;
import lib.delivery.Delivery;
import lib.delivery.DeployLock;
import lib.delivery.DeployReport;
import lib.delivery.DryRun;
import lib.delivery.FlowOptions;
import lib.delivery.ImageOptions;
import lib.delivery.ImageSource;
import lib.delivery.Pushable;
import lib.delivery.Resume;
import lib.delivery.Session;
import lib.delivery.Sessions;
import lib.docker.ImageNames;
import lib.docker.PushedImage;
import lib.preflight.Doctor;
import lib.preflight.Needs;
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
    ImageOptions options;

    @Mixin
    FlowOptions flow;

    public static void main(String... arguments) {
        Cli.of(new deploy()).choosingBy(Menu::choose).heardBy(GitHubActions::of).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        Needs needs = flow.needs(options);
        if (flow.check()) return Doctor.look(run, common, needs).answer();

        Sessions sessions =
                run.stage(Stage.PREFLIGHT, () -> Sessions.open(run, common, needs, flow.all()), Sessions::label);
        ImageSource source = ImageSource.of(options, sessions, run);
        if (flow.dryRun()) return sessions.each(session -> new DryRun(session, source, options, flow).answer());

        return DeployLock.during(run, sessions.project(), () -> {
            Optional<Pushable> image = source.image();
            if (options.buildOnly()) return new DeployReport(sessions.first()).built(source.localName());
            return sessions.each(session -> deliver(session, source.names(session), source, image));
        });
    }

    private Result deliver(Session session, ImageNames names, ImageSource source, Optional<Pushable> image)
            throws InterruptedException {
        Delivery delivery = new Delivery(session.run(), session, names);
        PushedImage pushed = image.isPresent()
                ? Resume.pushing(session, image.get(), options, flow).after(() -> delivery.push(image.get()))
                : source.alreadyPushed(names, delivery);

        Deployment deployment = Resume.deploying(session, pushed, flow).after(() -> {
            if (flow.syncsSecrets()) session.sendSecrets(flow);
            return session.deploy(pushed);
        });
        return new DeployReport(session).deployed(pushed, flow.waits() ? session.await(deployment, flow) : deployment);
    }
}
