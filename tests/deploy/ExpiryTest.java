package deploy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

class ExpiryTest {
    @TempDir
    Path folder;

    @Test
    void tenMinutesBeforeTheEndOneIsWarned() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.token(cloud.operatorToken(Duration.ofMinutes(5)).reveal());
            scene.script("registry_token.java")
                    .run()
                    .succeeded()
                    .errContains("Token expires soon. Consider 'just login'");
            scene.project.token(cloud.operatorToken(Duration.ofMinutes(15)).reveal());
            scene.script("registry_token.java").run().succeeded().errLacks("expires soon");
        }
    }

    @Test
    void aTokenThatEndsDuringTheBuildIsNotSent() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--version").run().succeeded();
            scene.project.token(cloud.operatorToken(Duration.ofSeconds(15)).reveal());
            scene.buildingFor(16, scene.script("deploy.java"))
                    .run()
                    .exitedWith(77)
                    .errContains("Image built")
                    .errContains("Token expired");
            Assertions.assertEquals(0, cloud.count("GET", "registry-token"));
        }
    }
}
