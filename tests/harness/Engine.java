package harness;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Optional;
import lib.ImageReference.Digest;

/** A Docker engine that answers. Each command to it names the engine, so that tests can use two at once. */
public final class Engine {
    private final Optional<String> host;
    private final String version;

    private Engine(Optional<String> host, String version) {
        this.host = host;
        this.version = version;
    }

    /** The engine of {@code DOCKER_HOST}, else the user's own; a test without one is skipped, visibly. */
    public static Engine orSkip() {
        return answering(Optional.ofNullable(System.getenv("DOCKER_HOST")));
    }

    /** An engine of before 25, which saves archives in Docker's own format: {@code DOCKER_HOST_LEGACY}. */
    public static Engine legacyOrSkip() {
        String host = System.getenv("DOCKER_HOST_LEGACY");
        return host == null ? abort("DOCKER_HOST_LEGACY names no second Docker engine") : answering(Optional.of(host));
    }

    /** An engine with containerd's image store, whose BuildKit pushes by itself: {@code DOCKER_HOST_BUILDER}. */
    public static Engine builderOrSkip() {
        String host = System.getenv("DOCKER_HOST_BUILDER");
        return host == null ? abort("DOCKER_HOST_BUILDER names no Docker engine") : answering(Optional.of(host));
    }

    private static Engine answering(Optional<String> host) {
        if (!Tool.exists("docker")) return abort("no 'docker' on the PATH");
        Ran asked = docker(host, "version", "--format", "{{.Server.Version}}").run();
        if (asked.exitCode() == 0) return new Engine(host, asked.out().strip());
        return abort("no Docker engine answers at " + host.orElse("the default address") + ": "
                + asked.err().strip());
    }

    private static Command docker(Optional<String> host, String... arguments) {
        Command docker = Command.of("docker").with(arguments);
        host.ifPresent(address -> docker.env("DOCKER_HOST", address));
        return docker;
    }

    public Command docker(String... arguments) {
        return docker(host, arguments);
    }

    /** Points a command at this engine, as {@code DOCKER_HOST} does. */
    public Command serving(Command command) {
        return host.map(address -> command.env("DOCKER_HOST", address)).orElse(command);
    }

    /** The address, as in {@code DOCKER_HOST}; empty means the user's own context. */
    public Optional<String> host() {
        return host;
    }

    public String version() {
        return version;
    }

    public boolean holds(String image) {
        return docker("image", "inspect", image).run().exitCode() == 0;
    }

    /** The image's ID: the digest of its configuration, or of its manifest in an engine with containerd's store. */
    public Digest idOf(String image) {
        return new Digest(docker("image", "inspect", "--format", "{{.Id}}", image)
                .run()
                .succeeded()
                .out()
                .strip());
    }

    /** Removes an image, if it is there. */
    public void remove(String image) {
        docker("image", "rm", "--force", image).run();
    }
}
