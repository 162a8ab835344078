package journey;

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
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.SampleArchive;

/**
 * A deploy that stops late names the command that goes on from there: whichever way it was called, that command does its
 * work, pasted into a shell in the same folder.
 */
class ResumeTest {
    private static final String OURS = Project.ROOT.toString();

    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.start();
    private Path project;
    private Scripts scripts;

    @BeforeEach
    void project() throws IOException {
        scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        project = Files.createDirectories(folder.resolve("a project's folder"));
        TestProject.in(project, URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal())
                .file("justfile", "import 'OURS/deploy.just'\nmod cloud 'OURS/deploy.just'\n".replace("OURS", OURS))
                .file("my image/services/page.html", "hello");
        SampleArchive.write(project.resolve("my image.tar"), project.resolve("my image"));
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    private Command shell(String line) throws IOException {
        return scripts.isolated(Command.of("sh", "-c", line))
                .in(project)
                .env("PATH", scripts.installed() + ":" + System.getenv("PATH"))
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"))
                .within(Duration.ofMinutes(3));
    }

    private String resumeOf(String line) throws IOException {
        cloud.fault("GET registry-token 503=Registry service not available x1");
        Ran failed = shell(line + " --archive 'my image.tar' --json").run().exitedWith(69);
        String resume = failed.json().at("/error/resume").asText();
        failed.errContains("Resume with: " + resume);
        assertEquals(0, cloud.deployments().size());
        return resume;
    }

    private void assertResumes(String line, String begin) throws IOException {
        String resume = resumeOf(line);
        assertTrue(resume.startsWith(begin + " --archive '"), resume);
        shell(resume).run().succeeded();
        assertEquals(1, cloud.deployments().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"just deploy", "just cloud deploy"})
    void byARecipe(String line) throws IOException {
        assertResumes(line, line);
    }

    @Test
    void byAModuleCalledByItsPath() throws IOException {
        assertResumes("just cloud::deploy", "just cloud deploy");
    }

    @Test
    void byJustwOfAnotherFolder() throws IOException {
        assertResumes(OURS + "/justw deploy", OURS + "/justw deploy");
    }

    @Test
    void byACopiedScript() throws IOException {
        Command.of(OURS + "/bin/vendor", project + "/my tools", "deploy", "login")
                .run()
                .succeeded();
        String jbang = Scripts.JBANG;
        assertResumes("jbang 'my tools/deploy.java'", jbang + " my\\ tools/deploy.java");

        shell("rm .systemprompt/credentials.json; jbang 'my tools/deploy.java' --archive 'my image.tar'")
                .run()
                .exitedWith(77)
                .errContains("Run '" + jbang + " my\\ tools/login.java'");
        shell(jbang + " my\\ tools/login.java --help").run().succeeded();
    }
}
