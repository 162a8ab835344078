//SOURCES ../ImageReference.java
//SOURCES ../Stage.java
//SOURCES ../cli/Result.java
//SOURCES ../docker/Build.java
//SOURCES ../docker/ImageNames.java
//SOURCES FlowOptions.java
//SOURCES ImageOptions.java
//SOURCES ImageSource.java
//SOURCES Plan.java
//SOURCES SecretsSync.java
//SOURCES Session.java
package lib.delivery;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import lib.ImageReference;
import lib.Stage;
import lib.cli.Result;
import lib.docker.Build;
import lib.docker.ImageNames;

/** The plan of a deploy. An image that is given is looked at; nothing is asked of a server, and nothing is built. */
public record DryRun(Session session, ImageSource source, ImageOptions options, FlowOptions flow) {
    public Result answer() throws InterruptedException {
        ImageNames names = source.names(session);
        Plan plan = Plan.to(session);
        if (options.builds()) {
            Build build = source.build(session);
            plan.with("dockerfile", build.dockerfile().toString())
                    .with("context", build.context().toString())
                    .with("platform", build.platform())
                    .with("builder", options.builder().orElse(null))
                    .with(
                            "local_image",
                            options.builder().isPresent() ? null : build.image().toString());
        } else {
            source.image();
            plan.with(
                            "local_image",
                            options.skipPush() ? null : options.givenImage().orElse(null))
                    .with("archive", options.archiveFile().map(Path::toString).orElse(null));
        }
        named(plan, names).stages(stages());
        if (flow.syncsSecrets()) {
            plan.list("secrets", new SecretsSync(session, flow.syncsCredentials()).names());
        }
        flow.patience().ifPresent(patience -> plan.with("wait_seconds", Long.toString(patience.toSeconds())));
        return plan.answer();
    }

    private Plan named(Plan plan, ImageNames names) {
        if (options.buildOnly()) return plan;
        Optional<ImageReference> trusted = options.skipPush() ? options.given() : Optional.empty();
        return trusted.isPresent() ? plan.with("image", trusted.get().toString()) : plan.named(names);
    }

    private Set<Stage> stages() {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        if (options.builds()) stages.add(Stage.BUILD);
        if (options.buildOnly()) return stages;
        if (!options.skipPush()) stages.addAll(EnumSet.of(Stage.TOKEN, Stage.LOGIN, Stage.PUSH));
        if (flow.syncsSecrets()) stages.add(Stage.SECRETS);
        stages.add(Stage.DEPLOY);
        if (flow.patience().isPresent()) stages.add(Stage.WAIT);
        return stages;
    }
}
