package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    private static Trace writesTheTokenNowhere(Command command) throws Exception {
        Strace strace = scene.strace();
        Ran ran = strace.run(command).succeeded();
        Trace trace = strace.trace();
        assertEquals(List.of(), scene.leaks(PASSWORD, trace));
        assertEquals(Optional.empty(), PASSWORD.in(ran.out() + ran.err()));
        assertEquals(Optional.empty(), scene.apiToken().in(ran.out() + ran.err()));
        assertEquals(List.of(), scene.privateFolders());
        return trace;
    }

    private static Set<String> programs(Trace trace) {
        return trace.starts().stream()
                .map(start -> Path.of(start.words().get(0)).getFileName().toString())
                .collect(Collectors.toSet());
    }
}
