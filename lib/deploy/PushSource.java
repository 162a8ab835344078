//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Parallel.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Build.java
//SOURCES ../docker/Docker.java
//SOURCES ../registry/ImageArchive.java
//SOURCES ../registry/ImagePush.java
//SOURCES ../registry/RegistryClient.java
//SOURCES Push.java
package lib.deploy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Failure.Stage;
import lib.Http;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.ImageReference.PushedImage;
import lib.Parallel;
import lib.api.RegistryToken;
import lib.cli.Console;
import lib.cli.Run;
import lib.docker.Build;
import lib.docker.Docker;
import lib.docker.Docker.LocalImage;
import lib.registry.ImageArchive;
import lib.registry.ImagePush;
import lib.registry.ImagePush.LayerCache;
import lib.registry.RegistryClient;

/** An image that can be pushed: an engine's, a builder's, or one of an archive. */
public sealed interface PushSource {
    /** What it is called on this machine. */
    String name();

    /** The options of {@code just deploy} that mean this image. */
    List<String> asOptions();

    /** The variables that must be set as they are now for those options to mean the same. */
    default List<String> variables() {
        return List.of();
    }

    /**
     * Logs in and pushes.
     *
     * @throws Failure with {@link Failure.Remedy#NEW_TOKEN} when the registry refused this one
     */
    PushedImage push(Run run, RegistryToken token, ImageReference target) throws InterruptedException;

    /** An image that an engine holds, pushed by that engine under a private login. */
    record OfEngine(Docker docker, LocalImage image) implements PushSource {
        @Override
        public String name() {
            return image.reference().toString();
        }

        @Override
        public List<String> asOptions() {
            return List.of("--image", name());
        }

        @Override
        public PushedImage push(Run run, RegistryToken token, ImageReference target) throws InterruptedException {
            try (Parallel aside = new Parallel("aside", 1)) {
                Parallel.Result<Void> named = aside.start(() -> {
                    docker.tag(image, target);
                    return null;
                });
                return new Push.UnderLogin(run, docker, false).push(token, login -> {
                    named.get();
                    return docker.push(login, image, target);
                });
            }
        }
    }

    /** An image in the cache of a buildx builder, which that builder pushes under a private login. */
    record OfBuilder(Build.Builder builder, Build build, Docker docker) implements PushSource {
        @Override
        public String name() {
            return build.image() + " on builder " + builder.name();
        }

        /**
         * The builder has it in its cache, so the same build again is the way to it. Its arguments go by their names alone: a
         * value may be a secret, and Docker takes it from the environment.
         */
        @Override
        public List<String> asOptions() {
            List<String> words = new ArrayList<>(List.of(
                    "--builder",
                    builder.name(),
                    "--dockerfile",
                    build.dockerfile().toString()));
            variables().forEach(variable -> words.addAll(List.of("--build-arg", variable)));
            return words;
        }

        @Override
        public List<String> variables() {
            return build.arguments().stream()
                    .map(argument -> argument.split("=", 2)[0])
                    .toList();
        }

        @Override
        public PushedImage push(Run run, RegistryToken token, ImageReference target) throws InterruptedException {
            return new Push.UnderLogin(run, docker, true).push(token, login -> builder.push(login, build, target));
        }
    }

    /**
     * An image in an archive, pushed by this process itself: no engine, and no other process that sees the password.
     *
     * @param chosen the name by which a person chose it; empty for the only one
     */
    record OfArchive(ImageArchive archive, Optional<String> chosen, ImagePush.Compression compression)
            implements PushSource {
        @Override
        public String name() {
            return archive.path().toAbsolutePath().toString();
        }

        @Override
        public List<String> asOptions() {
            List<String> words = new ArrayList<>(List.of("--archive", name()));
            chosen.ifPresent(image -> words.addAll(List.of("--image", image)));
            return words;
        }

        @Override
        public PushedImage push(Run run, RegistryToken token, ImageReference target) throws InterruptedException {
            return run.stage(Stage.PUSH, () -> send(run, token, target), PushedImage::reference);
        }

        private PushedImage send(Run run, RegistryToken token, ImageReference target) throws InterruptedException {
            ImagePush push = new ImagePush(
                    RegistryClient.of(Http.shared(), target, token.credential()),
                    compression,
                    LayerCache.ofUser(run.environment().variables()),
                    new Progress(run.console(), archive.layerCount()));
            ImagePush.Pushed pushed = push.push(archive);
            return new PushedImage(pushed.reference(), Optional.of(pushed.digest()));
        }

        /** Tells how far the push of an archive is: bytes and layers on a terminal, a line a layer elsewhere. */
        private static final class Progress implements ImagePush.Progress {
            private final Console console;
            private final int layers;
            private final Map<Digest, Long> sizes = new HashMap<>();
            private final Map<Digest, Long> sent = new HashMap<>();
            private int done;

            private Progress(Console console, int layers) {
                this.console = console;
                this.layers = layers;
            }

            @Override
            public void layerStarted(Digest layer, long bytes) {
                sizes.put(layer, bytes);
                tell();
            }

            @Override
            public void layerBytes(Digest layer, long bytes) {
                sent.put(layer, bytes);
                tell();
            }

            @Override
            public void layerDone(Digest layer, ImagePush.LayerState state) {
                done++;
                tell();
                if (!console.isTerminal()) {
                    console.say(
                            "  layer " + layer.shortened() + "  " + size(sizes.getOrDefault(layer, 0L)) + "  " + state);
                }
            }

            private void tell() {
                long bytes = sent.values().stream().mapToLong(Long::longValue).sum();
                console.progress("Pushing the image  " + done + "/" + layers + " layers  " + size(bytes));
            }

            private static String size(long bytes) {
                // Not by String.format, as in Timings.
                boolean small = bytes < 1_000_000;
                return BigDecimal.valueOf(bytes, small ? 3 : 6).setScale(1, RoundingMode.HALF_UP)
                        + (small ? " kB" : " MB");
            }
        }
    }
}
