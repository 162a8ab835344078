//SOURCES ../Digest.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES Build.java
//SOURCES Command.java
//SOURCES CommandRunner.java
//SOURCES DockerCommands.java
//SOURCES EngineComplaint.java
//SOURCES Outcome.java
//SOURCES PrivateLogin.java
//SOURCES PushedImage.java
package lib.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.Digest;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;

/**
 * A buildx builder, wherever its BuildKit runs. What it builds stays with it, as a cache, until it pushes it itself: the
 * image's bytes never come to this machine.
 */
public record Builder(CommandRunner runner, String name) {
    /** Builds with the user's own configuration. @throws Failure {@code build_failed} */
    public void build(Build build) throws InterruptedException {
        Outcome outcome = run(DockerCommands.buildOn(name, build));
        if (outcome.succeeded()) return;
        throw new Failure(
                ErrorCode.BUILD_FAILED,
                "docker buildx build on " + name + " failed: " + outcome.lastSentence(),
                "Correct what the build says above (" + build.dockerfile()
                        + "); 'docker buildx ls' shows the builders");
    }

    /**
     * Builds the same again, out of the cache, and pushes it under a login.
     *
     * @throws Failure {@code push_failed}, or {@code unavailable} where it may go well later
     */
    public PushedImage push(PrivateLogin login, Build build, ImageReference image) throws InterruptedException {
        Path metadata = login.file("metadata.json");
        Outcome outcome = run(login.applyTo(DockerCommands.buildAndPush(name, build, image, metadata)));
        if (outcome.succeeded()) return new PushedImage(image, Optional.of(digest(metadata, image)));
        String what = "docker buildx build --push " + image + " on " + name + ": " + outcome.lastSentence();
        throw EngineComplaint.in(outcome)
                .failure(ErrorCode.PUSH_FAILED, what, "Correct what the builder says, then try again");
    }

    private static Digest digest(Path metadata, ImageReference image) {
        try {
            String digest = Json.parse(Files.readString(metadata))
                    .path("containerimage.digest")
                    .asText();
            if (Digest.isDigest(digest)) return new Digest(digest);
        } catch (IOException e) {
            // Missing or no JSON: as good as no digest.
        }
        throw new Failure(
                ErrorCode.PROTOCOL,
                "docker buildx build --push " + image + " succeeded but named no digest",
                "Update buildx: 'docker buildx version' shows which one it is");
    }

    private Outcome run(Command command) throws InterruptedException {
        try {
            return runner.run(command);
        } catch (IOException e) {
            throw new Failure(
                            ErrorCode.UNAVAILABLE,
                            "Docker is not available: no 'docker' command was found",
                            "Install Docker's command and its buildx plugin; a builder needs no engine here")
                    .causedBy(e);
        }
    }
}
