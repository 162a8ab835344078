package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Digest;
import lib.Failure;
import lib.Platform;
import lib.registry.ArchiveFiles.FileRegion;
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
            ArchivedImage chosen = new Choice(path, Contents.of(files), name, wanted).made();
            return new ImageArchive(path, chosen.platform(), chosen.source().read());
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

    /** An image as it is pushed: the layers in the manifest's order, a repeated one repeated. */
    record Content(Config config, ImageManifest manifest, List<Layer> layers) {}

    /**
     * One of the images that an archive lists.
     *
     * @param names what people called it, the most telling first
     * @param id empty when it can't be read
     * @param platform empty when it names none
     * @param saved whether it is there at all: an index may list platforms that were not saved
     * @param source its content, read once it is chosen
     */
    record ArchivedImage(
            List<String> names, Optional<Digest> id, Optional<Platform> platform, boolean saved, Source source) {

        /** Reads an image's manifest and looks for its layers. */
        interface Source {
            /** @throws Failure when the image is not whole */
            Content read();
        }

        /** One that is listed, but that can't be read. */
        static ArchivedImage unreadable(
                List<String> names, Optional<Platform> platform, boolean saved, Failure failure) {
            return new ArchivedImage(names, Optional.empty(), platform, saved, () -> {
                throw failure;
            });
        }

        /** The same image, found a second time. */
        ArchivedImage and(ArchivedImage other) {
            Set<String> all = new LinkedHashSet<>(names);
            all.addAll(other.names);
            Source either = () -> {
                try {
                    return source.read();
                } catch (Failure failure) {
                    return other.readOr(failure);
                }
            };
            return new ArchivedImage(List.copyOf(all), id, platform.or(other::platform), saved, either);
        }

        private Content readOr(Failure failure) {
            try {
                return source.read();
            } catch (Failure same) {
                throw failure;
            }
        }

        /** Its usual name, else the start of its ID, as {@code docker images} shows it. */
        String shownName() {
            return names.stream()
                    .findFirst()
                    .map(name -> name.replaceFirst("^docker\\.io/(library/)?", ""))
                    .or(() -> id.map(digest -> digest.hex().substring(0, 12)))
                    .orElse("one that can't be read");
        }

        boolean isCalled(String name) {
            String hex = name.replaceFirst("^sha256:", "");
            boolean byId = hex.matches("[0-9a-f]{12,64}")
                    && id.filter(digest -> digest.hex().startsWith(hex)).isPresent();
            return byId || names.stream().anyMatch(each -> full(each).equals(full(name)));
        }

        /** A name as Docker completes it; podman's {@code localhost} is no registry. */
        private static String full(String name) {
            String bare = name.replaceFirst("^(?:(?:index\\.)?docker\\.io/(?:library/)?|localhost/)", "");
            return bare.lastIndexOf(':') > bare.lastIndexOf('/') ? bare : bare + ":latest";
        }
    }

    /**
     * What an archive lists.
     *
     * @param others what else is there and is no image, such as a signature
     */
    record Contents(Collection<ArchivedImage> images, Set<String> others) {

        /** By {@code index.json} and {@code manifest.json}: since Docker 25 there are both, and either may lack an image. */
        static Contents of(ArchiveFiles files) {
            Optional<FileRegion> index = files.find(OciLayout.INDEX);
            Optional<FileRegion> saved = files.find(DockerSave.MANIFEST);
            if (index.isEmpty() && saved.isEmpty())
                throw ArchiveErrors.because(files.path(), "it has neither index.json nor manifest.json");
            Contents found =
                    index.map(file -> OciLayout.read(files, file)).orElseGet(() -> new Contents(List.of(), Set.of()));
            if (saved.isEmpty()) return found;
            return found.with(DockerSave.read(files, saved.get(), !found.images.isEmpty()));
        }

        private Contents with(List<ArchivedImage> more) {
            List<ArchivedImage> all = new ArrayList<>(images);
            for (ArchivedImage image : more) {
                int same = image.id().isEmpty()
                        ? -1
                        : all.stream().map(ArchivedImage::id).toList().indexOf(image.id());
                if (same < 0) all.add(image);
                else all.set(same, all.get(same).and(image));
            }
            return new Contents(all, others);
        }
    }

    /** Of what an archive lists, the one image that is meant. */
    private record Choice(Path path, Contents contents, Optional<String> name, Platform.Wanted wanted) {

        ArchivedImage made() {
            List<ArchivedImage> called = contents.images().stream()
                    .filter(image -> name.isEmpty() || image.isCalled(name.get()))
                    .toList();
            if (contents.images().isEmpty()) throw none();
            if (called.isEmpty())
                throw ArchiveErrors.undecided(
                        path,
                        "holds no image '" + name.get() + "', but: " + listed(contents.images()),
                        "Name one of these");
            List<ArchivedImage> saved =
                    called.stream().filter(ArchivedImage::saved).toList();
            ArchivedImage chosen = nearest(saved.isEmpty() ? called : saved);
            if (chosen.id().isPresent()) wanted.check("'" + path + "'", chosen.platform());
            return chosen;
        }

        private ArchivedImage nearest(List<ArchivedImage> called) {
            if (called.size() == 1) return called.get(0);
            OptionalInt least = called.stream().mapToInt(this::distance).min();
            if (least.getAsInt() == Integer.MAX_VALUE)
                throw ArchiveErrors.undecided(
                        path,
                        "holds no image for " + wanted.platform() + ", but for " + platforms(called),
                        "Choose one of them with --platform");
            List<ArchivedImage> fitting = called.stream()
                    .filter(image -> distance(image) == least.getAsInt())
                    .toList();
            if (fitting.size() == 1) return fitting.get(0);
            throw ArchiveErrors.undecided(
                    path,
                    "holds several images for " + wanted.platform() + ": " + listed(fitting),
                    "Name one of them beside --archive: as IMAGE for a push, with --image for a deploy");
        }

        /** One that can't be read may be the one that is meant, so that it is not passed over. */
        private int distance(ArchivedImage image) {
            if (image.platform().isPresent())
                return image.platform().get().distanceTo(wanted.platform()).orElse(Integer.MAX_VALUE);
            if (image.id().isEmpty()) return 0;
            return wanted.asked() ? Integer.MAX_VALUE - 1 : Integer.MAX_VALUE;
        }

        private Failure none() {
            if (contents.others().isEmpty()) return ArchiveErrors.because(path, "it names no image");
            return ArchiveErrors.because(path, "it holds no image, but: " + String.join(", ", contents.others()));
        }

        private static String listed(Collection<ArchivedImage> images) {
            return images.stream().map(ArchivedImage::shownName).collect(Collectors.joining(", "));
        }

        private static String platforms(List<ArchivedImage> images) {
            return images.stream()
                    .map(image -> image.platform().map(Platform::toString).orElse("none that it names"))
                    .distinct()
                    .collect(Collectors.joining(", "));
        }
    }
}
