package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import lib.ImageReference;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Tenant;

/** {@code deploy -p one -p two} and {@code --all}: one build, and each tenant gets it. */
class SeveralTenantsTest {
    @TempDir
    Path folder;

    @Test
    void oneBuildGoesToEachTenantWithALineAndAResultEach() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            Ran ran = scene.script(engine, "deploy.java", "--all", "--json", "--tag", "v1")
                    .run()
                    .succeeded();
            JsonNode results = ran.json();
            assertEquals(3, results.size());
            for (JsonNode result : results) {
                ImageReference image = ImageReference.parse(result.path("image").asText());
                assertEquals("v1", image.tag().orElseThrow());
                assertEquals(
                        cloud.find(image).map(Digest::value),
                        Optional.of(result.path("digest").asText()));
                ran.errContains(result.path("tenant_name").asText() + ": Image pushed");
            }
            assertEquals(
                    1,
                    ran.err()
                            .lines()
                            .filter(line -> line.contains("Image built"))
                            .count());
            assertEquals(3, cloud.deployments().size());
        }
    }

    @Test
    void oneFailureStopsNoOtherAndTheWorstIsTheExitCode() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            cloud.put(Tenant.of("ten_two", "ten_two", "sp-ten_two").unprovisioned());
            String[] words = {
                "--archive", scene.archive().toString(), "-p", "prod", "-p", "two", "-p", "three", "--json"
            };
            Ran ran = scene.script("deploy.java", words).run().exitedWith(69);
            JsonNode results = ran.json();
            assertEquals("deploying", results.get(0).path("status").asText());
            assertEquals("two", results.get(1).path("profile").asText());
            assertEquals(
                    "unavailable", results.get(1).path("error").path("code").asText());
            assertEquals(
                    "just deploy -p two --archive " + scene.archive(),
                    results.get(1).path("error").path("resume").asText());
            assertEquals("deploying", results.get(2).path("status").asText());
            ran.errContains("✗ ten_two: No cloud infrastructure provisioned");
            TreeSet<String> deployed = new TreeSet<>();
            cloud.deployments().forEach(deployment -> deployed.add(deployment.tenantId()));
            assertEquals(new TreeSet<>(List.of("ten_demo", "ten_three")), deployed);
        }
    }

    @Test
    void whatFailedIsToldTogetherUnderItsNameAndAtTheEndInOneLine() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            for (String id : List.of("ten_two", "ten_three"))
                cloud.put(Tenant.of(id, id, "sp-" + id).unprovisioned());
            Path summary = folder.resolve("summary.md");
            Ran ran = scene.script(
                            "deploy.java", "--all", "--archive", scene.archive().toString())
                    .env("GITHUB_ACTIONS", "true")
                    .env("GITHUB_STEP_SUMMARY", summary.toString())
                    .run()
                    .exitedWith(69);
            List<String> lines = ran.err().lines().toList();
            assertEquals("✗ 1 of 3 deployed; failed: ten_three, ten_two", lines.get(lines.size() - 1));
            for (String id : List.of("ten_two", "ten_three")) {
                int error = lines.indexOf("✗ " + id + ": No cloud infrastructure provisioned");
                assertTrue(error >= 0, ran.toString());
                assertTrue(lines.get(error + 1).startsWith("  → " + id + ": "), ran.toString());
                assertTrue(lines.get(error + 2).startsWith("  → " + id + ": Resume with: "), ran.toString());
                assertTrue(
                        lines.get(error + 3).startsWith("::error title=" + id + "%3A token%3A unavailable::"),
                        ran.toString());
            }
            List<String> titles = Files.readString(summary)
                    .lines()
                    .filter(line -> line.startsWith("###"))
                    .toList();
            assertEquals(
                    List.of("### ten_three: failed (token)", "### ten_two: failed (token)", "### demo: deploying"),
                    titles);
        }
    }

    @Test
    void aBuildForSeveralIsAnArrayTooAndOneLine() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            String[] words = {"--all", "--build-only", "--tag", "v1"};
            JsonNode results = scene.script(engine, "deploy.java", words)
                    .with("--json")
                    .run()
                    .succeeded()
                    .json();
            assertEquals(3, results.size(), results.toString());
            assertEquals("built", results.get(2).path("status").asText());
            String image = results.get(0).path("image").asText();
            assertEquals(
                    image + "\n",
                    scene.script(engine, "deploy.java", words).run().succeeded().out());
        }
    }

    @Test
    void aProfileNamedTwiceAndOnlyOneOfAllAreAnArrayToo() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            String archive = scene.archive().toString();
            for (String[] words : new String[][] {{"--all"}, {"-p", "prod", "-p", "prod"}}) {
                JsonNode results = scene.script("deploy.java", "--archive", archive, "--json")
                        .with(words)
                        .run()
                        .succeeded()
                        .json();
                assertTrue(results.isArray() && results.size() == 1, results.toString());
                cloud.fault("POST deploy 422=No");
                results = scene.script("deploy.java", "--archive", archive, "--json")
                        .with(words)
                        .run()
                        .exitedWith(1)
                        .json();
                assertTrue(results.isArray(), results.toString());
                assertEquals("ten_demo", results.get(0).path("tenant_id").asText());
                assertEquals(
                        "deploy_failed",
                        results.get(0).path("error").path("code").asText());
            }
        }
    }

    @Test
    void whatStandsInTheWayOfOneIsFoundBeforeAnyIsDeployed() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            scene.project.profile("two", "name: two\n");
            String[] words = {"--archive", scene.archive().toString(), "-p", "prod", "-p", "two"};
            scene.script("deploy.java", words).run().exitedWith(78).errContains("No tenant configured");
            JsonNode results =
                    scene.script("deploy.java", words).with("--json").run().json();
            assertEquals(2, results.size(), results.toString());
            JsonNode stopped = results.get(0);
            assertEquals("ten_demo", stopped.path("tenant_id").asText());
            assertEquals("prod", stopped.path("profile").asText());
            assertEquals(
                    "Nothing was done, since the run was stopped: No tenant configured",
                    stopped.at("/error/message").asText());
            JsonNode itself = results.get(1);
            assertFalse(itself.has("tenant_id"));
            assertEquals("two", itself.path("profile").asText());
            assertEquals("No tenant configured", itself.at("/error/message").asText());
            assertEquals("preflight", itself.at("/error/stage").asText());
            assertEquals("tenant", itself.at("/error/findings/0/check").asText());
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void aFailureBeforeTheFirstDeploymentIsToldOfEach() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            String[] missing = {"--all", "--archive", "nowhere.tar", "--json"};
            JsonNode results =
                    scene.script("deploy.java", missing).run().exitedWith(78).json();
            assertEquals(3, results.size(), results.toString());
            for (int i = 0; i < 3; i++) {
                String id = List.of("ten_demo", "ten_three", "ten_two").get(i);
                assertEquals(id, results.get(i).path("tenant_id").asText());
                assertTrue(results.get(i).at("/error/message").asText().contains("nowhere.tar"), results.toString());
            }
            results = scene.script("deploy.java", "--all", "-p", "prod", "--json")
                    .run()
                    .exitedWith(2)
                    .json();
            assertTrue(
                    results.isArray() && results.size() == 1 && results.get(0).has("error"), results.toString());
            assertEquals(List.of(), cloud.calls());
        }
    }

    private static Command all(Scene scene) {
        return scene.script("deploy.java", "--all", "--archive", scene.archive().toString());
    }

    @Test
    void aProfileWithAFaultIsNotLeftOutOfAllUnseen() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            for (String fault : List.of("<<<<<<< HEAD\ncloud: {}\n", "cloud: {tenant_id: <your tenant>}\n")) {
                scene.project.profile("faulty", fault);
                all(scene).run().exitedWith(78).errContains("profiles/faulty/profile.yaml");
            }
            for (String other : List.of("target: local\n", "cloud: {tenant_id: ten_off, enabled: false}\n")) {
                scene.project.profile("faulty", other);
                all(scene).with("--dry-run").run().succeeded();
            }
            assertEquals(0, cloud.deployments().size());
        }
    }

    @Test
    void profilesOfDifferentDockerfilesAreNotBuiltAsOne() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            scene.project.file(".systemprompt/profiles/two/docker/Dockerfile", "FROM scratch\nCOPY hello.txt /\n");
            scene.script(engine, "deploy.java", "--all")
                    .run()
                    .exitedWith(78)
                    .errContains("different Dockerfiles")
                    .errContains("--dockerfile");
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void aDryRunHasAPlanForEach() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = threeTenants(cloud);
            JsonNode plans = scene.script(
                            "deploy.java",
                            "--all",
                            "--dry-run",
                            "--archive",
                            scene.archive().toString(),
                            "--json")
                    .run()
                    .succeeded()
                    .json();
            assertEquals(3, plans.size());
            assertTrue(plans.get(0).has("plan"));
            assertEquals(List.of(), cloud.calls());
        }
    }

    private Scene threeTenants(Cloud cloud) {
        Scene scene = new Scene(folder, cloud);
        for (String name : List.of("two", "three")) {
            String id = "ten_" + name;
            cloud.put(Tenant.of(id, id, "sp-" + id));
            scene.project.profile(name, TestProject.profileOf(name, id));
        }
        scene.project.file(".systemprompt/tenants.json", """
            {"tenants": [{"id": "ten_demo", "name": "demo", "app_id": "sp-demo"},
             {"id": "ten_two", "name": "ten_two", "app_id": "sp-ten_two"},
             {"id": "ten_three", "name": "ten_three", "app_id": "sp-ten_three"}], "synced_at": "2026-01-05T10:00:00Z"}
            """);
        return scene;
    }
}
