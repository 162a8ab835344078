package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import harness.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandbox.Cloud;

/** However a run ends, no secret was written, no child and no private folder stays, and it says what was done. */
class EndingsTest {
    private static final String HOLDS_THE_BUILD =
            "case \" $* \" in *\" build \"*) echo building >&2; exec sleep 60;; esac\n";
    private static final String GOES_ON = "exec \"$docker\" \"$@\"";

    @TempDir
    Path folder;

    private Engine engine;
    private Cloud cloud;
    private Scene scene;

    @BeforeEach
    void start() throws Exception {
        engine = Engine.orSkip();
        cloud = Cloud.start();
        scene = new Scene(folder, cloud);
    }

    @AfterEach
    void stop() {
        if (cloud != null) cloud.close();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "INT, build, building, , nothing was pushed or deployed",
        "TERM, build, building, , nothing was pushed or deployed",
        "INT, token, Image built, GET registry-token slow=20000, nothing was pushed or deployed",
        "TERM, token, Image built, GET registry-token slow=20000, nothing was pushed or deployed",
        "INT, login, docker login, * ping slow=20000 x*, nothing was pushed or deployed",
        "TERM, login, docker login, * ping slow=20000 x*, nothing was pushed or deployed",
        "INT, push, docker push, * blob slow=20000 x*, nothing was deployed; layers may have been pushed",
        "TERM, push, docker push, * blob slow=20000 x*, nothing was deployed; layers may have been pushed",
        "INT, deploy, Image pushed, POST deploy slow=20000, the deployment may or may not have been accepted",
        "TERM, deploy, Image pushed, POST deploy slow=20000, the deployment may or may not have been accepted",
        "INT, wait, Deployment accepted, GET status slow=20000 x*, the deployment was accepted and goes on",
        "TERM, wait, Deployment accepted, GET status slow=20000 x*, the deployment was accepted and goes on",
    })
    void aSignalEndsTheRun(String signal, String stage, String sign, String weather, String done) throws Exception {
        if (weather != null) cloud.fault(weather);
        Command command = scene.script(engine, "deploy", "--verbose", "--json");
        if (stage.equals("wait")) command.with("--wait=60");
        Strace strace = scene.strace();
        int exitCode = signal.equals("INT") ? 130 : 143;
        try (Running running =
                strace.start(scene.standingIn(command, (stage.equals("build") ? HOLDS_THE_BUILD : "") + GOES_ON))) {
            running.awaitErr(sign);
            Thread.sleep(300);
            ProcessHandle script = child(running);
            List<ProcessHandle> children = script.descendants().toList();
            assertEquals(Set.of("build", "login", "push").contains(stage), !children.isEmpty(), "a child in " + stage);
            kill(signal, script);
            Ran ran = running.await().exitedWith(exitCode);
            assertEquals(List.of(), living(children));
            assertEquals(List.of(), scene.privateFolders());
            assertEquals("✗ Interrupted during " + stage + ": " + done, theOnlyError(ran));
            JsonNode error = ran.json().path("error");
            assertEquals("interrupted", error.path("code").asText());
            assertEquals(stage, error.path("stage").asText());
            assertEquals(exitCode, error.path("exit_code").asInt());
            writtenNowhere(strace.trace(), ran);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "preflight, 77, auth",
        "build, 1, build_failed",
        "token, 1, token_failed",
        "login, 1, login_failed",
        "push, 1, push_failed",
        "deploy, 1, deploy_failed",
    })
    void aStageThatFails(String stage, int exitCode, String code) throws Exception {
        failing(stage).accept(cloud);
        Strace strace = scene.strace();
        Ran ran = strace.run(scene.script(engine, "deploy", "--verbose", "--json"))
                .exitedWith(exitCode);
        assertEquals(stage, ran.json().path("error").path("stage").asText());
        assertEquals(code, ran.json().path("error").path("code").asText());
        assertTrue(ran.err().contains("at lib."), "a stack trace");
        assertEquals(List.of(), scene.privateFolders());
        writtenNowhere(strace.trace(), ran);
    }

    private Consumer<Cloud> failing(String stage) {
        return switch (stage) {
            case "preflight" -> it -> scene.project().expiringIn(Duration.ofDays(-1));
            case "build" -> it -> scene.project().dockerfile("FROM scratch\nRUN nothing-there\n");
            case "token" -> it -> it.fault("GET registry-token 500=No token today");
            case "login" -> it -> it.refuseNextCredentials(9);
            case "push" -> it -> it.fault("PUT manifest 400=No manifest today");
            default -> it -> it.fault("POST deploy 500=No deployment today");
        };
    }

    @Test
    void aKilledRunLeavesNothingSecretAndTheNextOneSweeps() throws Exception {
        cloud.fault("* blob slow=4000");
        Strace strace = scene.strace();
        List<ProcessHandle> orphans;
        try (Running running = strace.start(scene.script(engine, "deploy", "--verbose"))) {
            running.awaitErr("docker push");
            Thread.sleep(300);
            ProcessHandle script = child(running);
            orphans = script.descendants().toList();
            kill("KILL", script);
            writtenNowhere(strace.trace(), running.await());
        } finally {
            cloud.clearFaults();
        }
        assertEquals(1, scene.privateFolders().size());
        Path left = scene.privateFolders().get(0);
        assertTrue(Files.exists(left.resolve("systemprompt-memory.fifo")));
        assertFalse(Files.isRegularFile(left.resolve("systemprompt-memory.fifo")));
        assertFalse(orphans.isEmpty());
        scene.script(engine, "deploy").run().succeeded();
        assertEquals(List.of(), scene.privateFolders());
        orphans.forEach(ProcessHandle::destroy);
    }

    @Test
    void aSecondSignalEndsTheRunAtOnceAndStillLeavesNothing() throws Exception {
        String stubborn =
                "case \" $* \" in *\" push \"*) trap '' INT TERM; echo pushing >&2; while :; do sleep 1; done;; esac\n";
        Command command = scene.standingIn(scene.script(engine, "deploy"), stubborn + GOES_ON);
        try (Running running = command.start()) {
            running.awaitErr("pushing");
            List<ProcessHandle> children = running.descendants();
            running.signal("INT");
            Thread.sleep(700);
            assertTrue(running.isAlive(), "the first waits for the child");
            long second = System.nanoTime();
            running.signal("INT").await().exitedWith(130);
            assertTrue(Duration.ofNanos(System.nanoTime() - second).toMillis() < 3000, "the second does not");
            assertEquals(List.of(), living(children));
            assertEquals(List.of(), scene.privateFolders());
        }
    }

    @Test
    void aSignalThatComesTwiceAtOnceIsOne() throws Exception {
        try (Running running = scene.standingIn(scene.script(engine, "deploy", "--json"), HOLDS_THE_BUILD + GOES_ON)
                .start()) {
            running.awaitErr("building").signal("TERM").signal("TERM");
            assertEquals(
                    "build",
                    running.await()
                            .exitedWith(143)
                            .json()
                            .path("error")
                            .path("stage")
                            .asText());
        }
    }

    @Test
    void ctrlCReachesTheWholeGroupThroughJust() throws Exception {
        cloud.fault("* blob slow=20000 x*");
        try (Running running =
                scene.just(engine, "deploy", "--verbose", "--json").start()) {
            running.awaitErr("docker push");
            Thread.sleep(300);
            List<ProcessHandle> children = running.descendants();
            Ran ran = running.ctrlC().await().exitedWith(130);
            assertEquals("push", ran.json().path("error").path("stage").asText());
            assertEquals(List.of(), living(children));
            assertEquals(List.of(), scene.privateFolders());
        }
    }

    private void writtenNowhere(Trace trace, Ran ran) {
        assertEquals(List.of(), scene.leaks(cloud, trace));
        List<Canary> canaries = new ArrayList<>(List.of(scene.apiToken()));
        cloud.credentials().forEach(each -> canaries.add(Canary.password(each.password())));
        for (Canary canary : canaries) assertEquals(Optional.empty(), canary.in(ran.out() + ran.err()));
    }

    private static String theOnlyError(Ran ran) {
        List<String> errors =
                ran.err().lines().filter(line -> line.startsWith("✗")).toList();
        assertEquals(1, errors.size(), ran.err());
        return errors.get(0);
    }

    // One that was killed and that nobody asked for its exit code is a zombie, and dead.
    private static List<ProcessHandle> living(List<ProcessHandle> processes) throws Exception {
        List<ProcessHandle> living = processes;
        for (int i = 0; i < 20 && !living.isEmpty(); i++) {
            if (i > 0) Thread.sleep(100);
            living = living.stream()
                    .filter(ProcessHandle::isAlive)
                    .filter(each -> !isZombie(each))
                    .toList();
        }
        return living;
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    private static ProcessHandle child(Running strace) {
        return strace.children().get(0);
    }

    private static void kill(String signal, ProcessHandle process) {
        Command.of("kill", "-" + signal, Long.toString(process.pid())).run().succeeded();
    }
}
