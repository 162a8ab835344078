//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../api/Deployment.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Build.java
//SOURCES DeployOptions.java
//SOURCES ImageOptions.java
//SOURCES ImageSource.java
//SOURCES Push.java
//SOURCES SendSecrets.java
//SOURCES Targets.java
//SOURCES Timings.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lib.Failure.Stage;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.api.Deployment;
import lib.cli.Run.Result;
import lib.deploy.Push.ImageNames;
import lib.deploy.Push.Plan;
import lib.deploy.Targets.Destination;
import lib.docker.Build;

/** What {@code deploy} answers for one target. */
public record Report(Destination to, DeployOptions options) {
    /** After {@code --build-only}. */
    public Result built(ImageReference image) {
        Timings.tell(to.run());
        return new Result(image.toString(), json("built", null, image, null));
    }

    public Result deployed(PushedImage image, Deployment deployment) {
        Timings.tell(to.run());
        String url = deployment.url().orElse(null);
        String digest = image.digest().map(Digest::value).orElse(null);
        return new Result(
                url == null ? deployment.status() : url, json(deployment.status(), url, image.reference(), digest));
    }

    private ObjectNode json(String status, String url, ImageReference image, String digest) {
        ObjectNode json = Json.object()
                .put("status", status)
                .put("url", url)
                .put("image", image.toString())
                .put("digest", digest);
        return Timings.addTo(to.target().describe(json), to.run());
    }

    /** What would be done. An image that is given is looked at; nothing is asked of a server, and nothing is built. */
    public Result planned(ImageSource source) throws InterruptedException {
        ImageOptions image = options.image();
        Plan plan = Plan.to(to.target());
        if (image.builds()) {
            Build build = source.toBuild();
            plan.with("dockerfile", build.dockerfile().toString())
                    .with("context", build.context().toString())
                    .with("platform", build.platform())
                    .with("builder", image.builder().orElse(null))
                    .with(
                            "local_image",
                            image.builder().isPresent() ? null : build.image().toString());
        } else {
            source.find();
            plan.with(
                            "local_image",
                            image.skipPush() ? null : image.givenImage().orElse(null))
                    .with("archive", image.archiveFile().map(Path::toString).orElse(null));
        }
        named(plan, source.names(to.target()), image).stages(stages(image));
        if (options.syncsSecrets()) {
            plan.list("secrets", new SendSecrets(to, options.syncsCredentials()).names());
        }
        options.timeout().ifPresent(timeout -> plan.with("wait_seconds", Long.toString(timeout.toSeconds())));
        return plan.answer();
    }

    private static Plan named(Plan plan, ImageNames names, ImageOptions image) {
        if (image.buildOnly()) return plan;
        Optional<ImageReference> trusted = image.skipPush() ? image.given() : Optional.empty();
        return trusted.isPresent() ? plan.with("image", trusted.get().toString()) : plan.named(names);
    }

    private Set<Stage> stages(ImageOptions image) {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        if (image.builds()) stages.add(Stage.BUILD);
        if (image.buildOnly()) return stages;
        if (!image.skipPush()) stages.addAll(EnumSet.of(Stage.TOKEN, Stage.LOGIN, Stage.PUSH));
        if (options.syncsSecrets()) stages.add(Stage.SECRETS);
        stages.add(Stage.DEPLOY);
        if (options.timeout().isPresent()) stages.add(Stage.WAIT);
        return stages;
    }
}
