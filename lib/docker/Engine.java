//SOURCES ../Digest.java
//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../project/ImageBuilder.java
//SOURCES Build.java
//SOURCES Command.java
//SOURCES CommandRunner.java
//SOURCES DockerCommands.java
//SOURCES EngineComplaint.java
//SOURCES EngineVersion.java
//SOURCES LocalImage.java
//SOURCES Outcome.java
//SOURCES PrivateLogin.java
//SOURCES PushedImage.java
package lib.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Digest;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.project.ImageBuilder;

/** A Docker engine, spoken to through the {@code docker} command. */
public record Engine(CommandRunner runner) {
    private static final Pattern PUSHED = Pattern.compile("digest: (sha256:[0-9a-f]{64}) size:");
    /** The version of Docker that builds with BuildKit unless it is told otherwise. */
    private static final int FIRST_WITH_BUILDKIT = 23;

    /** What Go takes for true, and so {@code DOCKER_BUILDKIT}. */
    private static final Set<String> YES = Set.of("1", "t", "T", "true", "TRUE", "True");

    private static final String PODMAN_PUSHED = "Writing manifest to image destination";
    private static final String LEFT_NONE =
            "'docker image ls' shows the images there are; a builder of BUILDX_BUILDER leaves none there, but pushes"
                    + " its own: --builder NAME";
    private static final String START_IT =
            "Install Docker or start it; or push an archive without an engine: --archive FILE";

    /** Who answers. @throws Failure {@code unavailable} when none does */
    public EngineVersion requireAnswering() throws InterruptedException {
        Outcome outcome = run(DockerCommands.version());
        if (!outcome.succeeded()) throw notAvailable(outcome);
        return EngineVersion.of(outcome.stdout().strip());
    }

    /**
     * What {@code docker build} builds with: one builder, or several where that cannot be told.
     *
     * <p>Source: docker/cli, {@code processBuilder}; before its version 23, {@code BuildKitEnabled}.
     */
    public Set<ImageBuilder> builders(EngineVersion version, Environment environment) throws InterruptedException {
        if (version.podman()) return Set.of(ImageBuilder.PODMAN);
        Optional<String> wanted = environment.variable("DOCKER_BUILDKIT");
        if (wanted.isPresent())
            return Set.of(YES.contains(wanted.get()) ? ImageBuilder.BUILDKIT : ImageBuilder.CLASSIC);
        int client = EngineVersion.major(version.client());
        if (client >= FIRST_WITH_BUILDKIT) {
            boolean plugin = run(DockerCommands.buildxVersion()).succeeded();
            return Set.of(plugin ? ImageBuilder.BUILDKIT : ImageBuilder.CLASSIC);
        }
        // An older command does as its engine likes; an older engine's settings decide that.
        boolean likes = client > 0 && EngineVersion.major(version.engine()) >= FIRST_WITH_BUILDKIT;
        return likes ? Set.of(ImageBuilder.BUILDKIT) : EnumSet.of(ImageBuilder.BUILDKIT, ImageBuilder.CLASSIC);
    }

    /** Builds with the user's own configuration. @throws Failure {@code build_failed} */
    public LocalImage build(Build build) throws InterruptedException {
        Outcome outcome = run(DockerCommands.build(build));
        if (!outcome.succeeded()) {
            requireAnswering();
            throw new Failure(
                    ErrorCode.BUILD_FAILED,
                    "docker build failed: " + outcome.lastSentence(),
                    "Correct what the build says above (" + build.dockerfile() + "), then run the same command again");
        }
        return new LocalImage(build.image(), build.platform());
    }

    /** An image that the engine holds. @throws Failure {@code config} when it holds none of that name */
    public LocalImage require(ImageReference image) throws InterruptedException {
        return inspect(image)
                .map(json -> new LocalImage(
                        image,
                        json.path("os").asText() + "/"
                                + json.path("architecture").asText()))
                .orElseThrow(() -> new Failure(
                        ErrorCode.CONFIG, "No such image: " + image, "'docker image ls' shows the images there are"));
    }

    private Optional<JsonNode> inspect(ImageReference image) throws InterruptedException {
        Outcome outcome = run(DockerCommands.inspect(image));
        if (EngineComplaint.in(outcome) == EngineComplaint.NO_ENGINE) throw notAvailable(outcome);
        if (!outcome.succeeded()) return Optional.empty();
        try {
            return Optional.of(Json.parse(outcome.stdout()));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Gives an image a second name. */
    public void tag(LocalImage image, ImageReference name) throws InterruptedException {
        if (image.reference().equals(name)) return;
        Outcome outcome = run(DockerCommands.tag(image.reference(), name));
        if (outcome.succeeded()) return;
        if (EngineComplaint.in(outcome) == EngineComplaint.NO_ENGINE) throw notAvailable(outcome);
        throw new Failure(
                ErrorCode.PUSH_FAILED,
                "docker tag " + image.reference() + " " + name + ": " + outcome.lastSentence(),
                LEFT_NONE);
    }

    /**
     * Proves the login with the registry, and before that, that {@code docker} takes our configuration: it must ask our
     * credential helper. One that does not would keep the password, or push with a login of the user's own.
     *
     * @throws Failure {@code login_failed}
     */
    public void login(PrivateLogin login) throws InterruptedException {
        Outcome outcome = login.hasHelper() ? loginByHelper(login) : loginByStdin(login);
        if (outcome.succeeded()) return;
        String what = name(login) + outcome.lastSentence();
        throw complaint(outcome, ErrorCode.LOGIN_FAILED, what, "Run it again with --verbose");
    }

    private Outcome loginByHelper(PrivateLogin login) throws InterruptedException {
        Outcome outcome = run(login.applyTo(DockerCommands.login(login.token().registry())));
        if (!login.wasUsed()) throw notTaken(login, outcome);
        // Podman does not say why a registry refuses what a helper gave, and without an engine Docker asks no registry.
        // Both do with a password from stdin, and this docker has just proven that it takes our configuration.
        return outcome.succeeded() || outcome.timedOut() ? outcome : loginByStdin(login);
    }

    private Outcome loginByStdin(PrivateLogin login) throws InterruptedException {
        return run(login.applyTo(DockerCommands.loginByStdin(login.token())));
    }

    private static Failure notTaken(PrivateLogin login, Outcome outcome) {
        if (EngineComplaint.in(outcome) == EngineComplaint.NO_ENGINE) return notAvailable(outcome);
        String cameBack = outcome.succeeded() ? "it has a login of its own" : outcome.lastSentence();
        return new Failure(
                ErrorCode.LOGIN_FAILED,
                name(login) + login.docker() + " did not take our configuration: " + cameBack,
                "sudo, a snap or a wrapper that resets the environment hides it: put a docker that keeps the"
                        + " environment first on the PATH, or push without one: --archive FILE");
    }

    private static String name(PrivateLogin login) {
        return "docker login " + login.token().registry() + ": ";
    }

    /** Pushes under a login. @throws Failure {@code push_failed}, or {@code unavailable} where it may go well later */
    public PushedImage push(PrivateLogin login, ImageReference image) throws InterruptedException {
        Outcome outcome = run(login.applyTo(DockerCommands.push(image)));
        if (outcome.succeeded()) return new PushedImage(image, digest(outcome, image));
        String what = "docker push " + image + ": " + outcome.lastSentence();
        throw complaint(outcome, ErrorCode.PUSH_FAILED, what, "Correct what the registry says, then try again");
    }

    private static Failure complaint(Outcome outcome, ErrorCode code, String what, String hint) {
        EngineComplaint complaint = EngineComplaint.in(outcome);
        return complaint == EngineComplaint.NO_ENGINE ? notAvailable(outcome) : complaint.failure(code, what, hint);
    }

    // Where Docker drew its progress on the terminal itself, its words did not come here: the engine knows the digest
    // too. Podman says none, and what it knows is the digest of its own copy, which it compresses anew when it pushes.
    private Optional<Digest> digest(Outcome pushed, ImageReference image) throws InterruptedException {
        Matcher said = PUSHED.matcher(pushed.stdout());
        if (said.find()) return Optional.of(new Digest(said.group(1)));
        if ((pushed.stderr() + pushed.stdout()).contains(PODMAN_PUSHED)) return Optional.empty();
        String prefix = image.name() + "@";
        for (JsonNode known : inspect(image).map(json -> json.path("digests")).orElseGet(Json::object)) {
            if (known.asText().startsWith(prefix)
                    && Digest.isDigest(known.asText().substring(prefix.length()))) {
                return Optional.of(new Digest(known.asText().substring(prefix.length())));
            }
        }
        throw new Failure(
                ErrorCode.PROTOCOL,
                "docker push " + image + " succeeded but named no digest",
                "Run it again with --verbose and report what it prints");
    }

    private Outcome run(Command command) throws InterruptedException {
        try {
            return runner.run(command);
        } catch (IOException e) {
            throw new Failure(ErrorCode.UNAVAILABLE, "Docker is not available: no 'docker' command was found", START_IT)
                    .causedBy(e);
        }
    }

    private static Failure notAvailable(Outcome outcome) {
        return new Failure(ErrorCode.UNAVAILABLE, "Docker is not available: " + outcome.lastSentence(), START_IT);
    }
}
