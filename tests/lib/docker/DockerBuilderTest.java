package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import harness.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Environment;
import lib.docker.Command.ProcessRunner;
import lib.docker.PrivateDockerConfig.DockerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which builder {@code docker build} builds with, and where that is. */
class DockerBuilderTest {
    @TempDir
    Path folder;

    @Test
    void isTheOneThatBuilds() throws Exception {
        Path dockerfile = Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nCOPY a /a\n");
        Files.writeString(folder.resolve("Dockerfile.dockerignore"), "a\n");
        Files.writeString(folder.resolve("a"), "x");
        for (harness.Engine real : List.of(harness.Engine.orSkip(), harness.Engine.legacyOrSkip())) {
            for (String buildKit : List.of("", "0", "1", "false")) {
                Map<String, String> variables = new HashMap<>(Map.of("DOCKER_BUILDKIT", buildKit));
                real.host().ifPresent(host -> variables.put("DOCKER_HOST", host));
                Docker docker = new Docker(
                        command -> new ProcessRunner(silent(), line -> {}).run(command.with(variables, Set.of())));
                Set<Docker.BuilderKind> said =
                        docker.builders(docker.requireAnswering(), new Environment(variables, folder));

                Command build = real.docker("build", "--quiet", "--file", dockerfile.toString(), folder.toString());
                boolean ignores = build.env("DOCKER_BUILDKIT", buildKit).run().exitCode() != 0;
                assertEquals(
                        Set.of(ignores ? Docker.BuilderKind.BUILDKIT : Docker.BuilderKind.CLASSIC),
                        said,
                        real.version() + " DOCKER_BUILDKIT=" + buildKit);
            }
        }
    }

    @Test
    void isToldByVersionsAndVariables() throws Exception {
        assertEquals("[BUILDKIT]", builders(docker("28.2.2", "20.10.24"), true, Map.of()));
        assertEquals("[CLASSIC]", builders(docker("28.2.2", "26.1.5"), false, Map.of()));
        assertEquals("[CLASSIC]", builders(docker("28.2.2", "26.1.5"), null, Map.of("DOCKER_BUILDKIT", "0")));
        assertEquals("[BUILDKIT]", builders(docker("20.10.24", "20.10.24"), null, Map.of("DOCKER_BUILDKIT", "1")));
        assertEquals("[BUILDKIT]", builders(docker("20.10.24", "26.1.5"), null, Map.of()));
        assertEquals("[BUILDKIT, CLASSIC]", builders(docker("20.10.24", "20.10.24"), null, Map.of()));
        String podman = "{\"Client\":{\"Version\":\"4.3.1\",\"OsArch\":\"linux/amd64\",\"Os\":\"linux\"}}";
        assertEquals("[PODMAN]", builders(podman, null, Map.of("DOCKER_BUILDKIT", "1")));
        assertEquals("[BUILDKIT, CLASSIC]", builders("26.1.5\n", null, Map.of()));
    }

    @Test
    void theEnginesVersionIsShownWhoeverAnswers() {
        assertEquals("26.1.5", Docker.Version.of(docker("28.2.2", "26.1.5")).toString());
        assertEquals(
                "4.3.1",
                Docker.Version.of("{\"Client\":{\"Version\":\"4.3.1\"}}").toString());
        assertEquals("1.2", Docker.Version.of("1.2").toString());
        assertEquals("{}", Docker.Version.of("{}").toString());
    }

    @Test
    void anEngineOnAnotherMachineIsNamedWithoutItsUser() throws IOException {
        assertEquals(Optional.of("ssh://farm.example.com"), elsewhere("ssh://me:secret@farm.example.com:22"));
        assertEquals(Optional.of("tcp://10.0.0.1"), elsewhere("tcp://10.0.0.1:2376"));
        for (String here : List.of(
                "unix:///var/run/docker.sock",
                "npipe:////./pipe/docker_engine",
                "tcp://127.0.0.1:2375",
                "tcp://[::1]:2375",
                "ssh://localhost",
                "tcp://:2375",
                "fd://",
                "odd one")) {
            assertEquals(Optional.empty(), elsewhere(here), here);
        }
    }

    @Test
    void aContextNamesTheEngineAsDockerKeepsIt() throws Exception {
        harness.Tool.orSkip("docker");
        Map<String, String> variables = Map.of("DOCKER_CONFIG", folder.toString());
        for (String context : List.of("here=unix:///x.sock", "far=ssh://me@farm.example.com")) {
            String[] parts = context.split("=");
            Command.of("docker", "context", "create", parts[0], "--docker", "host=" + parts[1])
                    .without("DOCKER_HOST")
                    .env("DOCKER_CONFIG", folder.toString())
                    .run()
                    .succeeded();
        }
        assertEquals(Optional.empty(), DockerConfig.remoteEngine(new Environment(variables, folder)));
        Command.of("docker", "context", "use", "far")
                .without("DOCKER_HOST")
                .env("DOCKER_CONFIG", folder.toString())
                .run()
                .succeeded();
        assertEquals(
                Optional.of("ssh://farm.example.com"), DockerConfig.remoteEngine(new Environment(variables, folder)));
        Map<String, String> other = new HashMap<>(variables);
        other.put("DOCKER_CONTEXT", "here");
        assertEquals(Optional.empty(), DockerConfig.remoteEngine(new Environment(other, folder)));
        other.put("DOCKER_CONTEXT", "default");
        assertEquals(Optional.empty(), DockerConfig.remoteEngine(new Environment(other, folder)));
    }

    private Optional<String> elsewhere(String host) {
        return DockerConfig.remoteEngine(new Environment(Map.of("DOCKER_HOST", host), folder));
    }

    private static String docker(String client, String engine) {
        return "{\"Client\":{\"Version\":\"%s\",\"Os\":\"linux\"},\"Server\":{\"Version\":\"%s\"}}"
                .formatted(client, engine);
    }

    /** @param plugin whether buildx is there; null where nobody may ask */
    private String builders(String version, Boolean plugin, Map<String, String> variables) throws Exception {
        Docker docker = new Docker(command -> {
            if (plugin == null) fail("asked for " + command);
            return new lib.docker.Command.Result(plugin ? 0 : 1, "", "");
        });
        return docker.builders(Docker.Version.of(version), new Environment(variables, folder))
                .toString();
    }

    static ProcessRunner.Display silent() {
        return new ProcessRunner.Display() {
            @Override
            public boolean isTerminal() {
                return false;
            }

            @Override
            public OutputStream show() {
                return OutputStream.nullOutputStream();
            }
        };
    }
}
