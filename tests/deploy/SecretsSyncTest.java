package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lib.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Generation;
import sandbox.RecordedRequest;

/** {@code deploy --sync-secrets}: the tenant gets exactly what it should, and nobody else sees a value. */
class SecretsSyncTest {
    private static final String FILE = ".systemprompt/profiles/prod/secrets.json";
    private static final List<String> VALUES =
            List.of("sk-value-one", "gh-value-two", "db-value-three", "st-value-four");

    @TempDir
    Path folder;

    @Test
    void theTenantGetsExactlyTheExpectedNamesBeforeItIsDeployed() {
        for (Generation generation : Generation.values()) {
            try (Cloud cloud = Cloud.builder().generation(generation).start()) {
                Scene scene = withSecrets(folder.resolve(generation.toString()), cloud);
                scene.project.file(".systemprompt/profiles/prod/signing_key.pem", "PEM");
                Ran ran = deploy(scene, "--sync-secrets").run().succeeded();

                Map<String, Secret> received = cloud.secrets("ten_demo");
                assertEquals(
                        Set.of(
                                "OPENAI_API_KEY",
                                "GITHUB_TOKEN",
                                "DATABASE_URL",
                                "STRIPE",
                                "SIGNING_KEY_PEM",
                                "SYSTEMPROMPT_CUSTOM_SECRETS",
                                "SYSTEMPROMPT_PROFILE"),
                        received.keySet());
                assertEquals("sk-value-one", received.get("OPENAI_API_KEY").reveal());
                assertEquals(
                        "/app/services/profiles/prod/profile.yaml",
                        received.get("SYSTEMPROMPT_PROFILE").reveal());
                List<String> order = cloud.calls().stream()
                        .filter(call ->
                                call.server().equals("api") && call.status().orElse(0) < 300)
                        .map(RecordedRequest::line)
                        .filter(line -> line.endsWith("/secrets") || line.endsWith("/deploy"))
                        .toList();
                assertEquals(
                        List.of("PUT /api/v1/tenants/ten_demo/secrets", "POST /api/v1/tenants/ten_demo/deploy"), order);
                ran.errContains("Secrets sent")
                        .errContains("FLY_APP_NAME is not sent")
                        .errLacks("GITHUB_TOKEN");
            }
        }
    }

    @Test
    void noValueIsInAnyOutputFileOrArgument() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = withSecrets(folder, cloud);
            Path temporary = Files.createDirectories(folder.resolve("tmp"));
            Path arguments = folder.resolve("arguments");
            cloud.fault("PUT secrets slow=1500");
            Command command = deploy(scene, "--sync-secrets", "--verbose").env("TMPDIR", temporary.toString());
            try (var running = command.start()) {
                running.awaitErr("Secrets: ");
                Files.writeString(arguments, Command.of("ps", "axwwe").run().out());
                Ran ran = running.await().succeeded();
                ran.errContains("GITHUB_TOKEN");
                VALUES.forEach(ran::lacks);
            }
            for (String value : VALUES) {
                assertEquals(List.of(FILE), holding(scene.project.folder(), value), value);
                assertEquals(List.of(), holding(temporary, value), value);
                assertEquals(List.of(), holding(scene.home, value), value);
                assertFalse(Files.readString(arguments).contains(value), "in an argument or a variable");
            }
        }
    }

    @Test
    void theOperatorsTokenGoesAlongOnlyWhenAskedFor() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = withSecrets(folder, cloud);
            deploy(scene, "--sync-credentials").run().exitedWith(2).errContains("--sync-secrets");
            deploy(scene, "--sync-secrets").run().succeeded();
            assertFalse(cloud.secrets("ten_demo").containsKey("SYSTEMPROMPT_API_TOKEN"));

            Ran ran = deploy(scene, "--sync-secrets", "--sync-credentials", "-v")
                    .run()
                    .succeeded();
            Map<String, Secret> received = cloud.secrets("ten_demo");
            assertEquals(cloud.operatorToken(), received.get("SYSTEMPROMPT_API_TOKEN"));
            assertEquals(
                    "dev@example.com", received.get("SYSTEMPROMPT_USER_EMAIL").reveal());
            assertEquals("true", received.get("SYSTEMPROMPT_CLI_REMOTE").reveal());
            ran.lacks(cloud.operatorToken().reveal());
            // The list of the custom names is this one name, and no secret.
            assertEquals("STRIPE", received.get("SYSTEMPROMPT_CUSTOM_SECRETS").reveal());
            ran.errContains(" STRIPE, ");
        }
    }

    @Test
    void whenTheyAreRefusedNothingIsDeployedAndTheRunResumesThere() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = withSecrets(folder, cloud);
            cloud.fault("PUT secrets 422=No");
            Ran ran = deploy(scene, "--sync-secrets", "--json").run().exitedWith(1);
            assertEquals("secrets", ran.json().path("error").path("stage").asText());
            assertTrue(ran.json().path("error").path("message").asText().contains("nothing was deployed"), ran.out());
            String resume = ran.json().path("error").path("resume").asText();
            assertTrue(resume.endsWith("--skip-push --sync-secrets"), resume);
            assertEquals(1, cloud.count("PUT", "secrets"), "a PUT is not repeated");
            assertEquals(0, cloud.deployments().size());

            String[] words = resume.substring("just deploy ".length()).split(" ");
            scene.script("deploy.java", words).run().succeeded();
            assertEquals(1, cloud.deployments().size());
        }
    }

    @Test
    void aPageInTheApisPlaceHasTakenNoSecrets() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = withSecrets(folder, cloud);
            cloud.fault("PUT secrets html");
            deploy(scene, "--sync-secrets").run().exitedWith(76).errContains("'Welcome'; nothing was deployed");
            assertEquals(0, cloud.deployments().size());
        }
    }

    @Test
    void aMissingOrBrokenFileIsFoundBeforeTheBuild() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            deploy(scene, "--sync-secrets")
                    .run()
                    .exitedWith(78)
                    .errContains("No such file: ")
                    .errContains(FILE);
            scene.project.file(FILE, "{\"gemini\": \"sk-value-two\"}\n{\"openai\": \"sk-value-one\"}");
            deploy(scene, "--sync-secrets").run().exitedWith(78).errContains("secrets.json is not valid JSON (line 2)");
            scene.project.file(FILE, "{\"openai\": \"sk-value-one\"");
            deploy(scene, "--sync-secrets")
                    .run()
                    .exitedWith(78)
                    .errContains("secrets.json is not valid JSON (line 1)")
                    .lacks("sk-value-one");
            assertEquals(List.of(), cloud.calls());
        }
    }

    private static Scene withSecrets(Path folder, Cloud cloud) {
        Scene scene = new Scene(folder, cloud);
        scene.project.file(FILE, """
            {"openai": "sk-value-one", "github": "gh-value-two", "internal_database_url": "db-value-three",
             "database_url": "other", "stripe": "st-value-four", "fly_app_name": "x", "number": 7, "empty": ""}
            """);
        return scene;
    }

    private static Command deploy(Scene scene, String... more) {
        return scene.script("deploy.java", "--archive", scene.archive().toString())
                .with(more);
    }

    /** The files that hold a text, by their path below the root. */
    private static List<String> holding(Path root, String text) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            List<String> found = new java.util.ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(root.relativize(file).toString());
                }
            }
            return found;
        }
    }
}
