///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN docker_push
//DESCRIPTION Logs in to the tenant's registry and pushes one image, leaving no credential behind.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto
//SOURCES lib/delivery/package-info.java

import java.util.Optional;
import lib.Digest;
import lib.ErrorCode;
import lib.Failure;
import lib.Json;
import lib.Printable;
import lib.Reference;
import lib.cli.Answer;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.cli.Script;
import lib.cli.Version;
import lib.delivery.Delivery;
import lib.delivery.EngineImage;
import lib.delivery.Session;
import lib.docker.ImageNames;
import lib.docker.PushedImage;
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

    @Parameters(paramLabel = "IMAGE", description = "An image of the local engine.")
    String image;

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant. Default: the profile's.")
    Optional<String> tenant = Optional.empty();

    @Option(names = "--tag", paramLabel = "TAG", description = "Push under this tag. Default: the server's, else IMAGE's.")
    Optional<String> tag = Optional.empty();

    public static void main(String... arguments) {
        Cli.run(new docker_push(), arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Answer call(Run run) throws InterruptedException {
        Reference source = reference();
        Session session = Session.open(run, common, tenant);
        EngineImage local = new EngineImage(session.engine(), session.engine().require(source), Delivery.SLEEP);
        ImageNames names = new ImageNames(session.target().tenant(), tag, source.tag().orElse("latest"));
        PushedImage pushed = new Delivery(run, session, names).push(local);
        return new Answer(
                pushed.pinned(),
                Json.object()
                        .put("image", pushed.reference().toString())
                        .put("digest", pushed.digest().map(Digest::value).orElse(null))
                        .put("tenant_id", session.target().tenant().id().value())
                        .set("timings_ms", run.timings().json()));
    }

    private Reference reference() {
        try {
            return Reference.parse(image);
        } catch (IllegalArgumentException e) {
            throw new Failure(ErrorCode.USAGE, "IMAGE is " + Printable.of(e.getMessage()), "Such as 'acme:1.2'");
        }
    }
}
