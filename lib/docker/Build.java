//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES Command.java
//SOURCES DockerError.java
//SOURCES PrivateDockerConfig.java
package lib.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Json;

/**
 * What is built, and the commands that build it.
 *
 * @param context the build context's folder
 * @param arguments each {@code NAME=VALUE}
 * @param platform such as {@code linux/amd64}
 */
public record Build(
        Path context,
        Path dockerfile,
        ImageReference image,
        String platform,
        List<String> arguments,
        Map<String, String> labels,
        boolean noCache) {
    public Build {
        arguments = List.copyOf(arguments);
        labels = new TreeMap<>(labels);
    }

    /** @param elsewhere whether a builder of its own may build it, from which the engine must get the image */
    Command onEngine(boolean elsewhere) {
        List<String> words = new ArrayList<>(List.of("docker", "build", "--tag=" + image));
        if (elsewhere) words.add("--load");
        if (noCache) words.add("--no-cache");
        words.addAll(options());
        return Command.shown(Command.Output.DRAWN_BY_STDERR, words).in(context);
    }

    /** The same build on a builder, which keeps what it built as its cache and hands out nothing. */
    private Command onBuilder(String builder) {
        List<String> words = buildx(builder);
        words.add("--output=type=cacheonly");
        if (noCache) words.add("--no-cache");
        words.addAll(options());
        return Command.shown(Command.Output.DRAWN_BY_STDERR, words).in(context);
    }

    /**
     * The same build again, out of the builder's cache, which the builder itself pushes.
     *
     * @param metadata the file that gets the digest
     */
    private Command pushedBy(String builder, ImageReference name, Path metadata) {
        List<String> words = buildx(builder);
        words.addAll(List.of("--push", "--tag=" + name, "--metadata-file=" + metadata));
        words.addAll(options());
        // Not by stderr, where it draws: the error must come here, since a new token may help.
        return Command.shown(Command.Output.DRAWN_BY_STDOUT, words).in(context);
    }

    // Attestations would make an index of what is one image, and its digest another one than the image's.
    private static List<String> buildx(String builder) {
        return new ArrayList<>(
                List.of("docker", "buildx", "build", "--builder=" + builder, "--provenance=false", "--sbom=false"));
    }

    private List<String> options() {
        List<String> words = new ArrayList<>();
        words.add("--file=" + dockerfile);
        words.add("--platform=" + platform);
        arguments.forEach(argument -> words.add("--build-arg=" + argument));
        labels.forEach((name, value) -> words.add("--label=" + name + "=" + value));
        words.add(context.toString());
        return words;
    }

    /**
     * A buildx builder, wherever its BuildKit runs. What it builds stays with it, as a cache, until it pushes it itself: the
     * image's bytes never come to this machine.
     */
    public record Builder(Command.Runner runner, String name) {
        /** Builds with the user's own configuration. @throws Failure {@code build_failed} */
        public void build(Build build) throws InterruptedException {
            Command.Result result = run(build.onBuilder(name));
            if (result.succeeded()) return;
            throw new Failure(
                    ErrorCode.BUILD_FAILED,
                    "docker buildx build on " + name + " failed: " + DockerError.sentence(result),
                    DockerError.cureOfBuild(result)
                            .orElse("Correct what the build says above (" + build.dockerfile()
                                    + "); 'docker buildx ls' shows the builders"));
        }

        /**
         * Builds the same again, out of the cache, and pushes it under a login.
         *
         * @throws Failure {@code push_failed}, or {@code unavailable} where it may go well later
         */
        public PushedImage push(PrivateDockerConfig login, Build build, ImageReference image)
                throws InterruptedException {
            Path metadata = login.file("metadata.json");
            Command.Result result = run(login.applyTo(build.pushedBy(name, image, metadata)));
            if (result.succeeded()) return new PushedImage(image, Optional.of(digest(metadata, image)));
            String what = "docker buildx build --push " + image + " on " + name + ": " + DockerError.sentence(result);
            throw DockerError.in(result)
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

        private Command.Result run(Command command) throws InterruptedException {
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
}
