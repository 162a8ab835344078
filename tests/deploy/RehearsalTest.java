package deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Project;
import harness.Scripts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/run} archives classes from: nobody sees it fail, since everything works without, only later. */
class RehearsalTest {
    @Test
    void eachStepSucceedsWithoutAnEngine(@TempDir Path home, @TempDir Path sample) {
        Path standIns = Project.ROOT.resolve("bin/rehearsal");
        assumeTrue(Files.exists(standIns), "a copy that was vendored rehearses nothing");
        new Scripts(home)
                .jbang("bin/rehearse.java", sample.toString())
                .env("PATH", standIns + ":" + System.getenv("PATH"))
                .env("DOCKER_HOST", "tcp://127.0.0.1:1")
                .run()
                .succeeded()
                .outContains("\"status\":\"deploying\"");
    }
}
