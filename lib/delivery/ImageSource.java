package lib.delivery;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.Reference;
import lib.Stage;
import lib.cli.Run;
import lib.docker.Build;
import lib.docker.Engine;
import lib.docker.ImageNames;
import lib.docker.LocalImage;
import lib.docker.PushedImage;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Project;
import lib.registry.Platform;

/** Where the image of a deploy comes from, and what it is called. */
public final class ImageSource {
    private final ImageOptions options;
    private final Run run;
    private final Engine engine;
    private final Session session;
    private final Revision revision;

    private ImageSource(ImageOptions options, Run run, Session session, Engine engine, Revision revision) {
        this.options = options;
        this.run = run;
        this.session = session;
        this.engine = engine;
        this.revision = revision;
    }

    public static ImageSource of(ImageOptions options, Session session, Run run) throws InterruptedException {
        Engine engine = session.engine();
        Revision revision = Revision.of(session.target().project().root(), engine.runner());
        return new ImageSource(options, run, session, engine, revision);
    }

    /** The names of the image for the session's tenant. */
    public ImageNames names() {
        ImageNames names = ImageNames.of(
                session.target().tenant(), options.tag, run.clock().instant(), revision.commit());
        return options.given()
                .flatMap(Reference::tag)
                .map(names::otherwiseTagged)
                .orElse(names);
    }

    /** Builds the image, or finds the one that was given; empty when there is nothing to push. */
    public Optional<Pushable> image(ImageNames names) throws InterruptedException {
        if (options.archive.isPresent()) {
            return Optional.of(options.archive.open(run.environment(), session.http()));
        }
        Optional<Reference> given = options.given();
        if (given.isPresent()) {
            if (options.skipPush) return Optional.empty();
            return Optional.of(pushable(fitting(engine.require(given.get()))));
        }
        Build build = build(names);
        LocalImage built = run.stage(Stage.BUILD, () -> engine.build(build), LocalImage::reference);
        return options.skipPush ? Optional.empty() : Optional.of(pushable(built));
    }

    private Pushable pushable(LocalImage image) {
        return new EngineImage(engine, image, Delivery.SLEEP);
    }

    /** The image that {@code --skip-push} trusts to be in the registry; a token is fetched only where nothing else names it. */
    public PushedImage alreadyPushed(ImageNames names, Delivery delivery) throws InterruptedException {
        run.console().warn("Nothing is pushed: the image must be in the registry already");
        Optional<Reference> known = options.given().or(names::known);
        Reference name = known.isPresent() ? known.get() : names.pushed(delivery.token());
        return new PushedImage(name, Optional.empty());
    }

    /** What would be built. @throws Failure {@code config} when there is no Dockerfile */
    Build build(ImageNames names) {
        Profile profile = session.target().profile().orElseThrow();
        Project project = session.target().project();
        Path dockerfile = Dockerfile.find(options.dockerfile, profile, project, run.environment());
        Map<String, String> labels = Map.of(
                "org.opencontainers.image.revision", revision.commit(),
                "org.opencontainers.image.created",
                        revision.committed().orElseGet(run.clock()::instant).toString());
        return new Build(
                project.root(),
                dockerfile,
                names.local(),
                options.archive.platform().toString(),
                options.buildArguments,
                labels,
                options.noCache,
                Optional.empty());
    }

    private LocalImage fitting(LocalImage image) {
        Platform wanted = options.archive.platform();
        if (Platform.parse(image.platform()).satisfies(wanted)) return image;
        throw new Failure(
                ErrorCode.CONFIG,
                image + " is for " + image.platform() + ", and " + wanted + " is wanted",
                "Build it for " + wanted + ", or allow it with --platform " + image.platform());
    }
}
