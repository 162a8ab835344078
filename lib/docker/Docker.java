//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Platform.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Build.java
//SOURCES Command.java
//SOURCES DockerError.java
//SOURCES PrivateDockerConfig.java
package lib.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.Platform;
import lib.Printable;
import lib.Secret.Credential;
import lib.docker.PrivateDockerConfig.DockerConfig;

/** The {@code docker} command, and the engine that it speaks to. */
public record Docker(Command.Runner runner) {
    private static final Pattern PUSHED = Pattern.compile("digest: (sha256:[0-9a-f]{64}) size:");

    private static final Command VERSION = Command.of("docker", "version", "--format", "{{json .}}");

    /** The version of Docker that builds with BuildKit unless it is told otherwise. */
    private static final int FIRST_WITH_BUILDKIT = 23;

    /** What Go takes for true, and so {@code DOCKER_BUILDKIT}. */
    private static final Set<String> YES = Set.of("1", "t", "T", "true", "TRUE", "True");

    private static final String INSPECTED =
            "{\"id\":{{json .Id}},\"os\":{{json .Os}},\"architecture\":{{json .Architecture}},\"digests\":{{json"
                    + " .RepoDigests}}}";

    private static final String PODMAN_PUSHED = "Writing manifest to image destination";
    private static final String LEFT_NONE =
            "'docker image ls' shows the images there are; a builder of BUILDX_BUILDER leaves none there, but pushes"
                    + " its own: --builder NAME";
    private static final String START_IT =
            "Install Docker, start it, or correct the DOCKER_ variable that is wrong, until 'docker version' answers:"
                    + " DOCKER_HOST and 'docker context ls' say where it is; or push an archive without an engine:"
                    + " --archive FILE";

    /** Asks who answers, beside what there is to do before {@link #requireAnswering} is told it. */
    public static void prepare() {
        Command.ProcessRunner.startAhead(VERSION);
    }

    /** What builds an image. */
    public enum BuilderKind {
        BUILDKIT,
        /** Docker's first builder: where BuildKit is switched off, or its plugin is missing. */
        CLASSIC,
        PODMAN
    }

    /**
     * An image that an engine holds.
     *
     * @param alone the one of its platforms that is pushed; empty for all that it has
     */
    public record LocalImage(ImageReference reference, Optional<Platform> alone) {
        @Override
        public String toString() {
            return reference.toString();
        }
    }

    /**
     * Who answers to {@code docker}.
     *
     * @param engine the engine's version
     * @param client the version of the command
     * @param api the API that the two have agreed on; empty where it is not Docker's
     * @param podman whether the command is Podman's
     */
    public record Version(String engine, String client, String api, boolean podman) {
        private static final Pattern MAJOR = Pattern.compile("v?(\\d{1,4})\\..*");
        private static final Pattern API = Pattern.compile("1\\.(\\d{1,4})");
        /** The API of Docker 27, the first that pushes one platform of several. */
        private static final int PUSHES_ONE_PLATFORM = 46;

        /** @param said the answer to {@code docker version}, JSON where it is Docker's or Podman's */
        static Version of(String said) {
            try {
                JsonNode json = Json.parse(said);
                JsonNode client = json.path("Client");
                String version = client.path("Version").asText();
                String engine = json.path("Server").path("Version").asText(version);
                String api = client.path("ApiVersion").asText();
                if (!engine.isEmpty()) return new Version(Printable.of(engine), version, api, client.has("OsArch"));
            } catch (JsonProcessingException e) {
                // Another program's.
            }
            return new Version(Printable.of(said), "", "", false);
        }

        /** The first number of a version; 0 where there is none. */
        static int major(String version) {
            Matcher matcher = MAJOR.matcher(version);
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        private boolean pushesOnePlatform() {
            Matcher matcher = API.matcher(api);
            return matcher.matches() && Integer.parseInt(matcher.group(1)) >= PUSHES_ONE_PLATFORM;
        }

        @Override
        public String toString() {
            return engine;
        }
    }

    /** Who answers. @throws Failure {@code unavailable} when none does */
    public Version requireAnswering() throws InterruptedException {
        Command.Result result = run(VERSION);
        if (!result.succeeded()) throw notAvailable(result);
        return Version.of(result.stdout().strip());
    }

    /** Whether an engine answers. */
    public boolean answers() throws InterruptedException {
        try {
            requireAnswering();
            return true;
        } catch (Failure none) {
            return false;
        }
    }

    /**
     * What {@code docker build} builds with: one builder, or several where that cannot be told.
     *
     * <p>Source: docker/cli, {@code processBuilder}; before its version 23, {@code BuildKitEnabled}.
     */
    public Set<BuilderKind> builders(Version version, Environment environment) throws InterruptedException {
        if (version.podman()) return Set.of(BuilderKind.PODMAN);
        Optional<String> wanted = environment.variable("DOCKER_BUILDKIT");
        if (wanted.isPresent()) return Set.of(YES.contains(wanted.get()) ? BuilderKind.BUILDKIT : BuilderKind.CLASSIC);
        int client = Version.major(version.client());
        if (client >= FIRST_WITH_BUILDKIT) {
            boolean plugin = run(Command.of("docker", "buildx", "version")).succeeded();
            return Set.of(plugin ? BuilderKind.BUILDKIT : BuilderKind.CLASSIC);
        }
        // An older command does as its engine likes; an older engine's settings decide that.
        boolean likes = client > 0 && Version.major(version.engine()) >= FIRST_WITH_BUILDKIT;
        return likes ? Set.of(BuilderKind.BUILDKIT) : EnumSet.of(BuilderKind.BUILDKIT, BuilderKind.CLASSIC);
    }

    /** Builds with the user's own configuration. @throws Failure {@code build_failed} */
    public LocalImage build(Build build, Environment environment) throws InterruptedException {
        Command.Result result = run(build.onEngine(mayBuildElsewhere(environment)));
        if (!result.succeeded()) {
            // It may be back by now.
            if (DockerError.ofBuild(result) == DockerError.NO_ENGINE) throw notAvailable(result);
            requireAnswering();
            throw new Failure(
                    ErrorCode.BUILD_FAILED,
                    "docker build failed: " + DockerError.sentence(result),
                    DockerError.cureOfBuild(result)
                            .orElse("Correct what the build says above (" + build.dockerfile()
                                    + "), then run the same command again"));
        }
        return new LocalImage(build.image(), Optional.empty());
    }

    /**
     * Whether {@code docker build} may build on a builder that was chosen for all builds: such a one keeps what it builds,
     * unless it is told to load it, which the engine's own takes as well.
     */
    private boolean mayBuildElsewhere(Environment environment) throws InterruptedException {
        if (!DockerConfig.of(environment).hasBuilders(environment)) return false;
        Version version = requireAnswering();
        return Version.major(version.client()) >= FIRST_WITH_BUILDKIT
                && builders(version, environment).equals(Set.of(BuilderKind.BUILDKIT));
    }

    /**
     * An image that the engine holds for this platform, which alone is pushed where the engine can do that.
     *
     * @param warn told where it cannot
     * @throws Failure {@code config} when it holds none of that name, or for something else
     */
    public LocalImage require(ImageReference image, Platform.Wanted wanted, Consumer<String> warn)
            throws InterruptedException {
        JsonNode held = requireHeld(image);
        Optional<Platform> alone = Optional.empty();
        // One that names no platform has one image, which is pushed as it is.
        if (isInContainerdsStore(held) && Platform.in(held).isPresent()) {
            Version version = requireAnswering();
            if (version.pushesOnePlatform()) alone = Optional.of(wanted.platform());
            else warn.accept("Docker " + version + " pushes all platforms that " + image + " has; 27 pushes one");
        }
        JsonNode meant = alone.isPresent() ? inspect(image, alone).orElse(held) : held;
        wanted.check(image.toString(), Platform.in(meant));
        return new LocalImage(image, alone);
    }

    /** What the engine knows of an image. @throws Failure {@code config} when it holds none of that name */
    public JsonNode requireHeld(ImageReference image) throws InterruptedException {
        return inspect(image, Optional.empty())
                .orElseThrow(() -> new Failure(
                        ErrorCode.CONFIG, "No such image: " + image, "'docker image ls' shows the images there are"));
    }

    /** There an image is what a registry would hold, maybe an index; else its ID is the digest of its configuration. */
    private static boolean isInContainerdsStore(JsonNode held) {
        String id = held.path("id").asText();
        for (JsonNode digest : held.path("digests")) if (digest.asText().endsWith("@" + id)) return true;
        return false;
    }

    /** @param alone one of the image's platforms, which Docker is asked for since 28.1 */
    private Optional<JsonNode> inspect(ImageReference image, Optional<Platform> alone) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("docker", "image", "inspect", "--format", INSPECTED));
        alone.ifPresent(platform -> words.add("--platform=" + platform));
        words.add(image.toString());
        Command.Result result = run(Command.of(words.toArray(String[]::new)));
        if (DockerError.in(result) == DockerError.NO_ENGINE) throw notAvailable(result);
        if (!result.succeeded()) return Optional.empty();
        try {
            // One line; a wrapper around docker may have said something before.
            String answer = result.stdout().strip();
            return Optional.of(Json.parse(answer.substring(answer.lastIndexOf('\n') + 1)));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Gives an image a second name. */
    public void tag(LocalImage image, ImageReference name) throws InterruptedException {
        // By the text: a record's own comparison is put together at run time, which costs a push 10 ms.
        if (image.reference().toString().equals(name.toString())) return;
        Command.Result result =
                run(Command.of("docker", "tag", image.reference().toString(), name.toString()));
        if (result.succeeded()) return;
        if (DockerError.in(result) == DockerError.NO_ENGINE) throw notAvailable(result);
        throw new Failure(
                ErrorCode.PUSH_FAILED,
                "docker tag " + image.reference() + " " + name + ": " + DockerError.sentence(result),
                LEFT_NONE);
    }

    /**
     * Proves the login with the registry, and before that, that {@code docker} takes our configuration: it must ask our
     * credential helper. One that does not would keep the password, or push with a login of the user's own.
     *
     * @throws Failure {@code login_failed}
     */
    public void login(PrivateDockerConfig login) throws InterruptedException {
        Command.Result result = login.hasHelper() ? loginByHelper(login) : loginByStdin(login);
        if (result.succeeded()) return;
        String what = name(login) + DockerError.sentence(result);
        throw complaint(result, ErrorCode.LOGIN_FAILED, what, "Run it again with --verbose");
    }

    /** A login for which Docker asks the credential helper of its configuration; without one it fails. */
    static Command login(String registry) {
        return Command.of("docker", "login", registry);
    }

    /** A login that hands the password to whatever {@code docker} is. */
    static Command loginByStdin(Credential credential) {
        return Command.of(
                        "docker",
                        "login",
                        "--username=" + credential.username(),
                        "--password-stdin",
                        credential.server())
                .reading(credential.password());
    }

    private Command.Result loginByHelper(PrivateDockerConfig login) throws InterruptedException {
        Command.Result result = run(login.applyTo(login(login.credential().server())));
        if (!login.wasUsed()) throw notTaken(login, result);
        // Podman does not say why a registry refuses what a helper gave, and without an engine Docker asks no registry.
        // Both do with a password from stdin, and this docker has just proven that it takes our configuration.
        return result.succeeded() || result.timedOut() ? result : loginByStdin(login);
    }

    private Command.Result loginByStdin(PrivateDockerConfig login) throws InterruptedException {
        return run(login.applyTo(loginByStdin(login.credential())));
    }

    private static Failure notTaken(PrivateDockerConfig login, Command.Result result) {
        if (DockerError.in(result) == DockerError.NO_ENGINE) return notAvailable(result);
        String cameBack = result.succeeded() ? "it has a login of its own" : DockerError.sentence(result);
        return new Failure(
                ErrorCode.LOGIN_FAILED,
                name(login) + login.docker() + " did not take our configuration: " + cameBack,
                "sudo, a snap or a wrapper that resets the environment hides it: put a docker that keeps the"
                        + " environment first on the PATH, or push without one: --archive FILE");
    }

    private static String name(PrivateDockerConfig login) {
        return "docker login " + login.credential().server() + ": ";
    }

    /**
     * Pushes an image under a login.
     *
     * @param name the image's name in the registry, which it has in the engine too
     * @throws Failure {@code push_failed}, or {@code unavailable} where it may go well later
     */
    public PushedImage push(PrivateDockerConfig login, LocalImage image, ImageReference name)
            throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("docker", "push"));
        image.alone().ifPresent(platform -> words.add("--platform=" + platform));
        words.add(name.toString());
        Command.Result result = run(login.applyTo(Command.shown(Command.Output.DRAWN_BY_STDOUT, words)));
        if (result.succeeded()) return new PushedImage(name, digest(result, image, name));
        String what = "docker push " + name + ": " + DockerError.sentence(result);
        throw complaint(result, ErrorCode.PUSH_FAILED, what, "Correct what the registry says, then try again");
    }

    private static Failure complaint(Command.Result result, ErrorCode code, String what, String hint) {
        DockerError complaint = DockerError.in(result);
        if (complaint == DockerError.NO_ENGINE) return notAvailable(result);
        return complaint.failure(code, what, DockerError.cure(result).orElse(hint));
    }

    // Where Docker drew its progress on the terminal itself, its words did not come here: the engine knows the digest
    // too, but before 28.1 not that of one platform. Podman says none, and what it knows is the digest of its own copy,
    // which it compresses anew when it pushes.
    private Optional<Digest> digest(Command.Result pushed, LocalImage image, ImageReference name)
            throws InterruptedException {
        Matcher said = PUSHED.matcher(pushed.stdout());
        if (said.find()) return Optional.of(new Digest(said.group(1)));
        if ((pushed.stderr() + pushed.stdout()).contains(PODMAN_PUSHED)) return Optional.empty();
        Optional<JsonNode> known = inspect(name, image.alone());
        if (image.alone().isPresent())
            return known.map(json -> json.path("id").asText())
                    .filter(Digest::isDigest)
                    .map(Digest::new);
        String prefix = name.name() + "@";
        for (JsonNode each : known.map(json -> json.path("digests")).orElseGet(Json::object)) {
            String text = each.asText();
            if (text.startsWith(prefix) && Digest.isDigest(text.substring(prefix.length())))
                return Optional.of(new Digest(text.substring(prefix.length())));
        }
        throw new Failure(
                ErrorCode.PROTOCOL,
                "docker push " + name + " succeeded but named no digest",
                "Run it again with --verbose and report what it prints");
    }

    private Command.Result run(Command command) throws InterruptedException {
        try {
            return runner.run(command);
        } catch (IOException e) {
            throw new Failure(ErrorCode.UNAVAILABLE, "Docker is not available: no 'docker' command was found", START_IT)
                    .causedBy(e);
        }
    }

    private static Failure notAvailable(Command.Result result) {
        return new Failure(
                ErrorCode.UNAVAILABLE,
                "Docker is not available: " + DockerError.sentence(result),
                DockerError.cure(result).orElse(START_IT));
    }
}
