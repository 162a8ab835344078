package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.BuildKit;
import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import lib.Secret;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sandbox.Cloud;
import sandbox.ExternalRegistry;

/** A {@code docker} that does not take our configuration gets no password, pushes nothing, and is named. */
class UntakenLoginTest {
    private static final Canary PASSWORD = Canary.password();

    /** As sudo does, or a wrapper; what a test needs to reach its engine and its registry stays. */
    private static final String RESETS_THE_ENVIRONMENT =
            "exec env -i HOME=\"$HOME\" PATH='" + System.getenv("PATH") + "' DOCKER_HOST=\"$DOCKER_HOST\""
                    + " CONTAINERS_REGISTRIES_CONF=\"$CONTAINERS_REGISTRIES_CONF\" \"$docker\" \"$@\"";

    /** As a confined snap has it. */
    private static final String HAS_ITS_OWN_TEMPORARY_FOLDER =
            "exec unshare -m sh -c 'mount -t tmpfs none \"$TMPDIR\" && exec \"$@\"' sh \"$docker\" \"$@\"";

    @TempDir
    static Path shared;

    private static Engine engine;
    private static DebianRegistry registry;

    @TempDir
    Path folder;

    private Cloud cloud;
    private Scene scene;
    private String configuration;

    @BeforeAll
    static void start() throws Exception {
        engine = Engine.orSkip();
        Path place = Files.createDirectory(shared.resolve("registry"));
        registry = DebianRegistry.orSkip(place, Secret.of(PASSWORD.value()));
        String another = Command.of("htpasswd", "-nbB", "somebody", "else")
                .run()
                .succeeded()
                .out();
        Files.writeString(place.resolve("htpasswd"), another.strip() + "\n", StandardOpenOption.APPEND);
    }

    @AfterAll
    static void stop() {
        if (registry != null) registry.close();
    }

    @BeforeEach
    void home() throws Exception {
        cloud = Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
        scene = new Scene(folder, cloud);
        configured("{\"HttpHeaders\": {\"X-Of-The-User\": \"kept\"}}");
    }

    @AfterEach
    void end() {
        cloud.close();
    }

    private Path file() {
        return scene.home().resolve(".docker/config.json");
    }

    private void configured(String json) throws Exception {
        configuration = json;
        Files.createDirectories(file().getParent());
        Files.writeString(file(), json);
    }

    static List<Path> dockers() {
        return Scene.dockers();
    }

    @ParameterizedTest
    @MethodSource("dockers")
    void behindSudoOrAWrapper(Path docker) throws Exception {
        String cameBack = docker.endsWith("podman") ? "reading username: EOF" : "Cannot perform an interactive login";
        refuses(docker, RESETS_THE_ENVIRONMENT, cameBack);
    }

    @ParameterizedTest
    @MethodSource("dockers")
    void withALoginOfTheUsersOwnForTheSameRegistry(Path docker) throws Exception {
        scene.docker(engine, "login", "--username=somebody", "--password-stdin", registry.host())
                .stdin("else")
                .run()
                .succeeded();
        configuration = Files.readString(file());
        assertTrue(configuration.contains(registry.host()), configuration);
        refuses(docker, RESETS_THE_ENVIRONMENT, "it has a login of its own");
    }

    @ParameterizedTest
    @MethodSource("dockers")
    void inAPrivateTemporaryFolder(Path docker) throws Exception {
        boolean may = Command.of("unshare", "-m", "true").run().exitCode() == 0;
        if (System.getenv("CI") == null) assumeTrue(may, "only root may have mounts of its own");
        refuses(docker, HAS_ITS_OWN_TEMPORARY_FOLDER, "");
    }

    @Test
    void whereABuilderPushes() throws Exception {
        scene.project().file("hello.txt", "hello " + UUID.randomUUID() + "\n");
        try (BuildKit elsewhere = BuildKit.of(Engine.builderOrSkip())) {
            scene.docker(engine, "buildx", "create", "--name", "farm", "--driver", "remote", elsewhere.address())
                    .run()
                    .succeeded();
            refuses(
                    dockers().get(0),
                    RESETS_THE_ENVIRONMENT,
                    "Cannot perform an interactive login",
                    "--builder",
                    "farm");
        }
    }

    @Test
    void theDoctorSeesIt() throws Exception {
        for (String[] arguments : new String[][] {{"--check"}, {"--check", "--builder", "any"}}) {
            Ran ran = scene.standingIn(scene.script(engine, "deploy", arguments), RESETS_THE_ENVIRONMENT)
                    .run()
                    .exitedWith(1);
            ran.outContains("✗ login        docker login " + registry.host() + ": " + standIn()
                            + " did not take our configuration: ")
                    .outContains("--archive FILE")
                    .outContains("✓ push");
            assertEquals(configuration, Files.readString(file()));
        }
    }

    private Path standIn() {
        return scene.home().resolve("bin/docker");
    }

    private void refuses(Path docker, String script, String cameBack, String... options) throws Exception {
        // Podman speaks http to no registry, unless its own settings say so; Docker does to 127.0.0.1.
        Path settings = Files.writeString(
                folder.resolve("registries.conf"),
                "[[registry]]\nlocation = \"%s\"\ninsecure = true\n".formatted(registry.host()));
        Command command = scene.standingIn(
                        scene.script(engine, "deploy", "--json", "--verbose").with(options), docker, script)
                .env("CONTAINERS_REGISTRIES_CONF", settings.toString());
        Strace strace = scene.strace();
        Ran ran = strace.run(command).exitedWith(1);

        JsonNode error = ran.json().path("error");
        assertEquals("login_failed", error.path("code").asText());
        assertEquals("login", error.path("stage").asText());
        String message = error.path("message").asText();
        String start = "docker login " + registry.host() + ": " + standIn() + " did not take our configuration: ";
        assertTrue(message.startsWith(start) && message.contains(cameBack), message);
        assertTrue(error.path("hint").asText().contains("--archive FILE"), error.toString());
        assertEquals(List.of(), scene.leaks(PASSWORD, strace.trace()));
        assertEquals(Optional.empty(), PASSWORD.in(ran.out() + ran.err()));
        assertEquals(configuration, Files.readString(file()));
        assertEquals(List.of(), scene.privateFolders());
        assertEquals(1, cloud.count("GET", "registry-token"), "another token would not help");
        assertEquals(0, cloud.deployments().size());
        assertEquals(List.of(), registry.tags(TestProject.APP));
    }
}
