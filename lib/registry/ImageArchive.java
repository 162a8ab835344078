package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import lib.Digest;
import lib.Failure;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageManifest.Layer;

/** One image in an archive: a {@code docker save} file, or an OCI layout as a folder or a tar. It is read in place. */
public final class ImageArchive {
    private final Path path;
    private final ImageManifest.Config config;
    private final Content content;

    private ImageArchive(Path path, ImageManifest.Config config, Content content) {
        this.path = path;
        this.config = config;
        this.content = content;
    }

    /** One of the images that an archive holds; its layers are looked at only once it is chosen. */
    record ArchivedImage(String name, ImageManifest.Config config, Supplier<Content> content) {}

    /** The chosen image: manifest and layers in the manifest's order, a repeated layer repeated. */
    record Content(ImageManifest manifest, List<Layer> layers) {}

    /**
     * Opens an archive and checks everything that can be known without reading its layers.
     *
     * @param wanted chooses among the images of several platforms; a single image is taken whatever it runs on, so the
     *     caller compares {@link #platform()} itself
     * @throws Failure {@code CONFIG} when the file is no image archive, truncated, damaged, packed, points out of
     *     itself, or holds no image, or several, for the platform
     */
    public static ImageArchive open(Path path, Platform wanted) throws InterruptedException {
        if (!Files.exists(path)) throw ArchiveErrors.missing(path);
        try {
            ArchivedImage chosen = choose(path, images(path), wanted);
            return new ImageArchive(path, chosen.config(), chosen.content().get());
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException | UncheckedIOException e) {
            throw ArchiveErrors.unreadable(path, e);
        } catch (Failure e) {
            if (e.getCause() instanceof ClosedByInterruptException) throw new InterruptedException();
            throw e;
        }
    }

    private static List<ArchivedImage> images(Path path) throws IOException {
        ArchiveFiles files = ArchiveFiles.open(path);
        Optional<FileRegion> index = files.find(OciLayout.INDEX);
        if (index.isPresent()) return OciLayout.read(files, index.get());
        FileRegion manifest = files.find(DockerSave.MANIFEST)
                .orElseThrow(() -> ArchiveErrors.because(path, "it has neither index.json nor manifest.json"));
        return DockerSave.read(files, manifest);
    }

    private static ArchivedImage choose(Path path, List<ArchivedImage> all, Platform wanted) {
        if (all.isEmpty()) throw ArchiveErrors.because(path, "it names no image");
        if (all.size() == 1) return all.get(0);
        List<ArchivedImage> fitting = all.stream()
                .filter(image -> image.config().platform().satisfies(wanted))
                .toList();
        if (fitting.size() == 1) return fitting.get(0);
        if (fitting.isEmpty()) {
            String there = all.stream()
                    .map(image -> image.config().platform().toString())
                    .distinct()
                    .collect(Collectors.joining(", "));
            throw ArchiveErrors.undecided(
                    path, "holds no image for " + wanted + ", but for " + there, "Choose one of them with --platform");
        }
        String names = fitting.stream().map(ArchivedImage::name).collect(Collectors.joining(", "));
        throw ArchiveErrors.undecided(
                path, "holds several images for " + wanted + ": " + names, "Save one image alone into the archive");
    }

    public Path path() {
        return path;
    }

    /** The digest of the configuration, which is what {@code docker images} shows and what a push leaves as it is. */
    public Digest imageId() {
        return config.digest();
    }

    public Platform platform() {
        return config.platform();
    }

    /** The layers that the image names; one that it names twice counts twice. */
    public int layerCount() {
        return content.layers().size();
    }

    /** The bytes of all distinct layers as they lie in the archive. */
    public long layerBytes() {
        Set<Layer> distinct = new LinkedHashSet<>(content.layers());
        return distinct.stream().mapToLong(layer -> layer.descriptor().size()).sum();
    }

    ImageManifest.Config config() {
        return config;
    }

    ImageManifest manifest() {
        return content.manifest();
    }

    List<Layer> layers() {
        return content.layers();
    }
}
