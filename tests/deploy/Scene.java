package deploy;

import harness.Command;
import harness.Engine;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import sandbox.Cloud;
import sandbox.SampleArchive;

/** A cloud, a project that deploys to it, and a person's empty home. */
public final class Scene {
    public final Cloud cloud;
    public final TestProject project;
    public final Path home;
    private final Scripts scripts;

    public Scene(Path folder, Cloud cloud) {
        try {
            this.cloud = cloud;
            this.home = Files.createDirectories(folder.resolve("home"));
            this.project = TestProject.in(
                            Files.createDirectories(folder.resolve("project")), URI.create(cloud.apiUrl()))
                    .token(cloud.operatorToken().reveal());
            this.scripts = new Scripts(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script in the project's folder; without an engine, unless the command is given one. */
    public Command script(String name, String... arguments) {
        return scripts.run(name, arguments)
                .in(project.folder())
                .env("DOCKER_HOST", "unix://" + home.resolve("no-engine.sock"));
    }

    /** A script in the project's folder, with an engine. */
    public Command script(Engine engine, String name, String... arguments) {
        return engine.serving(script(name, arguments).without("DOCKER_HOST"));
    }

    /** With a {@code docker} that takes so long to build, which a real one without a network cannot; it does nothing. */
    public Command buildingFor(int seconds, Command script) {
        try {
            Path docker = Files.createDirectories(home.resolve("bin")).resolve("docker");
            Files.writeString(docker, """
                #!/bin/sh
                case "$1" in
                version) echo 26.1.5 ;;
                build) exec sleep %d ;;
                esac
                """.formatted(seconds));
            Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwx------"));
            return script.env("PATH", docker.getParent() + ":" + System.getenv("PATH"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A script as {@code jbang} runs it from elsewhere, by its absolute path. */
    public Command jbang(Engine engine, String name, String... arguments) {
        return engine.serving(scripts.jbang(name, arguments).in(home));
    }

    /** An image archive, so that a deploy needs no engine. */
    public Path archive() {
        Path archive = home.resolve("sample.tar");
        try {
            if (!Files.exists(archive)) {
                Path services = Files.createDirectories(home.resolve("sample/services"));
                Files.writeString(services.resolve("page.html"), "hello");
                SampleArchive.write(archive, home.resolve("sample"));
            }
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
