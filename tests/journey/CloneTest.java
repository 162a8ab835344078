package journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sandbox.Cloud;
import sandbox.Generation;
import sandbox.SampleArchive;

/** What one person set up by the first steps and committed, a CI deploys from a clone. */
class CloneTest {
    @TempDir
    Path folder;

    private Scripts scripts;
    private Path project;
    private Path clone;

    @BeforeEach
    void folders() throws IOException {
        scripts = new Scripts(Files.createDirectory(folder.resolve("home")));
        project = Files.createDirectory(folder.resolve("project"));
        clone = folder.resolve("clone");
    }

    @ParameterizedTest
    @EnumSource(Generation.class)
    void deploysInCiWhatTheFirstStepsMade(Generation generation) throws IOException {
        try (Cloud cloud = Cloud.builder().generation(generation).start()) {
            justfile();
            String token = cloud.operatorToken().reveal();
            just(cloud, "login", "--token-stdin").stdin(token).run().succeeded();
            just(cloud, "tenant", "use", "demo").run().succeeded().errLacks("git add");
            commitAndClone();

            List<String> committed = git(clone, "ls-files").out().lines().toList();
            assertTrue(committed.contains(".systemprompt/profiles/prod/profile.yaml"), committed.toString());
            assertTrue(committed.contains(".systemprompt/profiles/prod/docker/Dockerfile"), committed.toString());
            assertFalse(committed.toString().matches(".*(credentials|tenants)\\.json.*"), committed.toString());
            git(project, "status", "--porcelain").outEquals("");

            Ran deployed = ci(cloud, token).run().succeeded();
            assertEquals("prod", deployed.json().path("profile").asText());
            assertEquals(1, cloud.deployments().size());
            deployed.lacks(token);
        }
    }

    @Test
    void withoutTheProfileTheCiIsToldToCommitIt() throws IOException {
        try (Cloud cloud = Cloud.start()) {
            justfile();
            commitAndClone();
            Ran ran = ci(cloud, cloud.operatorToken().reveal()).run().exitedWith(78);
            String hint = ran.json().at("/error/hint").asText();
            assertTrue(hint.contains("commit .systemprompt/") && !hint.contains("login"), hint);
        }
    }

    /** As the README says that the recipes get there. */
    private void justfile() throws IOException {
        Files.writeString(project.resolve("justfile"), "import '" + Project.ROOT + "/deploy.just'\n");
    }

    private Command just(Cloud cloud, String... words) throws IOException {
        return scripts.isolated(Command.of(scripts.installed().resolve("just").toString()))
                .with(words)
                .in(project)
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl());
    }

    private void commitAndClone() {
        git(project, "init", "--quiet");
        git(project, "add", "--all");
        git(project, "-c", "user.name=Dev", "-c", "user.email=dev@example.com", "commit", "-qm", "First steps");
        git(folder, "clone", "--quiet", project.toString(), clone.toString());
    }

    private Ran git(Path where, String... words) {
        return scripts.isolated(Command.of("git").with(words)).in(where).run().succeeded();
    }

    /** The example for any CI, in the clone: without a terminal, with the token from the secret store. */
    private Command ci(Cloud cloud, String token) throws IOException {
        Path services = Files.createDirectories(folder.resolve("image/services"));
        Files.writeString(services.resolve("page.html"), "hello");
        Path archive = folder.resolve("image.tar");
        SampleArchive.write(archive, services.getParent());
        return scripts.isolated(
                        Command.of(Project.ROOT.resolve("examples/ci.sh").toString()))
                .with("--archive", archive.toString())
                .in(clone)
                .env("PATH", scripts.installed() + ":" + System.getenv("PATH"))
                .env("CI", "true")
                .env("SCRIPTS", Project.ROOT.toString())
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_API_TOKEN", token)
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"))
                .within(Duration.ofMinutes(3));
    }
}
