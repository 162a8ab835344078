package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.ExternalRegistry;
import sandbox.Generation;
import sandbox.RegistryAuth;
import sandbox.Tenant;

/** {@code just doctor}, and {@code registry_token --check}, which shares its proof. */
class DoctorTest {
    @TempDir
    Path folder;

    @Test
    void everyCheckPassesOnBothGenerationsAndBothKindsOfRegistry() {
        Engine engine = Engine.orSkip();
        for (Generation generation : Generation.values()) {
            for (RegistryAuth.Scheme scheme : RegistryAuth.Scheme.values()) {
                try (Cloud cloud = Cloud.builder()
                        .generation(generation)
                        .registryScheme(scheme)
                        .start()) {
                    Scene scene = new Scene(folder.resolve(generation + "-" + scheme), cloud);
                    Ran ran =
                            scene.script(engine, "deploy.java", "--check").run().succeeded();
                    for (String check :
                            List.of("project", "profile", "tenant", "credentials", "docker", "api", "push")) {
                        ran.outContains("✓ " + check);
                    }
                    ran.outLacks("✗").outLacks("⚠").outLacks("\u001b").errLacks("\u001b");
                    cloud.credentials()
                            .forEach(credential ->
                                    ran.lacks(credential.password().reveal()));
                    assertEquals(0, cloud.deployments().size());
                }
            }
        }
    }

    @Test
    void aTokenThatMayPullButNotPushIsSaidInOneSentenceBeforeAnyBuild() {
        Engine engine = Engine.orSkip();
        for (RegistryAuth.Scheme scheme : RegistryAuth.Scheme.values()) {
            try (Cloud cloud = Cloud.builder().registryScheme(scheme).start()) {
                Scene scene = new Scene(folder.resolve(scheme.toString()), cloud);
                cloud.pullOnlyCredentials(true);
                String sentence = "may pull from " + cloud.registryHost() + "/sp-demo but not push to it";

                Ran ran = scene.script(engine, "deploy.java", "--check").run().exitedWith(77);
                ran.outContains("✗ push")
                        .outContains(sentence)
                        .outContains("✓ login")
                        .errLacks("Image built");

                JsonNode checks = scene.script(engine, "deploy.java", "--check", "--json")
                        .run()
                        .exitedWith(77)
                        .json();
                assertEquals(77, checks.path("exit_code").asInt());
                JsonNode last = checks.path("checks").get(checks.path("checks").size() - 1);
                assertEquals("push fail auth", words(last, "check", "state", "code"));
                assertTrue(last.path("message").asText().contains(sentence), last.toString());
                assertEquals(1, count(checks.path("checks"), "fail"));
                assertNothingLeft(cloud);
            }
        }
    }

    @Test
    void nothingIsLeftInARegistryThatWeDidNotWrite(@TempDir Path place) throws IOException {
        Engine engine = Engine.orSkip();
        try (DebianRegistry registry = DebianRegistry.orSkip(place);
                Cloud cloud = Cloud.builder()
                        .externalRegistry(new ExternalRegistry(
                                registry.host(), registry.username(), registry.password(), Optional.empty()))
                        .start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script(engine, "deploy.java", "--check").run().succeeded().outContains("✓ push");
            Path storage = place.resolve("storage");
            if (!Files.exists(storage)) return;
            try (Stream<Path> files = Files.walk(storage)) {
                // Of a cancelled upload this registry keeps the hash of nothing, which is no upload to it.
                assertEquals(
                        List.of(),
                        files.filter(Files::isRegularFile)
                                .filter(file -> !file.toString().contains("/hashstates/"))
                                .toList());
            }
        }
    }

    @Test
    void theLocalHalfIsLookedAtWithoutANetwork() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.api(URI.create("http://127.0.0.1:9"));
            Ran ran = scene.script(engine, "deploy.java", "--check", "--json")
                    .run()
                    .exitedWith(69);
            List<String> states = new ArrayList<>();
            ran.json().path("checks").forEach(check -> states.add(words(check, "check", "state")));
            assertEquals(
                    List.of(
                            "project ok",
                            "profile ok",
                            "tenant ok",
                            "credentials ok",
                            "docker ok",
                            "dockerfile ok",
                            "sources ok",
                            "api fail",
                            "status skipped",
                            "token skipped",
                            "login skipped",
                            "push skipped"),
                    states);
        }
    }

    @Test
    void theWorstCheckIsTheExitCodeAndEachHasItsFix() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.expiringIn(Duration.ofMinutes(-1)).without("hello.txt");
            Ran ran = scene.script("deploy.java", "--check").run().exitedWith(78);
            ran.outContains("✗ credentials  Token expired\n               → Run 'just login'\n")
                    .outContains("✗ docker       Docker is not available")
                    .outContains("✗ sources      COPY source not found")
                    .outContains("– api          skipped: depends on 'credentials'");
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void eachRefusalOfTheCloudHasItsOwnCheck() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            String[] check = {"--check", "--archive", scene.archive().toString()};
            scene.script("deploy.java", check).run().succeeded().outContains("– login        no engine to log in with");
            cloud.put(Tenant.of("ten_demo", "demo", "sp-demo").unprovisioned());
            scene.script("deploy.java", check)
                    .run()
                    .exitedWith(69)
                    .outContains("✗ token        No cloud infrastructure provisioned")
                    .outContains("the tenant is 'provisioning'");
            cloud.removeTenants();
            scene.script("deploy.java", check).run().exitedWith(78).outContains("✗ status       Tenant not found");
            cloud.revokeOperatorTokens();
            scene.script("deploy.java", check)
                    .run()
                    .exitedWith(77)
                    .outContains("✗ api          Authentication failed")
                    .outContains("– push");
        }
    }

    @Test
    void withoutAProjectThereIsNothingToLookAt() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--check", "-C", scene.home.toString())
                    .run()
                    .exitedWith(78)
                    .outIsEmpty()
                    .errContains("Not a systemprompt.io project");
        }
    }

    @Test
    void registryTokenTellsWhetherItMayPush() {
        for (RegistryAuth.Scheme scheme : RegistryAuth.Scheme.values()) {
            try (Cloud cloud = Cloud.builder()
                    .generation(Generation.G2)
                    .registryScheme(scheme)
                    .start()) {
                Scene scene = new Scene(folder.resolve(scheme.toString()), cloud);
                JsonNode unasked = scene.script("registry_token.java", "--json")
                        .run()
                        .succeeded()
                        .json();
                assertTrue(unasked.path("push_permission").isNull());

                JsonNode may = scene.script("registry_token.java", "--check", "--json")
                        .run()
                        .succeeded()
                        .json();
                assertTrue(may.path("push_permission").asBoolean());

                cloud.pullOnlyCredentials(true);
                Ran ran = scene.script("registry_token.java", "--check", "--json")
                        .run()
                        .exitedWith(77);
                assertFalse(ran.json().path("push_permission").asBoolean(true));
                assertEquals("sp-demo", ran.json().path("repository").asText());
                ran.errContains("may pull from " + cloud.registryHost() + "/sp-demo but not push to it");
                scene.script("registry_token.java", "--check")
                        .run()
                        .exitedWith(77)
                        .outContains("push_permission         false");
                assertNothingLeft(cloud);
            }
        }
    }

    /** No blob, no manifest, and no upload that was opened and not cancelled. */
    private static void assertNothingLeft(Cloud cloud) {
        long opened = cloud.calls().stream()
                .filter(call -> call.method().equals("POST") && call.path().contains("/blobs/uploads"))
                .filter(call -> call.status().orElse(0) == 202)
                .count();
        long cancelled = cloud.calls().stream()
                .filter(call -> call.method().equals("DELETE") && call.path().contains("/blobs/uploads/"))
                .count();
        assertEquals(opened, cancelled);
        assertEquals(
                0,
                cloud.calls().stream()
                        .filter(call -> call.method().equals("PUT"))
                        .count());
    }

    private static long count(JsonNode checks, String state) {
        long count = 0;
        for (JsonNode check : checks) if (check.path("state").asText().equals(state)) count++;
        return count;
    }

    private static String words(JsonNode check, String... keys) {
        return String.join(
                " ", Stream.of(keys).map(key -> check.path(key).asText()).toList());
    }
}
