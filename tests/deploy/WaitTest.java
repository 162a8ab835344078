package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Ran;
import harness.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Tenant;

/** {@code deploy --wait}. */
class WaitTest {
    private static final Tenant TENANT = Tenant.of("ten_demo", "demo", "sp-demo");

    @TempDir
    Path folder;

    @Test
    void endsWhenTheTenantRunsAndShowsEachChange() {
        try (Cloud cloud = Cloud.builder().startup(Duration.ofMillis(1500)).start()) {
            Scene scene = new Scene(folder, cloud);
            Ran ran = deploy(scene, "--wait", "--json").exitedWith(0);
            assertEquals("running", ran.json().path("status").asText());
            assertTrue(ran.json().path("url").asText().startsWith(cloud.apiUrl()));
            assertTrue(ran.json().path("timings_ms").path("wait").asInt() >= 1000, ran.out());
            ran.errContains("demo is 'deploying'\n").errContains("Tenant is up").errLacks("'running'");
        }
    }

    @Test
    void aTenantThatFailsIsAFailureWithTheServersMessage() {
        try (Cloud cloud = Cloud.start()) {
            cloud.put(TENANT.ending(new Tenant.Fails("health check failed on port 8080")));
            Ran ran = deploy(new Scene(folder, cloud), "--wait", "--json").exitedWith(1);
            JsonNode error = ran.json().path("error");
            assertEquals("deploy_failed", error.path("code").asText());
            assertEquals("wait", error.path("stage").asText());
            assertEquals(
                    "ten_demo prod",
                    ran.json().path("tenant_id").asText() + " "
                            + ran.json().path("profile").asText());
            assertTrue(ran.json().path("digest").asText().startsWith("sha256:"), ran.out());
            assertEquals(
                    cloud.deployments().get(0).image().toString(),
                    ran.json().path("image").asText());
            assertTrue(error.path("message").asText().contains("health check failed on port 8080"));
            ran.errContains("demo is 'deploying'\n");
        }
    }

    @Test
    void aStatusThatCannotBeReadIsNoDeploymentThatFailed() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            for (String fault :
                    List.of("500=the database is locked", "409=a deployment runs", "404", "html", "empty")) {
                cloud.fault("GET status " + fault);
                cloud.fault("GET status " + fault);
                deploy(scene, "--wait").succeeded().errLacks("rollback");
            }
        }
    }

    @Test
    void aTenantThatIsNeverDoneTimesOutWithTheCommandToLookAgain() {
        try (Cloud cloud = Cloud.start()) {
            cloud.put(TENANT.ending(new Tenant.NeverEnds()));
            Ran ran = deploy(new Scene(folder, cloud), "--wait=2", "--json").exitedWith(75);
            JsonNode error = ran.json().path("error");
            assertEquals("outcome_unknown", error.path("code").asText());
            assertTrue(error.path("hint").asText().contains("just tenant status"), error.toString());
            assertTrue(cloud.count("GET", "status") >= 3, "it looks more than once");
        }
    }

    @Test
    void ctrlCStopsTheWaitingAndNotTheDeploymentAndSaysSo() {
        try (Cloud cloud = Cloud.start()) {
            cloud.put(TENANT.ending(new Tenant.NeverEnds()));
            Scene scene = new Scene(folder, cloud);
            try (Running running = scene.script(
                            "deploy.java", "--archive", scene.archive().toString(), "--wait")
                    .start()) {
                running.awaitErr("demo is 'deploying'")
                        .ctrlC()
                        .await()
                        .exitedWith(130)
                        .errContains("Interrupted during wait: the deployment was accepted and goes on")
                        .errContains("→ See what becomes of it with")
                        .errContains("tenant status --wait");
            }
            assertEquals(1, cloud.deployments().size());
        }
    }

    @Test
    void withoutItTheAnswerOfTheDeployCallIsTheEnd() {
        try (Cloud cloud = Cloud.start()) {
            deploy(new Scene(folder, cloud)).succeeded();
            assertEquals(0, cloud.count("GET", "status"));
        }
    }

    @Test
    void aTimeThatIsNoneIsWrongUsage() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "--wait=soon").exitedWith(2);
            for (String wrong : List.of("--wait=-5", "--wait=5 m", "--wait=1d", "--wait=PT5M"))
                deploy(scene, wrong).exitedWith(2).errContains("--wait").errContains("not a time such as");
            deploy(scene, "--wait=5m", "--dry-run").succeeded().outContains("wait seconds  300");
            assertEquals(0, cloud.calls().size());
        }
    }

    private static Ran deploy(Scene scene, String... more) {
        return scene.script("deploy.java", "--archive", scene.archive().toString())
                .with(more)
                .run();
    }
}
