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
import java.util.stream.Collectors;
import lib.Digest;
import lib.Failure;

/** One image in an archive: a {@code docker save} file, or an OCI layout as a folder or a tar. It is read in place. */
public final class Archive {
    private final Path path;
    private final ImageConfig config;
    private final Candidate.Image image;

    private Archive(Path path, ImageConfig config, Candidate.Image image) {
        this.path = path;
        this.config = config;
        this.image = image;
    }

    /**
     * Opens an archive and checks everything that can be known without reading its layers.
     *
     * @param wanted chooses among the images of several platforms; a single image is taken whatever it runs on, so the
     *     caller compares {@link #platform()} itself
     * @throws Failure {@code CONFIG} when the file is no image archive, truncated, damaged, packed, points out of
     *     itself, or holds no image, or several, for the platform
     */
    public static Archive open(Path path, Platform wanted) throws InterruptedException {
        if (!Files.exists(path)) throw NotAnImage.missing(path);
        try {
            Candidate chosen = choose(path, candidates(path), wanted);
            return new Archive(path, chosen.config(), chosen.image().get());
        } catch (ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException | UncheckedIOException e) {
            throw NotAnImage.unreadable(path, e);
        } catch (Failure e) {
            if (e.getCause() instanceof ClosedByInterruptException) throw new InterruptedException();
            throw e;
        }
    }

    private static List<Candidate> candidates(Path path) throws IOException {
        Store store = Files.isDirectory(path) ? new FolderStore(path) : TarStore.index(path);
        Optional<Slice> index = store.find(OciLayout.INDEX);
        if (index.isPresent()) return OciLayout.read(store, index.get());
        Slice manifest = store.find(DockerSave.MANIFEST)
                .orElseThrow(() -> NotAnImage.because(path, "it has neither index.json nor manifest.json"));
        return DockerSave.read(store, manifest);
    }

    private static Candidate choose(Path path, List<Candidate> all, Platform wanted) {
        if (all.isEmpty()) throw NotAnImage.because(path, "it names no image");
        if (all.size() == 1) return all.get(0);
        List<Candidate> fitting = all.stream()
                .filter(candidate -> candidate.config().platform().satisfies(wanted))
                .toList();
        if (fitting.size() == 1) return fitting.get(0);
        if (fitting.isEmpty()) {
            String there = all.stream()
                    .map(candidate -> candidate.config().platform().toString())
                    .distinct()
                    .collect(Collectors.joining(", "));
            throw NotAnImage.undecided(
                    path, "holds no image for " + wanted + ", but for " + there, "Choose one of them with --platform");
        }
        String names = fitting.stream().map(Candidate::name).collect(Collectors.joining(", "));
        throw NotAnImage.undecided(
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
        return image.layers().size();
    }

    /** The bytes of all distinct layers as they lie in the archive. */
    public long layerBytes() {
        Set<Layer> distinct = new LinkedHashSet<>(image.layers());
        return distinct.stream().mapToLong(layer -> layer.descriptor().size()).sum();
    }

    ImageConfig config() {
        return config;
    }

    Manifest manifest() {
        return image.manifest();
    }

    List<Layer> layers() {
        return image.layers();
    }
}
