package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Engine;
import harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** {@code --dry-run}: real values, and nobody is asked. */
class DryRunTest {
    @TempDir
    Path folder;

    @Test
    void showsTheRealValuesAndSendsNoRequest() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            Ran ran = scene.script(engine, "deploy.java", "--dry-run", "--json", "--tag", "v9", "--wait")
                    .run()
                    .succeeded();
            JsonNode plan = ran.json().path("plan");
            assertEquals("ten_demo", plan.path("tenant_id").asText());
            assertEquals("demo", plan.path("tenant_name").asText());
            assertEquals("prod", plan.path("profile").asText());
            assertEquals(cloud.apiUrl(), plan.path("api_url").asText());
            assertEquals(
                    scene.project.folder().resolve(".systemprompt/Dockerfile").toString(),
                    plan.path("dockerfile").asText());
            assertEquals(scene.project.folder().toString(), plan.path("context").asText());
            assertEquals("linux/amd64", plan.path("platform").asText());
            assertEquals("registry.fly.io/sp-demo:v9", plan.path("image").asText());
            assertEquals(
                    "[\"build\",\"token\",\"login\",\"push\",\"deploy\",\"wait\"]",
                    plan.path("stages").toString());
            assertEquals("[]", plan.path("skipped").toString());
            assertEquals(List.of(), cloud.calls());
            assertFalse(engine.holds("registry.fly.io/sp-demo:v9"));
            assertFalse(Files.exists(scene.project.folder().resolve(".systemprompt/deploy.lock")));
        }
    }

    @Test
    void saysWhatWouldBeSkipped() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--dry-run", "--skip-push", "--image", "example.com/acme:1")
                    .run()
                    .succeeded()
                    .outContains("image         example.com/acme:1\n")
                    .outContains("skipped       build, token, login, push\n".stripTrailing());
            scene.script(
                            "deploy.java",
                            "--dry-run",
                            "--archive",
                            scene.archive().toString())
                    .run()
                    .succeeded()
                    .outContains("archive       " + scene.archive())
                    .outContains("skipped       build");
            scene.script(engine, "deploy.java", "--dry-run", "--build-only")
                    .run()
                    .succeeded()
                    .outContains("skipped       token, login, push, deploy");
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void aPlanThatCannotBeCarriedOutIsAFailure() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script(engine, "deploy.java", "--dry-run", "--image", "acme:nowhere")
                    .run()
                    .exitedWith(78)
                    .errContains("No such image: acme:nowhere");
            scene.project.without("hello.txt");
            scene.script(engine, "deploy.java", "--dry-run")
                    .run()
                    .exitedWith(78)
                    .errContains("COPY source not found");
            scene.script("deploy.java", "--dry-run", "--check").run().exitedWith(2);
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void secretsAreNamedAndNotShown() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.file(".systemprompt/profiles/prod/secrets.json", "{\"openai\": \"sk-hidden\"}");
            Ran ran = scene.script(engine, "deploy.java", "--dry-run", "--sync-secrets", "--verbose")
                    .run()
                    .succeeded()
                    .outContains("OPENAI_API_KEY")
                    .lacks("sk-hidden");
            assertTrue(ran.out().contains("secrets, deploy"), ran.out());
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void aPushHasADryRunToo() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            String built = scene.script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .out()
                    .strip();
            JsonNode plan = scene.script(engine, "docker_push.java", built, "--dry-run", "--json")
                    .run()
                    .succeeded()
                    .json()
                    .path("plan");
            assertEquals(built, plan.path("local_image").asText());
            assertEquals("[\"token\",\"login\",\"push\"]", plan.path("stages").toString());
            assertEquals(List.of(), cloud.calls());
            engine.remove(built);
        }
    }
}
