package releases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import deploy.Scene;
import harness.DebianRegistry;
import harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.registry.SampleImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sandbox.Cloud;
import sandbox.ExternalRegistry;
import sandbox.Generation;
import sandbox.RegistryAuth;
import sandbox.Tenant;

/** {@code releases} and {@code releases rollback}: back to what ran before. */
class RollbackTest {
    @TempDir
    Path folder;

    static Stream<Arguments> clouds() {
        return Stream.of(Generation.values())
                .flatMap(generation ->
                        Stream.of(RegistryAuth.Scheme.values()).map(scheme -> Arguments.of(generation, scheme)));
    }

    @ParameterizedTest
    @MethodSource("clouds")
    void goesBackToTheImageBeforeAndBuildsAndPushesNothing(Generation generation, RegistryAuth.Scheme scheme) {
        try (Cloud cloud =
                Cloud.builder().generation(generation).registryScheme(scheme).start()) {
            Scene scene = new Scene(folder, cloud);
            for (String version : List.of("one", "two", "three")) deploy(scene, version, "--tag", version);
            List<String> deployed = images(cloud);
            long uploads = cloud.count("POST", "uploads") + cloud.count("PUT", "manifest");

            JsonNode back = rollback(scene, "--json").succeeded().json();
            assertEquals(deployed.get(1), images(cloud).get(3));
            assertEquals(2, back.path("rollback_of").asInt());
            assertEquals(deployed.get(1), back.path("image").asText());
            assertEquals("[\"build\",\"login\",\"push\"]", back.path("skipped").toString());

            rollback(scene, "1", "--wait").succeeded().outContains(cloud.apiUrl());
            assertEquals(deployed.get(0), images(cloud).get(4));
            assertEquals(uploads, cloud.count("POST", "uploads") + cloud.count("PUT", "manifest"));
        }
    }

    @Test
    void theListSaysWhatWasDeployedNewestFirst() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            JsonNode first = deploy(scene, "one");
            deploy(scene, "two", "--wait");
            rollback(scene).succeeded();

            JsonNode list =
                    scene.script("releases.java", "--json").run().succeeded().json();
            assertEquals(3, list.size());
            JsonNode back = list.get(0);
            assertEquals(1, back.path("rollback_of").asInt());
            assertTrue(back.path("current").asBoolean()
                    && !list.get(1).path("current").asBoolean());
            assertEquals("running", list.get(1).path("status").asText(), "what the wait found");
            for (String key : List.of("image", "digest", "tenant_id", "profile", "url"))
                assertEquals(first.path(key), list.get(2).path(key), key);
            assertTrue(Instant.parse(back.path("at").asText()).isBefore(Instant.now()));

            Ran shown =
                    scene.script("releases.java", "list", "--limit", "2").run().succeeded();
            assertEquals(3, shown.out().lines().count(), shown.out());
            shown.outContains("*   3  just now").outContains("(back to 1)");
            scene.script("releases.java", "--limit", "0").run().exitedWith(2);
        }
    }

    /** A list needs nobody's permission: what it shows lies on this machine. */
    @Test
    void theListNeedsNoCredentialsAndNoRegistry() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "one");
            Files.delete(scene.project.folder().resolve(".systemprompt/credentials.json"));
            scene.script("releases.java")
                    .run()
                    .succeeded()
                    .outContains("just now")
                    .errLacks("credentials");
        }
    }

    @Test
    void aTagThatMeansAnotherImageByNowGoesByDigest() {
        DebianRegistry registry = DebianRegistry.orSkip(folder);
        try (registry;
                Cloud cloud = handingOut(registry)) {
            Scene scene = new Scene(folder, cloud);
            JsonNode first = deploy(scene, "one", "--tag", "stable");
            deploy(scene, "two", "--tag", "stable");
            JsonNode back = rollback(scene, "--json").succeeded().json();
            ImageReference sent = cloud.deployments().get(2).image();
            assertEquals(Optional.of(new Digest(first.path("digest").asText())), sent.digest());
            assertEquals(Optional.empty(), sent.tag());
            assertEquals(sent.toString(), back.path("image").asText());
        }
    }

    @Test
    void whatTheRegistryNoLongerHasIsSaidAndNothingIsSent() {
        DebianRegistry registry = DebianRegistry.orSkip(folder);
        try (registry;
                Cloud cloud = handingOut(registry)) {
            Scene scene = new Scene(folder, cloud);
            JsonNode first = deploy(scene, "one");
            deploy(scene, "two");
            registry.delete("sp-demo", new Digest(first.path("digest").asText()));
            JsonNode error = rollback(scene, "--json").exitedWith(78).json().path("error");
            String message = error.path("message").asText();
            assertTrue(message.startsWith("The registry no longer has the image of release 1: "), message);
            assertTrue(error.path("hint").asText().contains("releases"), error.toString());
            assertEquals(2, cloud.deployments().size());
        }
    }

    @Test
    void withoutNotesItSaysWhatToType() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            rollback(scene)
                    .exitedWith(78)
                    .errContains("No release of ten_demo is noted on this machine")
                    .errContains("deploy --skip-push --image ");
            assertEquals(0, cloud.calls().size());
            scene.script("releases.java", "--json").run().succeeded().outEquals("[]");
        }
    }

    @Test
    void aDeploymentThatFailsNamesTheCommandThatGoesBack() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "one");
            cloud.put(Tenant.of("ten_demo", "demo", "sp-demo").ending(new Tenant.Fails("health check failed")));
            Ran ran = scene.script("deploy.java", "--archive", archive("two").toString(), "--wait", "--json")
                    .run()
                    .exitedWith(1);
            String hint = ran.json().path("error").path("hint").asText();
            assertTrue(hint.contains("Back to what ran before: ") && hint.contains("rollback"), hint);
            JsonNode list =
                    scene.script("releases.java", "--json").run().succeeded().json();
            assertEquals("failed", list.get(0).path("status").asText());
        }
    }

    @Test
    void aRefusedRollbackTellsWhichImageItWasAbout() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            JsonNode first = deploy(scene, "one", "--tag", "one");
            cloud.fault("POST deploy 422");
            JsonNode failed = rollback(scene, "1", "--json").exitedWith(1).json();
            for (String key : List.of("image", "digest", "tenant_id", "profile"))
                assertEquals(first.path(key), failed.path(key), key);
        }
    }

    @Test
    void aDryRunAsksNobody() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "one");
            deploy(scene, "two");
            int asked = cloud.calls().size();
            JsonNode plan =
                    rollback(scene, "--dry-run", "--json").succeeded().json().path("plan");
            assertEquals(images(cloud).get(0), plan.path("image").asText());
            assertEquals(asked, cloud.calls().size());
        }
    }

    /** Nothing of a token or a password is in the notes; {@code WholeRunTest} traces the writing. */
    @Test
    void noSecretIsNoted() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "one");
            rollback(scene, "1").succeeded();
            String notes = Files.readString(scene.project.folder().resolve(".systemprompt/releases.jsonl"));
            List<String> secrets = new ArrayList<>(List.of(cloud.operatorToken().reveal()));
            cloud.credentials().forEach(each -> secrets.add(each.password().reveal()));
            for (String secret : secrets) assertFalse(notes.contains(secret), notes);
        }
    }

    private static Cloud handingOut(DebianRegistry registry) {
        return Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
    }

    private JsonNode deploy(Scene scene, String version, String... options) {
        return scene.script("deploy.java", "--archive", archive(version).toString(), "--json")
                .with(options)
                .run()
                .succeeded()
                .json();
    }

    private Ran rollback(Scene scene, String... words) {
        return scene.script("releases.java", "rollback").with(words).run();
    }

    private Path archive(String version) {
        try {
            return SampleImage.write(
                    folder.resolve(version + ".tar"),
                    SampleImage.saved(
                            java.util.Map.of("web:" + version, SampleImage.of(SampleImage.layer(version, 3000)))));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> images(Cloud cloud) {
        return cloud.deployments().stream()
                .map(deployment -> deployment.image().toString())
                .toList();
    }
}
