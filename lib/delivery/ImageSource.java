//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Platform.java
//SOURCES ../Stage.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Build.java
//SOURCES ../docker/Builder.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/ImageNames.java
//SOURCES ../docker/LocalImage.java
//SOURCES ../docker/PushedImage.java
//SOURCES ../preflight/Engines.java
//SOURCES ../project/Dockerfile.java
//SOURCES ../project/Profile.java
//SOURCES BuilderImage.java
//SOURCES Delivery.java
//SOURCES EarlyLook.java
//SOURCES EngineImage.java
//SOURCES ImageOptions.java
//SOURCES Pushable.java
//SOURCES Revision.java
//SOURCES Session.java
//SOURCES Sessions.java
package lib.delivery;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Platform;
import lib.Stage;
import lib.cli.Run;
import lib.docker.Build;
import lib.docker.Builder;
import lib.docker.Engine;
import lib.docker.ImageNames;
import lib.docker.LocalImage;
import lib.docker.PushedImage;
import lib.preflight.Engines;
import lib.project.Dockerfile;
import lib.project.Profile;

/** Where the image of a deploy comes from, and what it is called. */
public final class ImageSource {
    private final ImageOptions options;
    private final Run run;
    private final Engine engine;
    private final Sessions sessions;
    private final Revision revision;
    private final Instant now;

    private ImageSource(ImageOptions options, Run run, Sessions sessions, Engine engine, Revision revision) {
        this.options = options;
        this.run = run;
        this.sessions = sessions;
        this.engine = engine;
        this.revision = revision;
        this.now = run.clock().instant();
    }

    /** @throws Failure {@code config} when the targets are built from different Dockerfiles */
    public static ImageSource of(ImageOptions options, Sessions sessions, Run run) throws InterruptedException {
        Engine engine = sessions.areSeveral() ? Engines.ofMany(run) : Engines.of(run);
        Revision revision = Revision.of(sessions.project().root(), engine.runner());
        ImageSource source = new ImageSource(options, run, sessions, engine, revision);
        if (options.builds()) source.requireOneDockerfile();
        return source;
    }

    // An image says in its Dockerfile which profile it runs with: one that was built for another would be wrong.
    private void requireOneDockerfile() {
        List<Path> dockerfiles =
                sessions.all().stream().map(this::dockerfile).distinct().toList();
        if (dockerfiles.size() > 1) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "These profiles have different Dockerfiles, so one image is not for all: " + dockerfiles,
                    "Deploy them one by one, or name one file with --dockerfile FILE");
        }
    }

    private Path dockerfile(Session session) {
        Profile profile = session.target().profile().orElseThrow();
        return Dockerfile.find(options.dockerfile, profile, sessions.project(), run.environment());
    }

    /** The names of the image for a session's tenant. */
    public ImageNames names(Session session) {
        ImageNames names = ImageNames.of(session.target().tenant(), options.tag, now, revision.commit());
        return options.givenTag().map(names::otherwiseTagged).orElse(names);
    }

    /** What the image is called that is built. */
    public ImageReference localName() {
        return names(sessions.first()).local();
    }

    /** Builds the image, once for all targets, or finds the one that was given; empty when there is nothing to push. */
    public Optional<Pushable> image() throws InterruptedException {
        if (options.archive.isPresent()) {
            return Optional.of(options.archive.open(run, options.image));
        }
        Optional<ImageReference> given = options.given();
        if (given.isPresent()) {
            if (options.skipPush) return Optional.empty();
            return Optional.of(pushable(fitting(engine.require(given.get()))));
        }
        Build build = build(sessions.first());
        if (options.builder.isPresent())
            return Optional.of(builtOn(new Builder(engine.runner(), options.builder.get()), build));
        LocalImage built = run.stage(Stage.BUILD, () -> meanwhile(() -> engine.build(build)), LocalImage::reference);
        if (options.buildOnly()) engine.require(built.reference());
        return options.skipPush ? Optional.empty() : Optional.of(pushable(built));
    }

    private Pushable builtOn(Builder builder, Build build) throws InterruptedException {
        run.stage(
                Stage.BUILD,
                () -> meanwhile(() -> {
                    builder.build(build);
                    return builder.name();
                }),
                name -> "on builder " + name);
        return new BuilderImage(builder, build, engine);
    }

    private <T> T meanwhile(Run.Work<T> build) throws InterruptedException {
        return options.buildOnly() ? build.get() : new EarlyLook(sessions).during(build);
    }

    private Pushable pushable(LocalImage image) {
        return new EngineImage(engine, image);
    }

    /** The image that {@code --skip-push} trusts to be in the registry; a token is fetched only where nothing else names it. */
    public PushedImage alreadyPushed(ImageNames names, Delivery delivery) throws InterruptedException {
        run.console().warn("Nothing is pushed: the image must be in the registry already");
        Optional<ImageReference> known = options.given().or(names::known);
        ImageReference name = known.isPresent() ? known.get() : names.pushed(delivery.token());
        return new PushedImage(name, Optional.empty());
    }

    /** What would be built. @throws Failure {@code config} when there is no Dockerfile */
    Build build(Session session) {
        Map<String, String> labels = Map.of(
                "org.opencontainers.image.revision", revision.commit(),
                "org.opencontainers.image.created",
                        revision.committed().orElseGet(run.clock()::instant).toString());
        return new Build(
                sessions.project().root(),
                dockerfile(session),
                names(session).local(),
                options.archive.wanted().platform().toString(),
                options.buildArguments,
                labels,
                options.noCache);
    }

    private LocalImage fitting(LocalImage image) {
        options.archive.wanted().check(image.toString(), Platform.find(image.platform()));
        return image;
    }
}
