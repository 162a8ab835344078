package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import harness.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lib.ImageReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** Whatever a user's Docker configuration looks like, login and push work beside it, and leave it as it is. */
class UserSetupsTest {
    private static final String IMAGE = "registry.fly.io/" + TestProject.APP + ":setups";
    private static final String SHOWS_THE_ENVIRONMENT =
            "env >\"$HOME/env-$1\"; env >\"$HOME/env-$(echo \" $* \" | grep -q ' build ' && echo build || echo"
                    + " other)\"\n";

    private static Engine engine;
    private static Cloud cloud;

    @TempDir
    Path folder;

    private Scene scene;

    @BeforeAll
    static void build(@TempDir Path first) {
        engine = Engine.orSkip();
        cloud = Cloud.start();
        new Scene(first, cloud)
                .script(engine, "deploy", "--build-only", "--tag", "setups")
                .run()
                .succeeded();
    }

    @AfterAll
    static void stop() {
        if (cloud != null) cloud.close();
    }

    @BeforeEach
    void scene() {
        scene = new Scene(folder, cloud);
    }

    private Command push() {
        return scene.script(engine, "docker_push", "--verbose", IMAGE);
    }

    private Path config(String json) throws Exception {
        Path file = Files.createDirectories(scene.home().resolve(".docker")).resolve("config.json");
        return Files.writeString(file, json);
    }

    @Test
    void credentialStoresOfTheUserTakeNoPartAndTheFileStays() throws Exception {
        String json = """
            {"credsStore": "broken", "credHelpers": {"%s": "broken-too"}, "auths": {"%s": {"auth": "d3Jvbmc6d3Jvbmc="}},
             "HttpHeaders": {"X-Of-The-User": "kept"}, "proxies": {"default": {"httpProxy": "http://127.0.0.1:9"}}}
            """.formatted(cloud.registryHost(), cloud.registryHost());
        Path file = config(json);
        // Docker reads the private configuration through this folder's link; a stand-in keeps a copy of what it was.
        scene.standingIn(push(), "cat \"$DOCKER_CONFIG/config.json\" >\"$HOME/seen-$1\" 2>&1; exec \"$docker\" \"$@\"")
                .run()
                .succeeded();
        assertEquals(json, Files.readString(file));
        String seen = Files.readString(scene.home().resolve("seen-push"));
        assertTrue(seen.contains("X-Of-The-User") && seen.contains("httpProxy"), seen);
        assertFalse(seen.contains("broken") || seen.contains("d3Jvbmc6d3Jvbmc="), seen);
    }

    @Test
    void aLocaleWithDigitsOfItsOwnIsNoHindrance() {
        for (String locale : List.of("-Duser.language=fa", "-Duser.language=ar -Duser.country=EG"))
            push().env("JAVA_TOOL_OPTIONS", locale).run().succeeded();
    }

    @Test
    void aWayToShowProgressThatIsForTerminalsIsNoHindranceWithoutOne() {
        scene.script(engine, "deploy", "--build-only", "--tag", "setups")
                .env("BUILDKIT_PROGRESS", "tty")
                .run()
                .succeeded();
    }

    @Test
    void aConfigurationThatIsNoFolderIsNamedBeforeTheBuild() throws Exception {
        Path file = config("{}");
        Ran ran = scene.script(engine, "deploy", "--dry-run", "--json")
                .env("DOCKER_CONFIG", file.toString())
                .run()
                .exitedWith(78);
        assertEquals(
                "DOCKER_CONFIG is " + file + ", which is no folder",
                ran.json().at("/error/message").asText());
    }

    @Test
    void aConfigurationThatCannotBeReadIsNoHindrance() throws Exception {
        Files.createDirectories(scene.home().resolve(".docker/config.json"));
        push().run().succeeded();
        Files.delete(scene.home().resolve(".docker/config.json"));
        config("{ no json");
        push().run().succeeded();
    }

    @Test
    void aHomeThatCannotBeWrittenIsNoHindrance() {
        push().env("HOME", "/proc").run().succeeded();
    }

    @Test
    void anotherConfigurationThanTheHomesIsRespected() throws Exception {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("config.json"), "{\"HttpHeaders\": {\"X-Other\": \"1\"}}");
        config("{\"HttpHeaders\": {\"X-Home\": \"1\"}}");
        scene.standingIn(push(), "cat \"$DOCKER_CONFIG/config.json\" >\"$HOME/seen-$1\" 2>&1; exec \"$docker\" \"$@\"")
                .env("DOCKER_CONFIG", other.toString())
                .run()
                .succeeded();
        String seen = Files.readString(scene.home().resolve("seen-login"));
        assertTrue(seen.contains("X-Other") && !seen.contains("X-Home"), seen);
        assertEquals("{\"HttpHeaders\": {\"X-Other\": \"1\"}}", Files.readString(other.resolve("config.json")));
    }

    @Test
    void theUsersContextIsTheEngineThatPushes() throws Exception {
        String host = engine.host().orElse("unix:///var/run/docker.sock");
        docker("context", "create", "mine", "--docker", "host=" + host).succeeded();
        docker("context", "use", "mine").succeeded();
        push().without("DOCKER_HOST").run().succeeded();
    }

    @Test
    void contextsOverTlsAndSshAreSeenUnderThePrivateLogin() throws Exception {
        Path key = folder.resolve("key.pem");
        Path certificate = folder.resolve("cert.pem");
        Command.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-nodes",
                        "-newkey",
                        "rsa:2048",
                        "-subj",
                        "/CN=engine",
                        "-keyout",
                        key.toString(),
                        "-out",
                        certificate.toString())
                .run()
                .succeeded();
        docker(
                        "context",
                        "create",
                        "tls",
                        "--docker",
                        "host=tcp://192.0.2.1:2376,ca=" + certificate + ",cert=" + certificate + ",key=" + key)
                .succeeded();
        docker("context", "create", "far", "--docker", "host=ssh://someone@192.0.2.1")
                .succeeded();
        docker("context", "use", "far").succeeded();
        String looking =
                "case $1 in login) for c in \"\" tls; do \"$docker\" context inspect $c; done >\"$HOME/seen\" 2>&1;"
                        + " exit 1;; esac\n";
        scene.standingIn(push(), looking + "exec \"$docker\" \"$@\"").run().exitedWith(1);
        String seen = Files.readString(scene.home().resolve("seen"));
        // DOCKER_HOST names the engine of this test, and a context would win over nothing else.
        assertTrue(seen.contains("tcp://192.0.2.1:2376") && seen.contains("key.pem"), seen);
        scene.standingIn(
                        push(),
                        "unset DOCKER_HOST; " + looking + "DOCKER_HOST="
                                + engine.host().orElse("") + " exec \"$docker\" \"$@\"")
                .run()
                .exitedWith(1);
        assertTrue(Files.readString(scene.home().resolve("seen")).contains("ssh://someone@192.0.2.1"));
    }

    private Ran docker(String... words) {
        return Command.of("docker")
                .with(words)
                .env("HOME", scene.home().toString())
                .without("DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT")
                .run();
    }

    @Test
    void noChildGetsTheApiTokenAndOnlyTheBuildGetsTheUsersOtherLogin() throws Exception {
        String auth = "{\"auths\": {\"%s\": {\"auth\": \"d3Jvbmc6d3Jvbmc=\"}}}".formatted(cloud.registryHost());
        Function<String, Command> deploy = option -> scene.standingIn(
                        scene.script(engine, "deploy", option), SHOWS_THE_ENVIRONMENT + "exec \"$docker\" \"$@\"")
                .env("SYSTEMPROMPT_API_TOKEN", scene.apiToken().value())
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("DOCKER_AUTH_CONFIG", auth)
                .env("DOCKER_CONTENT_TRUST", "1")
                .env("OF_THE_USER", "kept");
        deploy.apply("--build-only").run().succeeded(); // looks the image up, which is not done before a push
        Ran ran = deploy.apply("--json")
                .run()
                .succeeded()
                .errContains("DOCKER_AUTH_CONFIG is set: it is left out of login and push")
                .errContains("DOCKER_CONTENT_TRUST is set: the image is pushed unsigned");
        assertEquals(Optional.empty(), scene.apiToken().in(ran.out() + ran.err()));
        assertEquals(List.of(), scene.leaks(scene.apiToken()));
        for (String command : new String[] {"build", "login", "push", "tag", "image"}) {
            String environment = Files.readString(scene.home().resolve("env-" + command));
            assertTrue(environment.contains("OF_THE_USER=kept"), command);
            assertFalse(environment.contains("SYSTEMPROMPT_API_TOKEN"), command);
            boolean withLogin = command.equals("login") || command.equals("push");
            assertEquals(!withLogin, environment.contains("DOCKER_AUTH_CONFIG="), command);
            assertEquals(!withLogin, environment.contains("DOCKER_CONTENT_TRUST="), command);
        }
    }

    @Test
    void everyDockerOfThePathLogsInWithEveryEngine() throws Exception {
        for (Path docker : Scene.dockers()) {
            if (docker.endsWith("podman")) continue;
            for (Engine each : List.of(engine, Engine.legacyOrSkip())) {
                scene.standingIn(scene.script(each, "deploy"), docker, "exec \"$docker\" \"$@\"")
                        .run()
                        .succeeded();
            }
        }
    }

    private Command underPodman(Scene scene) throws Exception {
        Tool.orSkip("podman");
        // Podman speaks http to no registry, unless its own settings say so; Docker does to 127.0.0.1.
        Path settings = Files.writeString(
                folder.resolve("registries.conf"),
                "[[registry]]\nlocation = \"%s\"\ninsecure = true\n".formatted(cloud.registryHost()));
        return scene.standingIn(scene.script(engine, "deploy", "--verbose", "--json"), "exec podman \"$@\"")
                .env("CONTAINERS_REGISTRIES_CONF", settings.toString());
    }

    @Test
    void aPasswordThatIsRefusedIsRenewedUnderPodmanToo() throws Exception {
        cloud.refuseNextCredentials(1);
        Strace strace = scene.strace();
        strace.run(underPodman(scene))
                .succeeded()
                .errContains("invalid username/password; trying once more with a new token");
        assertEquals(List.of(), scene.leaks(cloud, strace.trace()));
    }

    @Test
    void aRegistryThatCannotBeReachedIsToldUnderPodmanToo() throws Exception {
        cloud.fault("* ping 503 x*");
        try {
            Ran ran = underPodman(scene).run().exitedWith(69);
            String message = ran.json().path("error").path("message").asText();
            assertTrue(message.contains("503"), message);
        } finally {
            cloud.clearFaults();
        }
    }

    @Test
    void podmansDockerCommandWorksAsWell() throws Exception {
        Scene podman = new Scene(Files.createDirectory(folder.resolve("podman")), cloud);
        Strace strace = podman.strace();
        Ran ran = strace.run(underPodman(podman));
        WholeRunTest.assertLeavesItToDockerToAsk(strace.trace());
        assertEquals(List.of(), podman.leaks(cloud, strace.trace()));
        assertEquals(List.of(), podman.privateFolders());
        JsonNode answer = ran.succeeded().json();
        assertTrue(
                cloud.find(ImageReference.parse(answer.path("image").asText())).isPresent());
        assertTrue(answer.path("digest").isNull(), "podman does not say what it pushed, and a guess would be wrong");
    }
}
