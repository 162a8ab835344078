package deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    void aTokenThatEndsDuringTheBuildIsNotSent() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--version").run().succeeded();
            scene.project.token(cloud.operatorToken(Duration.ofSeconds(15)).reveal());
            Path slow = Files.createDirectories(folder.resolve("bin")).resolve("docker");
            Files.writeString(slow, """
                #!/bin/sh
                case "$1" in
                version) echo 26.1.5 ;;
                build|buildx) sleep 16 ;;
                image) echo '{"id":"sha256:0","os":"linux","architecture":"amd64","digests":[]}' ;;
                esac
                """);
            Files.setPosixFilePermissions(slow, PosixFilePermissions.fromString("rwx------"));
            scene.script("deploy.java")
                    .env("PATH", slow.getParent() + ":" + System.getenv("PATH"))
                    .run()
                    .exitedWith(77)
                    .errContains("Image built")
                    .errContains("Token expired");
            Assertions.assertEquals(0, cloud.count("GET", "registry-token"));
        }
    }
}
