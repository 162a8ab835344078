package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import harness.BuildKit;
import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import lib.Json;
import lib.Secret;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.ExternalRegistry;

/** Each script, as a person runs it, against a real registry: no file, argument, variable or line holds the token. */
class WholeRunTest {
    private static final Canary PASSWORD = Canary.password();
    private static final String SECRETS = ".systemprompt/profiles/" + TestProject.PROFILE + "/";

    @TempDir
    static Path folder;

    private static Engine engine;
    private static DebianRegistry registry;
    private static Cloud cloud;
    private static Scene scene;

    @BeforeAll
    static void start() throws Exception {
        engine = Engine.orSkip();
        registry =
                DebianRegistry.orSkip(Files.createDirectory(folder.resolve("registry")), Secret.of(PASSWORD.value()));
        cloud = Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
        scene = new Scene(Files.createDirectory(folder.resolve("scene")), cloud);
    }

    @AfterAll
    static void stop() {
        if (cloud != null) cloud.close();
        if (registry != null) registry.close();
    }

    @Test
    void deployWritesTheTokenNowhere() throws Exception {
        Trace trace = writesTheTokenNowhere(scene.jbang(engine, "deploy", "--verbose", "--json"));
        assertTrue(programs(trace).containsAll(Set.of("docker", "docker-credential-systemprompt-memory")));
        assertLeavesItToDockerToAsk(trace);
        assertEquals(1, cloud.deployments().size());
    }

    @Test
    void dockerPushWritesTheTokenNowhere() throws Exception {
        scene.script(engine, "deploy", "--build-only", "--tag", "one").run().succeeded();
        String image = "registry.fly.io/" + TestProject.APP + ":one";
        Trace trace = writesTheTokenNowhere(scene.jbang(engine, "docker_push", "--verbose", "--tag", "two", image));
        assertTrue(programs(trace).contains("docker-credential-systemprompt-memory"));
        assertTrue(registry.digest(TestProject.APP, "two").isPresent());
    }

    @Test
    void registryTokenWritesTheTokenNowhere() throws Exception {
        writesTheTokenNowhere(scene.jbang(engine, "registry_token", "--verbose"));
    }

    @Test
    void anArchivesPushWritesTheTokenNowhere() throws Exception {
        Path archive = folder.resolve("image.tar");
        scene.script(engine, "deploy", "--build-only", "--tag", "saved").run().succeeded();
        engine.docker("save", "--output", archive.toString(), "registry.fly.io/" + TestProject.APP + ":saved")
                .run()
                .succeeded();
        Trace trace = writesTheTokenNowhere(scene.jbang(
                engine, "docker_push", "--verbose", "--json", "--archive", archive.toString(), "--tag", "three"));
        assertFalse(programs(trace).contains("docker"), "an archive needs no engine");
        assertTrue(registry.digest(TestProject.APP, "three").isPresent());
        writesTheTokenNowhere(scene.jbang(engine, "deploy", "--verbose", "--archive", archive.toString()));
    }

    @Test
    void aRollbackWritesTheTokenNowhere() throws Exception {
        scene.script(engine, "deploy", "--tag", "six").run().succeeded();
        int before = cloud.deployments().size();
        Trace trace = writesTheTokenNowhere(scene.jbang(engine, "releases", "rollback", "1", "--verbose", "--json"));
        assertFalse(programs(trace).contains("docker"), "nothing is built or pushed");
        assertEquals(before + 1, cloud.deployments().size());
    }

    @Test
    void aDeployFromABuilderWritesTheTokenNowhere() throws Exception {
        // Never built before, so that nothing of it is in a cache.
        scene.project().file("hello.txt", "hello " + UUID.randomUUID() + "\n");
        try (BuildKit elsewhere = BuildKit.of(Engine.builderOrSkip())) {
            scene.docker(engine, "buildx", "create", "--name", "farm", "--driver", "remote", elsewhere.address())
                    .run()
                    .succeeded();
            Trace trace = writesTheTokenNowhere(
                    scene.jbang(engine, "deploy", "--verbose", "--json", "--builder", "farm", "--tag", "four"));
            assertTrue(programs(trace).containsAll(Set.of("docker-buildx", "docker-credential-systemprompt-memory")));
            assertLeavesItToDockerToAsk(trace);
        }
        assertTrue(registry.digest(TestProject.APP, "four").isPresent());
        assertFalse(engine.holds(registry.host() + "/" + TestProject.APP + ":four"), "this machine's engine has it");
    }

    @Test
    void theTenantsSecretsAreOnlyInTheFilesThatHeldThem() throws Exception {
        Map<String, Canary> secrets = new TreeMap<>();
        for (String key : List.of("openai", "internal_database_url", "stripe")) {
            secrets.put(key, Canary.ofTheTenant(key));
        }
        Canary signingKey = Canary.ofTheTenant("signing_key.pem");
        ObjectNode json = Json.object();
        secrets.forEach((key, secret) -> json.put(key, secret.value()));
        Path profile = scene.project()
                .file(SECRETS + "secrets.json", Json.pretty(json))
                .file(SECRETS + "signing_key.pem", signingKey.value())
                .folder()
                .resolve(SECRETS);

        Strace strace = scene.strace();
        Ran ran = strace.run(scene.jbang(
                        engine,
                        "deploy",
                        "--verbose",
                        "--json",
                        "--sync-secrets",
                        "--sync-credentials",
                        "--tag",
                        "five"))
                .succeeded();
        Trace trace = strace.trace();

        Map<String, Secret> received = cloud.secrets(TestProject.TENANT);
        assertEquals(secrets.get("stripe").value(), received.get("STRIPE").reveal());
        assertEquals(
                scene.apiToken().value(), received.get("SYSTEMPROMPT_API_TOKEN").reveal());
        assertTrue(signingKey.in(received.get("SIGNING_KEY_PEM").reveal()).isPresent());
        assertNothingLeaked(trace, ran);
        secrets.put("", signingKey);
        for (Canary secret : secrets.values()) {
            Leaks look =
                    Leaks.of(secret).but(profile.resolve(secret == signingKey ? "signing_key.pem" : "secrets.json"));
            assertEquals(List.of(), look.in(trace));
            assertEquals(List.of(), scene.leaks(look));
            assertEquals(Optional.empty(), secret.in(ran.out() + ran.err()));
        }
    }

    private static Trace writesTheTokenNowhere(Command command) throws Exception {
        Strace strace = scene.strace();
        Ran ran = strace.run(command).succeeded();
        Trace trace = strace.trace();
        assertNothingLeaked(trace, ran);
        return trace;
    }

    private static void assertNothingLeaked(Trace trace, Ran ran) {
        assertEquals(List.of(), scene.leaks(PASSWORD, trace));
        assertEquals(Optional.empty(), PASSWORD.in(ran.out() + ran.err()));
        assertEquals(Optional.empty(), scene.apiToken().in(ran.out() + ran.err()));
        assertEquals(List.of(), scene.privateFolders());
    }

    /** The login names the registry alone, and what asks for the password is the helper. */
    static void assertLeavesItToDockerToAsk(Trace trace) {
        List<String> logins = trace.starts().stream()
                .map(start -> String.join(" ", start.words()))
                .filter(words -> words.contains(" login "))
                .toList();
        assertFalse(logins.isEmpty(), "no login");
        for (String login : logins) {
            assertFalse(login.contains("--password-stdin") || login.contains("--username"), login);
        }
        assertTrue(trace.starts().stream()
                .map(Trace.Start::words)
                .anyMatch(words ->
                        words.get(0).endsWith("/docker-credential-systemprompt-memory") && words.contains("get")));
    }

    private static Set<String> programs(Trace trace) {
        return trace.starts().stream()
                .map(start -> Path.of(start.words().get(0)).getFileName().toString())
                .collect(Collectors.toSet());
    }
}
