///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN docker_push
//DESCRIPTION Logs in to the tenant's registry and pushes one image, leaving no credential behind.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Digest.java
//SOURCES lib/Failure.java
//SOURCES lib/ImageReference.java
//SOURCES lib/Json.java
//SOURCES lib/Printable.java
//SOURCES lib/api/Retry.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/GitHubActions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Result.java
//SOURCES lib/cli/Run.java
//SOURCES lib/delivery/ArchiveOptions.java
//SOURCES lib/delivery/Delivery.java
//SOURCES lib/delivery/EngineImage.java
//SOURCES lib/delivery/Plan.java
//SOURCES lib/delivery/Pushable.java
//SOURCES lib/delivery/Session.java
//SOURCES lib/docker/Engine.java
//SOURCES lib/docker/ImageNames.java
//SOURCES lib/docker/PushedImage.java
//SOURCES lib/preflight/Needs.java

import java.util.Optional;
import lib.Digest;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.api.Retry;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.GitHubActions;
import lib.cli.Menu;
import lib.cli.Result;
import lib.cli.Run;
import lib.delivery.ArchiveOptions;
import lib.delivery.Delivery;
import lib.delivery.EngineImage;
import lib.delivery.Plan;
import lib.delivery.Pushable;
import lib.delivery.Session;
import lib.docker.Engine;
import lib.docker.ImageNames;
import lib.docker.PushedImage;
import lib.preflight.Needs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "docker_push",
        description = "Logs in to the tenant's registry and pushes one image.",
        versionProvider = Version.class)
class docker_push implements Script {
    @Mixin
    CommonOptions common;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "0..1",
            description = "An image of the local engine; with --archive, one of its images.")
    Optional<String> image = Optional.empty();

    @Mixin
    ArchiveOptions archive;

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant. Default: the profile's.")
    Optional<String> tenant = Optional.empty();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Push under this tag. Default: the server's, else IMAGE's.")
    Optional<String> tag = Optional.empty();

    @Option(names = "--dry-run", description = "Show what would be pushed, and where; ask no server.")
    boolean dryRun;

    public static void main(String... arguments) {
        Cli.of(new docker_push())
                .choosingBy(Menu::choose)
                .heardBy(GitHubActions::of)
                .run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        if (image.isEmpty() && !archive.isPresent()) {
            throw new Failure(ErrorCode.USAGE, "Name an image, or an --archive", "Such as 'just push acme:1.2'");
        }
        Needs needs = Needs.targetNamed(tenant).withEngine(!archive.isPresent()).withLogin(!archive.isPresent());
        Session session = Session.open(run, common, needs);
        Pushable local = archive.isPresent() ? archive.open(run, image) : engineImage(session);
        ImageNames names = names(run, session);
        if (dryRun) return Plan.ofPush(session, local, names).answer();
        PushedImage pushed = new Delivery(run, session, names).push(local);
        return new Result(
                pushed.pinned(),
                Json.object()
                        .put("image", pushed.reference().toString())
                        .put("digest", pushed.digest().map(Digest::value).orElse(null))
                        .put("tenant_id", session.target().tenant().id().value())
                        .set("timings_ms", run.timings().json()));
    }

    private ImageNames names(Run run, Session session) {
        ImageNames names =
                ImageNames.of(session.target().tenant(), tag, run.clock().instant(), "archive");
        Optional<String> own = archive.isPresent()
                ? image.flatMap(ArchiveOptions::tagOf)
                : Optional.of(reference().tag().orElse("latest"));
        return own.map(names::otherwiseTagged).orElse(names);
    }

    private Pushable engineImage(Session session) throws InterruptedException {
        Engine engine = session.engine();
        return new EngineImage(engine, engine.require(reference()), Retry.Sleep.REAL);
    }

    private ImageReference reference() {
        try {
            return ImageReference.parse(image.orElseThrow());
        } catch (IllegalArgumentException e) {
            throw new Failure(ErrorCode.USAGE, "IMAGE is " + Printable.of(e.getMessage()), "Such as 'acme:1.2'");
        }
    }
}
