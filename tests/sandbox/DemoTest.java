package sandbox;

import harness.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @Test
    void saysAtItsEndWhatToTryNext(@TempDir Path home) {
        new Scripts(home)
                .run("sandbox/demo.java")
                .in(home)
                .env("DOCKER_HOST", "unix://" + home.resolve("no-engine.sock"))
                .run()
                .succeeded()
                .errContains("the same with --keep")
                .errContains("just login");
    }

    @Test
    void theSandboxSaysWhereItsProjectCannotBeWritten(@TempDir Path home) throws IOException {
        Path file = Files.writeString(home.resolve("file"), "no folder");
        new Scripts(home)
                .run("sandbox/serve.java", "--project", file.toString())
                .in(home)
                .run()
                .exitedWith(2)
                .errContains("No project can be written to " + file)
                .errLacks("\tat ");
    }
}
