package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import harness.Command;
import harness.Engine;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import harness.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
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
        return on(cloud, Project.ROOT.resolve("examples/ci.sh").toString(), "--archive", folder + "/image.tar")
                .in(project)
                .env("SCRIPTS", Project.ROOT.toString())
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"));
    }

    /** A step on GitHub's machine: {@code jbang} on the PATH, the secret as a variable, files for what it has to say. */
    private Command on(Cloud cloud, String... command) throws IOException {
        Scripts scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        return scripts.isolated(Command.of(command))
                .env("PATH", scripts.installed() + ":" + System.getenv("PATH"))
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_API_TOKEN", cloud.operatorToken().reveal())
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_OUTPUT", folder.resolve("output").toString())
                .env("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    }

    /** What the workflow's own steps run, in a project that holds a copy of the script. @return how the last one ended */
    private Ran workflow(Cloud cloud) throws IOException {
        Path project = folder.resolve("project");
        TestProject.in(project, URI.create(cloud.apiUrl()))
                .without(".systemprompt/credentials.json")
                .profile("production", TestProject.profileOf("production", TestProject.TENANT));
        Command.of(Project.ROOT.resolve("bin/vendor").toString(), project + "/tools", "deploy")
                .run()
                .succeeded();
        Engine engine = Engine.orSkip();
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        Ran last = null;
        for (JsonNode step : steps()) {
            if (!step.has("run")) continue;
            if (last != null) last.succeeded();
            Command command = engine.serving(
                            on(cloud, "bash", "-e", "-c", step.path("run").asText()))
                    .in(project)
                    .env("RUNNER_TEMP", temporary.toString())
                    .env("GITHUB_WORKSPACE", project.toString())
                    .within(Duration.ofMinutes(3));
            if (!step.path("env").has("SYSTEMPROMPT_API_TOKEN")) command.without("SYSTEMPROMPT_API_TOKEN");
            last = command.run();
        }
        return last;
    }

    private static JsonNode steps() throws IOException {
        String yaml = Files.readString(Project.ROOT.resolve("examples/github-actions.yml"));
        return new ObjectMapper()
                .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml))
                .at("/jobs/deploy/steps");
    }

    @Test
    void theWorkflowGivesItsTokenToTheDeployAloneAndNamesActionsByTheirCommits() throws IOException {
        JsonNode steps = steps();
        for (JsonNode step : steps) {
            String action = step.path("uses").asText("none@" + "0".repeat(40));
            assertTrue(action.matches("[^@]+@[0-9a-f]{40}"), action);
            boolean deploys = step.path("id").asText().equals("deploy");
            assertEquals(deploys, step.toString().contains("secrets."), step.toString());
        }
        String run = steps.get(steps.size() - 1).path("run").asText();
        assertFalse(run.contains("jbang") || run.contains("mvn"), "fetches with the token in its environment: " + run);
        String yaml = Files.readString(Project.ROOT.resolve("examples/github-actions.yml"));
        assertEquals(1, yaml.split("secrets\\.", -1).length - 1, yaml);
        String pinned = Files.readString(Project.ROOT.resolve("bin/jbang"));
        for (String value : List.of("version", "sha256"))
            assertTrue(
                    yaml.contains(pinned.replaceFirst("(?s).*\n" + value + "=(\\S+)\n.*", "$1")), "another " + value);
    }

    @Test
    void whatBuildsGetsNoToken() throws IOException {
        try (Cloud cloud = Cloud.builder().start()) {
            Path bin = Files.createDirectories(folder.resolve("bin"));
            Path jbang = Files.writeString(bin.resolve("jbang"), "#!/bin/sh\nenv >'" + folder + "/seen'\nexit 1\n");
            Files.setPosixFilePermissions(jbang, PosixFilePermissions.fromString("rwx------"));
            ci(cloud).env("PATH", bin + ":" + System.getenv("PATH")).run().exitedWith(69);
            String seen = Files.readString(folder.resolve("seen"));
            assertTrue(seen.contains("SYSTEMPROMPT_API_URL="), seen);
            assertFalse(seen.contains(cloud.operatorToken().reveal()), "the token reached jbang");
        }
    }

    @Test
    void theWorkflowsStepHandsOnTheUrl() throws IOException {
        Tool.orSkip("jq");
        try (Cloud cloud = Cloud.start()) {
            workflow(cloud).succeeded();
            assertEquals("url=" + cloud.apiUrl() + "/apps/ten_demo/\n", Files.readString(folder.resolve("output")));
        }
    }

    @Test
    void theWorkflowsStepFailsWithTheDeploy() throws IOException {
        Tool.orSkip("jq");
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("GET registry-token 503=Registry service not available x*");
            workflow(cloud).exitedWith(69).errContains("::error ");
            assertFalse(Files.exists(folder.resolve("output")));
        }
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
