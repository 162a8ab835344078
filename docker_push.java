///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN docker_push
//DESCRIPTION Logs in to the tenant's registry and pushes one image, leaving no credential behind.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/ImageReference.java
//SOURCES lib/Json.java
//SOURCES lib/Printable.java
//SOURCES lib/api/ManagementApi.java
//SOURCES lib/api/RegistryToken.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/GitHubActions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Run.java
//SOURCES lib/deploy/Push.java
//SOURCES lib/deploy/PushOptions.java
//SOURCES lib/deploy/PushSource.java
//SOURCES lib/docker/Docker.java
//SOURCES lib/project/Target.java

import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.Printable;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.GitHubActions;
import lib.cli.Menu;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.deploy.Push;
import lib.deploy.Push.ImageNames;
import lib.deploy.Push.Plan;
import lib.deploy.PushOptions;
import lib.deploy.PushSource;
import lib.docker.Docker;
import lib.project.Target;
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
    PushOptions options;

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant. Default: the profile's.")
    Optional<String> tenant = Optional.empty();

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
        options.check();
        boolean archive = options.isArchive();
        if (image.isEmpty() && !archive) {
            throw new Failure(ErrorCode.USAGE, "Name an image, or an --archive", "Such as 'just push acme:1.2'");
        }
        Docker docker = Push.docker(run);
        Target target = target(run, docker);
        PushSource source = archive
                ? options.openArchive(run, image)
                : new PushSource.OfEngine(docker, docker.require(reference(), options.wanted(), run.console()::warn));
        ImageNames names = names(run, target);
        if (dryRun) return Plan.ofPush(target, source, names).answer();

        ManagementApi api = ManagementApi.of(target.credentials(), run);
        Push push = new Push(run, api, target, names);
        PushedImage pushed = push.retryingRefusedToken(() -> {
            RegistryToken token = push.token();
            return push.push(source, token);
        });
        return new Result(
                pushed.pinned(),
                Json.object()
                        .put("image", pushed.reference().toString())
                        .put("digest", pushed.digest().map(Digest::value).orElse(null))
                        .put("tenant_id", target.tenant().id().value())
                        .set("timings_ms", run.timingsJson()));
    }

    private ImageNames names(Run run, Target target) {
        ImageNames names =
                ImageNames.of(target.tenant(), options.tag(), run.clock().instant(), "archive");
        Optional<String> own = options.isArchive()
                ? image.flatMap(PushOptions::tagOf)
                : Optional.of(reference().tag().orElse("latest"));
        return own.map(names::otherwiseTagged).orElse(names);
    }

    private Target target(Run run, Docker docker) throws InterruptedException {
        Target.Found found = Target.find(run, common, tenant);
        if (!options.isArchive()) {
            Push.checkEngine(docker, found.findings());
            Push.checkFolder(run.environment(), found.findings());
        }
        return found.require(run.console()::warn);
    }

    private ImageReference reference() {
        try {
            return ImageReference.parse(image.orElseThrow());
        } catch (IllegalArgumentException e) {
            throw new Failure(ErrorCode.USAGE, "IMAGE is " + Printable.of(e.getMessage()), "Such as 'acme:1.2'");
        }
    }
}
