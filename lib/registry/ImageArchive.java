package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.Digest;
import lib.Failure;
import lib.Platform;
import lib.registry.ArchiveContents.ArchivedImage;
import lib.registry.ArchiveContents.Content;
import lib.registry.ImageManifest.Config;
import lib.registry.ImageManifest.Layer;

/** One image in an archive: a {@code docker save} file, or an OCI layout as a folder or a tar. */
public final class ImageArchive {
    private final Path path;
    private final Optional<Platform> platform;
    private final Content content;

    private ImageArchive(Path path, Optional<Platform> platform, Content content) {
        this.path = path;
        this.platform = platform;
        this.content = content;
    }

    /**
     * Opens an archive and checks everything that can be known without reading its layers.
     *
     * @param name the image that is meant, as it is called there; empty for the only one
     * @param wanted what it is to run on, which also chooses among the images of several platforms
     * @param temporary the folder that an archive is unpacked into when it is compressed
     * @throws Failure {@code CONFIG} when the file is no image archive, truncated, damaged, packed, points out of
     *     itself, or holds no such image, or several
     */
    public static ImageArchive open(Path path, Optional<String> name, Platform.Wanted wanted, Path temporary)
            throws InterruptedException {
        try {
            ArchiveFiles files = ArchiveFiles.open(path, temporary);
            ArchivedImage chosen = ArchiveContents.of(files).choose(name, wanted);
            return new ImageArchive(path, chosen.platform(), chosen.content());
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path, e);
        } catch (UncheckedIOException | Failure e) {
            if (e.getCause() instanceof ClosedByInterruptException) throw new InterruptedException();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** The digest of the configuration, which is what {@code docker images} shows and what a push leaves as it is. */
    public Digest imageId() {
        return config().digest();
    }

    /** Empty when the image names none. */
    public Optional<Platform> platform() {
        return platform;
    }

    /** The layers that the image names; one that it names twice counts twice. */
    public int layerCount() {
        return layers().size();
    }

    /** The bytes of all distinct layers as they lie in the archive. */
    public long layerBytes() {
        Set<Layer> distinct = new LinkedHashSet<>(layers());
        return distinct.stream().mapToLong(layer -> layer.descriptor().size()).sum();
    }

    Config config() {
        return content.config();
    }

    ImageManifest manifest() {
        return content.manifest();
    }

    List<Layer> layers() {
        return content.layers();
    }
}
