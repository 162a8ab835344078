package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Fault;
import sandbox.SampleArchive;

/** The examples for CI, run as a CI runs them: no terminal, no credentials file. */
class ExamplesTest {
    @TempDir
    Path folder;

    private Command ci(Cloud cloud) throws IOException {
        Path project = Files.createDirectories(folder.resolve("project"));
        TestProject.in(project, URI.create(cloud.apiUrl())).without(".systemprompt/credentials.json");
        Files.createDirectories(folder.resolve("image/services"));
        Files.writeString(folder.resolve("image/services/page.html"), "hello");
        SampleArchive.write(folder.resolve("image.tar"), folder.resolve("image"));
        return new Scripts(Files.createDirectories(folder.resolve("home")))
                .isolated(Command.of(
                        Project.ROOT.resolve("examples/ci.sh").toString(), "--archive", folder + "/image.tar"))
                .in(project)
                .env("PATH", Path.of(Scripts.JBANG).getParent() + ":" + System.getenv("PATH"))
                .env("SCRIPTS", Project.ROOT.toString())
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_API_TOKEN", cloud.operatorToken().reveal())
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"))
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    }

    @Test
    void deploysWithATokenFromTheEnvironmentAndWritesTheStepsSummary() throws IOException {
        try (Cloud cloud = Cloud.builder().start()) {
            Ran ran = ci(cloud).run().succeeded().errLacks("\u001b");
            assertEquals(1, cloud.deployments().size());
            assertTrue(ran.json().path("digest").asText().startsWith("sha256:"));
            String summary = Files.readString(folder.resolve("summary.md"));
            assertTrue(summary.contains("| push | ") && summary.contains("| digest | `sha256:"), summary);
            ran.lacks(cloud.operatorToken().reveal());
        }
    }

    @Test
    void aFailureIsAnAnnotationAndKeepsItsExitCode() throws IOException {
        try (Cloud cloud = Cloud.builder()
                .fault(Fault.parse("GET registry-token 503=Registry service not available x*"))
                .start()) {
            Ran ran = ci(cloud).run().exitedWith(69);
            assertTrue(
                    ran.err().lines().anyMatch(line -> line.startsWith("::error title=token%3A unavailable::Registry")),
                    ran.toString());
            assertEquals(69, ran.json().path("error").path("exit_code").asInt());
        }
    }
}
