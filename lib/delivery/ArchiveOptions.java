package lib.delivery;

import java.nio.file.Path;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.Platform;
import lib.Printable;
import lib.project.Environment;
import lib.registry.Compression;
import picocli.CommandLine.Option;

/** The options that say which archive is pushed, and how. */
public final class ArchiveOptions {
    private static final String USUAL_PLATFORM = "linux/amd64";

    @Option(
            names = "--archive",
            paramLabel = "FILE",
            description = "Push this image archive (docker save, or an OCI layout); needs no Docker.")
    Optional<Path> file = Optional.empty();

    @Option(
            names = "--compression",
            paramLabel = "gzip|none",
            description = "How plain layers of an archive are sent. Default: ${DEFAULT-VALUE}.",
            defaultValue = "gzip")
    Compression compression;

    @Option(
            names = "--platform",
            paramLabel = "P",
            description = "What the image is for. Default: ${DEFAULT-VALUE}.",
            defaultValue = USUAL_PLATFORM)
    String platform;

    public boolean isPresent() {
        return file.isPresent();
    }

    boolean isUsualPlatform() {
        return platform.equals(USUAL_PLATFORM);
    }

    /** What the image is for. @throws Failure {@code usage} when it is no platform */
    public Platform platform() {
        try {
            return Platform.parse(platform);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ErrorCode.USAGE,
                    "--platform: not a platform: '" + Printable.of(platform) + "'",
                    "Such as linux/amd64");
        }
    }

    /** @throws Failure {@code config} when the file holds no image for the platform */
    public ArchiveImage open(Environment environment) throws InterruptedException {
        Path path = environment.path(file.orElseThrow().toString(), environment.workingDirectory());
        return ArchiveImage.open(path, platform(), compression);
    }
}
