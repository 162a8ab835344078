package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Tenant;

/** Two deploys of one project at once. */
class DeployLockTest {
    @TempDir
    Path folder;

    @Test
    void theSecondSaysWhoDeploysAndSinceWhen() {
        try (Cloud cloud = Cloud.start();
                Running first = waitingForever(new Scene(folder, cloud))) {
            Scene scene = new Scene(folder, cloud);
            JsonNode error = deploy(scene, "--json").run().exitedWith(69).json().path("error");
            assertEquals("unavailable", error.path("code").asText());
            String message = error.path("message").asText();
            assertTrue(message.contains("by " + System.getProperty("user.name") + " on "), message);
            assertTrue(message.contains("(process " + holder(scene) + ")"), message);
            Instant since = Instant.parse(message.replaceAll(".*since (\\S+) .*", "$1"));
            assertTrue(Math.abs(since.getEpochSecond() - Instant.now().getEpochSecond()) < 60, message);
            assertFalse(error.path("hint").asText().isEmpty());
            assertTrue(first.isAlive());
            assertEquals(1, cloud.deployments().size());
        }
    }

    @Test
    void aLookDoesNotWaitForIt() {
        try (Cloud cloud = Cloud.start();
                Running first = waitingForever(new Scene(folder, cloud))) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "--dry-run").run().succeeded();
            deploy(scene, "--check").run().succeeded();
            assertTrue(first.isAlive());
        }
    }

    @Test
    void aHolderThatWasKilledDoesNotBlock() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            try (Running first = waitingForever(scene)) {
                Command.of("kill", "-KILL", holder(scene)).run().succeeded();
                first.await();
            }
            assertTrue(Files.exists(lock(scene)), "the killed one could not clean up");
            cloud.put(Tenant.of("ten_demo", "demo", "sp-demo"));
            deploy(scene).run().succeeded();
            assertFalse(Files.exists(lock(scene)));
        }
    }

    @Test
    void nothingIsLeftAfterSuccessFailureAndCtrlC() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene).run().succeeded();
            assertFalse(Files.exists(lock(scene)));
            cloud.fault("POST deploy 422=No");
            deploy(scene).run().exitedWith(1);
            assertFalse(Files.exists(lock(scene)));
            try (Running running = waitingForever(scene)) {
                running.ctrlC().await().exitedWith(130);
            }
            assertFalse(Files.exists(lock(scene)));
        }
    }

    @Test
    void aLockThatCannotBeMadeIsAWarning() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            Files.createDirectories(lock(scene));
            deploy(scene).run().succeeded().errContains("another deploy of this project would not be noticed");
        }
    }

    private static Running waitingForever(Scene scene) {
        scene.cloud.put(Tenant.of("ten_demo", "demo", "sp-demo").ending(new Tenant.NeverEnds()));
        return deploy(scene, "--wait").start().awaitErr("demo is 'deploying'");
    }

    private static Command deploy(Scene scene, String... more) {
        return scene.script("deploy.java", "--archive", scene.archive().toString())
                .with(more);
    }

    private static String holder(Scene scene) {
        try {
            return lib.Json.parse(Files.readString(lock(scene))).path("pid").asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Path lock(Scene scene) {
        return scene.project.folder().resolve(".systemprompt/deploy.lock");
    }
}
