//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Platform.java
//SOURCES ../Printable.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../registry/ImageArchive.java
//SOURCES ../registry/ImagePush.java
//SOURCES PushSource.java
package lib.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Platform;
import lib.Printable;
import lib.cli.Run;
import lib.registry.ImageArchive;
import lib.registry.ImagePush;
import picocli.CommandLine.Option;

/** The options that say which image is pushed, and as what. */
public final class PushOptions {
    @Option(
            names = "--archive",
            paramLabel = "FILE",
            description = "Push this image archive (docker save, an OCI layout, gzip'd or not); needs no Docker.")
    Optional<Path> archive = Optional.empty();

    @Option(
            names = "--compression",
            paramLabel = "gzip|zstd|none",
            description = "How plain layers of an archive are sent. Default: ${DEFAULT-VALUE}.",
            defaultValue = "gzip")
    ImagePush.Compression compression;

    @Option(
            names = "--platform",
            paramLabel = "P",
            description = "The platform that the image must be for. Default: linux/amd64.")
    Optional<String> platform = Optional.empty();

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "The image's tag. Default: the server's, else its own, else deploy-TIME-COMMIT.")
    Optional<String> tag = Optional.empty();

    /** @throws Failure {@code usage} for values that cannot be */
    public void check() {
        wanted();
        tag.filter(text -> !ImageReference.isTag(text)).ifPresent(text -> {
            throw new Failure(
                    ErrorCode.USAGE,
                    "--tag: not a valid tag: '" + Printable.of(text) + "'",
                    "Letters, digits, '_', '.' and '-', at most 128");
        });
    }

    public boolean isArchive() {
        return archive.isPresent();
    }

    /** The tag that the person asks for. */
    public Optional<String> tag() {
        return tag;
    }

    /** What the image is for. @throws Failure {@code usage} when it is no platform */
    public Platform.Wanted wanted() {
        try {
            return Platform.Wanted.of(platform.map(Platform::parse));
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ErrorCode.USAGE,
                    "--platform: not a platform: '" + Printable.of(platform.orElseThrow()) + "'",
                    "Such as linux/amd64");
        }
    }

    /**
     * Opens the archive, which may have to be unpacked.
     *
     * @param image the one of its images that is meant; empty for the only one
     * @throws Failure {@code config} when the file holds no such image for the platform
     */
    public PushSource openArchive(Run run, Optional<String> image) throws InterruptedException {
        Environment environment = run.environment();
        Path path = environment.path(archive.orElseThrow().toString(), environment.workingDirectory());
        run.console().fleeting("Reading " + path.getFileName());
        ImageArchive opened = ImageArchive.open(path, image, wanted(), temporaryFolder(environment));
        return new PushSource.OfArchive(opened, image, compression);
    }

    /** Where large files belong: {@code /tmp} is often kept in memory. */
    private static Path temporaryFolder(Environment environment) {
        Path large = Path.of("/var/tmp");
        Path usual = Files.isWritable(large) ? large : Path.of(System.getProperty("java.io.tmpdir"));
        return environment
                .variable("TMPDIR")
                .map(named -> environment.path(named, environment.workingDirectory()))
                .orElse(usual);
    }

    /** The tag in the name of one of an archive's images, which may as well be an ID, a digest, or a tag alone. */
    public static Optional<String> tagOf(String image) {
        int colon = image.lastIndexOf(':');
        if (colon <= image.lastIndexOf('/') || image.contains("sha256:")) return Optional.empty();
        return Optional.of(image.substring(colon + 1)).filter(ImageReference::isTag);
    }
}
