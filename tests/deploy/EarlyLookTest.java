package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Engine;
import harness.Ran;
import harness.TestProject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandbox.Cloud;

/** While the image is built, the API is asked whether it would take it. */
class EarlyLookTest {
    private static final int BUILD_SECONDS = 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "GET status 401 x*, 77, auth, Authentication failed",
        "GET status 404, 78, config, Tenant not found",
    })
    void aRefusalEndsTheBuildAtOnce(String fault, int exitCode, String code, String message) {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault(fault);
            if (exitCode == 77) cloud.fault("POST token 401 x*");
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--version").run().succeeded();
            Ran ran = scene.buildingFor(BUILD_SECONDS, scene.script("deploy.java", "--json"))
                    .run()
                    .exitedWith(exitCode);
            JsonNode error = ran.json().path("error");
            assertEquals(code, error.path("code").asText());
            assertTrue(error.path("message").asText().startsWith(message), ran.out());
            assertTrue(ran.took().compareTo(Duration.ofSeconds(BUILD_SECONDS)) < 0, ran.toString());
            assertEquals(0, cloud.count("GET", "registry-token"));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET status 403 x*", "GET status 500 x*", "GET status cut x*", "GET status html x*"})
    void anAnswerThatLeavesItOpenEndsNothing(String fault) {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            cloud.fault(fault);
            Scene scene = new Scene(folder, cloud);
            scene.script(engine, "deploy.java").run().succeeded();
            assertEquals(1, cloud.count("GET", "registry-token"));

            // A build that lasts until there is an answer.
            scene.buildingFor(3, scene.script("deploy.java")).run().errContains("Image built");
            assertTrue(cloud.count("GET", "status") > 0);
            assertEquals(2, cloud.count("GET", "registry-token"));
        }
    }

    @Test
    void amongSeveralTenantsNobodyIsAsked() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("GET status 404 x*");
            Scene scene = new Scene(folder, cloud);
            scene.project.profile("other", TestProject.profileOf("other", "ten_unknown"));
            Ran ran = scene.script(engine, "deploy.java", "--all", "--json").run();
            assertEquals(0, cloud.count("GET", "status"), ran.toString());
            assertEquals(1, cloud.count("POST", "deploy"), ran.toString());
        }
    }
}
