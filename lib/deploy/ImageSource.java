//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Parallel.java
//SOURCES ../api/Deployment.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Build.java
//SOURCES ../docker/Command.java
//SOURCES ../docker/Docker.java
//SOURCES ../project/Dockerfile.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Target.java
//SOURCES ImageOptions.java
//SOURCES Push.java
//SOURCES PushSource.java
//SOURCES Targets.java
package lib.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Http;
import lib.ImageReference;
import lib.ImageReference.PushedImage;
import lib.Parallel;
import lib.api.Deployment;
import lib.cli.Run;
import lib.deploy.Push.ImageNames;
import lib.deploy.Targets.Destination;
import lib.docker.Build;
import lib.docker.Command;
import lib.docker.Docker;
import lib.docker.Docker.LocalImage;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Target;

/** Where the image of a deploy comes from, and what it is called. */
public final class ImageSource {
    private final ImageOptions options;
    private final Run run;
    private final Docker docker;
    private final Targets targets;
    private final Revision revision;
    private final Instant now;

    private ImageSource(ImageOptions options, Run run, Targets targets, Docker docker, Revision revision) {
        this.options = options;
        this.run = run;
        this.docker = docker;
        this.targets = targets;
        this.revision = revision;
        this.now = run.clock().instant();
    }

    /** @throws Failure {@code config} when the targets are built from different Dockerfiles */
    public static ImageSource of(ImageOptions options, Targets targets, Run run) throws InterruptedException {
        Docker docker = targets.areSeveral() ? Push.dockerInParallel(run) : Push.docker(run);
        Revision revision = Revision.of(targets.project().root(), docker.runner(), run.console()::warn);
        ImageSource source = new ImageSource(options, run, targets, docker, revision);
        if (options.builds()) source.requireOneDockerfile();
        return source;
    }

    // An image says in its Dockerfile which profile it runs with: one that was built for another would be wrong.
    private void requireOneDockerfile() {
        List<Path> dockerfiles =
                targets.all().stream().map(this::dockerfile).distinct().toList();
        if (dockerfiles.size() > 1) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "These profiles have different Dockerfiles, so one image is not for all: " + dockerfiles,
                    "Deploy them one by one, or name one file with --dockerfile FILE");
        }
    }

    private Path dockerfile(Destination destination) {
        Profile profile = destination.target().profile().orElseThrow();
        return Dockerfile.find(options.dockerfile(), profile, targets.project(), run.environment());
    }

    /** The commit that is built; empty where nothing is built here, or no git knows it. */
    public Optional<String> revision() {
        return options.builds()
                ? Optional.of(revision.commit()).filter(commit -> !commit.equals("unknown"))
                : Optional.empty();
    }

    /** The names of the image for a target's tenant. */
    public ImageNames names(Target target) {
        ImageNames names = ImageNames.of(target.tenant(), options.push.tag(), now, revision.commit());
        return options.givenTag().map(names::otherwiseTagged).orElse(names);
    }

    /** What the image is called that is built. */
    public ImageReference localName() {
        return names(targets.first().target()).local();
    }

    /** Builds the image, once for all targets, or finds the one that is given; empty when there is nothing to push. */
    public Optional<PushSource> obtain() throws InterruptedException {
        return options.builds() ? build() : find();
    }

    /** Finds the image that is given; empty when it is pushed already. @throws Failure {@code config} when it is missing */
    Optional<PushSource> find() throws InterruptedException {
        if (options.push.isArchive()) return Optional.of(options.push.openArchive(run, options.givenImage()));
        if (options.skipPush()) return Optional.empty();
        LocalImage image = docker.require(options.given().orElseThrow(), options.push.wanted(), run.console()::warn);
        return Optional.of(new PushSource.OfEngine(docker, image));
    }

    private Optional<PushSource> build() throws InterruptedException {
        Build build = toBuild();
        if (options.builder().isPresent())
            return Optional.of(buildOn(options.builder().get(), build));
        LocalImage built = run.stage(
                Stage.BUILD, () -> askingTheApi(() -> docker.build(build, run.environment())), LocalImage::reference);
        if (options.buildOnly()) docker.requireHeld(built.reference());
        return options.skipPush() ? Optional.empty() : Optional.of(new PushSource.OfEngine(docker, built));
    }

    private PushSource buildOn(String name, Build build) throws InterruptedException {
        Build.Builder builder = new Build.Builder(docker.runner(), name);
        run.stage(
                Stage.BUILD,
                () -> askingTheApi(() -> {
                    builder.build(build);
                    return name;
                }),
                on -> "on builder " + on);
        return new PushSource.OfBuilder(builder, build, docker);
    }

    /** What would be built. @throws Failure {@code config} when there is no Dockerfile */
    Build toBuild() {
        return new Build(
                targets.project().root(),
                dockerfile(targets.first()),
                localName(),
                options.push.wanted().platform().toString(),
                options.buildArguments(),
                revision.labels(),
                options.noCache());
    }

    /**
     * Builds, and meanwhile asks the API: an account that cannot act for its tenant hears it at once, and not after the last
     * layer. Whatever it says, the connection is open, and all that speaks over it is loaded, when the build is done.
     *
     * @throws Failure the API's refusal, which ends the build
     */
    private <T> T askingTheApi(Run.Work<T> build) throws InterruptedException {
        if (options.buildOnly()) return build.get();
        // What one tenant is refused is no reason to stop for the others.
        if (targets.areSeveral()) {
            Http.prepare();
            return build.get();
        }
        BlockingQueue<Optional<Failure>> ends = new LinkedBlockingQueue<>();
        try (Parallel both = new Parallel("aside", 2)) {
            Parallel.Result<T> result = both.start(() -> {
                try {
                    return build.get();
                } finally {
                    ends.add(Optional.empty());
                }
            });
            // Where it cannot be asked there is no end: the call that needs the API will say so.
            both.start(() -> {
                Destination only = targets.first();
                Deployment.refusal(only.api(), only.target().tenant().id())
                        .ifPresent(refusal -> ends.add(Optional.of(refusal)));
                return null;
            });
            Optional<Failure> refusal = ends.take();
            if (refusal.isPresent()) throw refusal.get();
            return result.get();
        }
    }

    /** The image that {@code --skip-push} trusts to be in the registry; a token is fetched only where nothing else names it. */
    public PushedImage alreadyPushed(Push push) throws InterruptedException {
        push.run().console().warn("Nothing is pushed: the image must be in the registry already");
        Optional<ImageReference> known = options.given().or(push.names()::known);
        ImageReference name = known.isPresent() ? known.get() : push.names().pushed(push.token());
        PushedImage image = new PushedImage(name, Optional.empty());
        image.tell(push.run()::know);
        return image;
    }

    /**
     * What of the source is built, as git knows it.
     *
     * @param commit the short id of the commit, with {@code -dirty} when files were changed since; {@code unknown} without git
     * @param committed when it was committed; empty when what is built is no commit
     */
    private record Revision(String commit, Optional<Instant> committed) {
        private static final Revision UNKNOWN = new Revision("unknown", Optional.empty());

        /** What git sets for a hook, whose repository need not be the project's. */
        private static final Set<String> OF_ANOTHER =
                Set.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR");

        /** Asks git in a way that no configuration answers otherwise. */
        static Revision of(Path folder, Command.Runner runner, Consumer<String> warn) throws InterruptedException {
            try {
                Command.Result head = runner.run(git("log", "-1", "--no-show-signature", "--format=%h %cI")
                        .in(folder));
                if (head.stderr().contains("dubious ownership"))
                    warn.accept("The image is labelled with no commit: git does not trust " + folder
                            + ", which another user owns; 'git config --global --add safe.directory " + folder
                            + "' trusts it");
                String[] said = head.stdout().strip().split(" ");
                if (!head.succeeded() || said.length != 2 || !said[0].matches("[0-9a-f]{4,64}")) return UNKNOWN;
                Command.Result changes = runner.run(
                        git("status", "--porcelain", "--untracked-files=no").in(folder));
                if (!changes.succeeded() || !changes.stdout().isBlank())
                    return new Revision(said[0] + "-dirty", Optional.empty());
                return new Revision(
                        said[0], Optional.of(OffsetDateTime.parse(said[1]).toInstant()));
            } catch (IOException | DateTimeException e) {
                return UNKNOWN;
            }
        }

        private static Command git(String... words) {
            List<String> all = new ArrayList<>(
                    List.of("git", "-c", "core.abbrev=auto", "-c", "core.fsmonitor=false", "-c", "color.ui=false"));
            all.addAll(List.of(words));
            return Command.of(all.toArray(String[]::new)).with(Map.of("LC_ALL", "C"), OF_ANOTHER);
        }

        /** None that the clock alone changes: the same source is the same image. */
        Map<String, String> labels() {
            Map<String, String> labels = new HashMap<>();
            if (this != UNKNOWN) labels.put("org.opencontainers.image.revision", commit);
            committed.ifPresent(time -> labels.put("org.opencontainers.image.created", time.toString()));
            return labels;
        }
    }
}
