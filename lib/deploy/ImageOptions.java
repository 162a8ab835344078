//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Printable.java
//SOURCES ../cli/CommonOptions.java
//SOURCES PushOptions.java
package lib.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Printable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code deploy} that say which image is meant: built, given, or in an archive. */
public final class ImageOptions {
    @Option(
            names = "--image",
            paramLabel = "REF",
            description = "Deploy this image, of the engine or of the --archive; build nothing.")
    Optional<String> image = Optional.empty();

    @Mixin
    PushOptions push;

    @Option(
            names = "--dockerfile",
            paramLabel = "FILE",
            description = "Default: the profile's, else .systemprompt/Dockerfile, else the project's.")
    Optional<Path> dockerfile = Optional.empty();

    @Option(
            names = "--build-arg",
            paramLabel = "K=V",
            description = "A build argument; not for secrets. May be repeated.")
    List<String> buildArguments = List.of();

    @Option(
            names = "--builder",
            paramLabel = "NAME",
            description = "Build on this buildx builder, which pushes the image itself.")
    Optional<String> builder = Optional.empty();

    @Option(names = "--no-cache", description = "Build without the layer cache.")
    boolean noCache;

    @Option(names = "--skip-push", description = "No login and no push: the image is in the registry already.")
    boolean skipPush;

    @Option(names = "--build-only", description = "Stop after the build.")
    boolean buildOnly;

    /** @throws Failure {@code usage} for values that cannot be, and for options that exclude each other */
    void check() {
        push.check();
        for (String argument : buildArguments) {
            if (!argument.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
                throw usage(
                        "--build-arg: not NAME=VALUE: '" + Printable.of(argument.replaceFirst("(?s)=.*", "=****"))
                                + "'",
                        "Such as --build-arg VERSION=1");
            }
        }
        if (buildOnly && (image.isPresent() || push.isArchive() || skipPush)) {
            throw usage("--build-only goes with no --image, --archive or --skip-push", "Leave one out");
        }
        if (builder.isPresent() && (image.isPresent() || push.isArchive() || skipPush || buildOnly)) {
            throw usage(
                    "--builder goes with no --image, --archive, --skip-push or --build-only: it builds and pushes",
                    "Leave one out");
        }
        if (skipPush && push.isArchive())
            throw usage("--archive is pushed; --skip-push pushes nothing", "Leave one out");
        if (skipPush && given().filter(it -> it.registry().isEmpty()).isPresent()) {
            throw usage(
                    "--skip-push needs the image's whole name in its registry",
                    "Such as --image registry/repository:tag");
        }
    }

    public boolean buildOnly() {
        return buildOnly;
    }

    public boolean skipPush() {
        return skipPush;
    }

    boolean builds() {
        return image.isEmpty() && !push.isArchive();
    }

    /** Whether the engine of this machine takes part; a builder does without. */
    boolean needsEngine() {
        return builder.isEmpty() && (builds() || (!push.isArchive() && !skipPush));
    }

    /** Whether {@code docker} logs in, for its engine or a builder to push. */
    boolean needsLogin() {
        return !push.isArchive() && !skipPush && !buildOnly;
    }

    Optional<String> builder() {
        return builder;
    }

    Optional<Path> dockerfile() {
        return dockerfile;
    }

    List<String> buildArguments() {
        return buildArguments;
    }

    boolean noCache() {
        return noCache;
    }

    Optional<String> givenImage() {
        return image;
    }

    Optional<Path> archiveFile() {
        return push.archive;
    }

    /** What of these options the image still needs once it is built, as words. */
    List<String> wordsForPush() {
        List<String> words = new ArrayList<>();
        push.tag.ifPresent(text -> words.addAll(List.of("--tag", text)));
        push.platform.ifPresent(platform -> words.addAll(List.of("--platform", platform)));
        return words;
    }

    /** The image named by {@code --image}. */
    Optional<ImageReference> given() {
        return image.map(text -> {
            try {
                return ImageReference.parse(text);
            } catch (IllegalArgumentException e) {
                throw usage("--image is " + e.getMessage(), "Such as --image acme:1.2");
            }
        });
    }

    /** The tag of the image that is given, which it keeps where nothing else is asked for. */
    Optional<String> givenTag() {
        return push.isArchive() ? image.flatMap(PushOptions::tagOf) : given().flatMap(ImageReference::tag);
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ErrorCode.USAGE, message, hint);
    }
}
