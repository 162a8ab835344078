package sandbox;

import harness.Scripts;
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
}
