///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN releases
//DESCRIPTION What was deployed, and back to it: lists the releases, deploys an earlier one again without a build or
// push.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/Http.java
//SOURCES lib/ImageReference.java
//SOURCES lib/Json.java
//SOURCES lib/api/Account.java
//SOURCES lib/api/Deployment.java
//SOURCES lib/api/ManagementApi.java
//SOURCES lib/api/RegistryToken.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/Run.java
//SOURCES lib/deploy/DeployLock.java
//SOURCES lib/deploy/Releases.java
//SOURCES lib/deploy/Timings.java
//SOURCES lib/project/Target.java
//SOURCES lib/project/Tenant.java
//SOURCES lib/registry/ImageLookup.java
//SOURCES lib/registry/RegistryClient.java

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Http;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.api.Account;
import lib.api.Deployment;
import lib.api.Deployment.Poller;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.deploy.DeployLock;
import lib.deploy.Releases;
import lib.deploy.Releases.Release;
import lib.deploy.Timings;
import lib.project.Target;
import lib.project.Tenant;
import lib.registry.ImageLookup;
import lib.registry.RegistryClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;

@Command(
        name = "releases",
        description = "Lists what was deployed to the tenant from here, newest first.",
        versionProvider = Version.class,
        subcommands = {releases.ListCommand.class, releases.RollbackCommand.class})
class releases implements Script {
    @Mixin
    CommonOptions common;

    @Option(
            names = "--tenant",
            scope = ScopeType.INHERIT,
            paramLabel = "ID",
            description = "The tenant. Default: the profile's.")
    Optional<String> tenant = Optional.empty();

    @Option(
            names = "--limit",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "How many to list (${DEFAULT-VALUE}).",
            defaultValue = "20")
    int limit;

    public static void main(String... arguments) {
        Cli.of(new releases()).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        if (limit < 1) throw new Failure(ErrorCode.USAGE, "--limit is not a positive number", "Such as --limit 5");
        Target.Found found = Target.find(run, common, tenant);
        if (found.tenant().isEmpty()) found.findings().requireNoFailure();
        Tenant.Id id = found.tenant().orElseThrow().id();
        List<Release> releases = new Releases(found.project(), run.console()::warn).of(id);
        if (releases.isEmpty()) run.console().warn("Nothing that was deployed to " + id + " is noted on this machine");
        List<Release> shown = releases.stream().limit(limit).toList();
        ArrayNode json = Json.object().arrayNode();
        for (Release release : shown) json.add(release.json().put("current", release == shown.get(0)));
        return new Result(table(shown, run.clock().instant()), json);
    }

    private static String table(List<Release> releases, Instant now) {
        if (releases.isEmpty()) return "";
        StringBuilder table = new StringBuilder();
        row(table, "", "", "deployed", "tag", "digest", "revision", "status");
        for (Release release : releases) {
            row(
                    table,
                    release == releases.get(0) ? "*" : "",
                    Integer.toString(release.number()),
                    ago(Duration.between(release.at(), now)),
                    release.image().tag().orElse("-"),
                    release.digest().map(Digest::shortened).orElse("-"),
                    release.revision().orElse("-"),
                    release.status()
                            + release.rollbackOf()
                                    .map(of -> " (back to " + of + ")")
                                    .orElse(""));
        }
        return table.toString().stripTrailing();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(String.format("%-2s%3s  %-12s  %-32s  %-12s  %-15s  %s%n", cells));
    }

    private static String ago(Duration time) {
        if (time.toSeconds() < 60) return "just now";
        if (time.toMinutes() < 60) return time.toMinutes() + " min ago";
        if (time.toHours() < 48) return time.toHours() + " h ago";
        return time.toDays() + " days ago";
    }

    @Command(
            name = "list",
            description = "Lists the releases, as without a subcommand.",
            versionProvider = Version.class)
    static class ListCommand implements Script {
        @ParentCommand
        releases parent;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            return parent.call(run);
        }
    }

    @Command(
            name = "rollback",
            description = {
                "Deploys the image of an earlier release again. Nothing is built or pushed.",
                "It is proven first that the registry still has it."
            },
            versionProvider = Version.class)
    static class RollbackCommand implements Script {
        @ParentCommand
        releases parent;

        @Parameters(
                paramLabel = "RELEASE",
                arity = "0..1",
                description = "Its number in the list. Default: the last other image before the current one.")
        Optional<Integer> number = Optional.empty();

        @Mixin
        Poller.Wait wait;

        @Option(names = "--dry-run", description = "Show what would be deployed; ask nobody and deploy nothing.")
        boolean dryRun;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            Target target =
                    run.stage(Stage.PREFLIGHT, () -> Target.require(run, parent.common, parent.tenant), Target::label);
            Releases releases = new Releases(target.project(), run.console()::warn);
            Release release = Releases.target(
                    releases.of(target.tenant().id()), number, target.tenant().id());
            if (dryRun) return planned(release);
            ManagementApi api = ManagementApi.of(target.credentials(), run);
            return DeployLock.during(run, target.project(), () -> {
                RegistryToken token = run.stage(
                        Stage.TOKEN, () -> Account.registryToken(api, target.tenant()), RegistryToken::registry);
                PushedImage image = run.within(Stage.TOKEN, () -> proven(release, token));
                image.tell(run::know);
                run.console().success("The registry has release " + release.number() + "  " + image);
                Deployment accepted = run.stage(
                        Stage.DEPLOY,
                        () -> Deployment.start(api, target.tenant().id(), image.reference()),
                        Deployment::status);
                return result(run, target, release, image, noted(run, api, target, release, image, accepted));
            });
        }

        private static Result planned(Release release) {
            ObjectNode plan = Json.object()
                    .put("tenant_id", release.tenant().value())
                    .put("image", release.image().toString())
                    .put("digest", release.digest().map(Digest::value).orElse(null))
                    .put("rollback_of", release.number());
            return new Result(
                    "Release " + release.number() + " would be deployed again: " + release.image(),
                    Json.object().set("plan", plan));
        }

        /** The image as it is to be named: by its tag where that still means it, else by its digest. */
        private static PushedImage proven(Release release, RegistryToken token) throws InterruptedException {
            ImageReference image = release.image();
            if (!image.registry().equals(Optional.of(token.registry()))) {
                throw new Failure(
                        ErrorCode.CONFIG,
                        "Release " + release.number() + " is in another registry than the tenant's: " + image,
                        "Deploy it by its name, if the tenant can pull it: just deploy --skip-push --image " + image);
            }
            RegistryClient repository = RegistryClient.of(Http.shared(), image, token.credential());
            String tag = image.tag().orElse("");
            Optional<Digest> tagged = tag.isEmpty() ? Optional.empty() : ImageLookup.digest(repository, tag);
            Optional<Digest> wanted = release.digest().or(image::digest).or(() -> tagged);
            if (wanted.isEmpty()) throw gone(release);
            if (tagged.equals(wanted)) return new PushedImage(image, wanted);
            if (ImageLookup.digest(repository, wanted.get().value()).isEmpty()) throw gone(release);
            ImageReference pinned = new ImageReference(image.registry(), image.repository(), Optional.empty(), wanted);
            return new PushedImage(pinned, wanted);
        }

        private static Failure gone(Release release) {
            return new Failure(
                    ErrorCode.CONFIG,
                    "The registry no longer has the image of release " + release.number() + ": " + release.image()
                            + "; nothing was deployed",
                    "'just releases' lists others; name one: just rollback RELEASE");
        }

        private Deployment noted(
                Run run, ManagementApi api, Target target, Release of, PushedImage image, Deployment accepted)
                throws InterruptedException {
            Releases releases = new Releases(target.project(), run.console()::warn);
            Optional<Release> release = releases.note(Release.accepted(
                    target, image, of.revision(), accepted, run.clock().instant(), Optional.of(of.number())));
            if (wait.timeout().isEmpty()) return accepted;
            return releases.settled(release, "just rollback RELEASE", () -> {
                Poller poller = Poller.of(api, target.tenant().id()).after(accepted);
                Deployment up = poller.await(
                        run, wait.timeout().get(), now -> run.console().say("  " + now.status()));
                return up.orUrlOf(accepted);
            });
        }

        private static Result result(Run run, Target target, Release of, PushedImage image, Deployment deployment) {
            Timings.tell(run);
            String url = deployment.url().orElse(null);
            ObjectNode json = Json.object()
                    .put("status", deployment.status())
                    .put("url", url)
                    .put("image", image.reference().toString())
                    .put("digest", image.digest().map(Digest::value).orElse(null));
            target.describe(json).put("rollback_of", of.number());
            return new Result(url == null ? deployment.status() : url, Timings.addTo(json, run));
        }
    }
}
