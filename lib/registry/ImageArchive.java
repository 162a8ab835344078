//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Platform.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES DockerSave.java
//SOURCES ImageManifest.java
//SOURCES OciLayout.java
package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Failure;
import lib.ImageReference.Digest;
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
            ArchivedImage chosen = Contents.of(files).choose(name, wanted);
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

    /** What an archive lists, and the one image of it that is meant. */
    static final class Contents {
        /** Large bundles hold some hundred images. */
        private static final int IMAGE_LIMIT = 10_000;

        private final Path path;
        private final Map<Digest, ArchivedImage> images = new LinkedHashMap<>();
        private final List<ArchivedImage> unreadable = new ArrayList<>();
        private final Set<String> others = new LinkedHashSet<>();
        private int count;

        private Contents(Path path) {
            this.path = path;
        }

        /** Reads {@code index.json} and {@code manifest.json}: since Docker 25 there are both, and either may lack an image. */
        static Contents of(ArchiveFiles files) {
            Optional<FileRegion> index = files.find(OciLayout.INDEX);
            Optional<FileRegion> manifest = files.find(DockerSave.MANIFEST);
            if (index.isEmpty() && manifest.isEmpty()) throw ArchiveErrors.noIndex(files.path(), files.names());
            Contents contents = new Contents(files.path());
            index.ifPresent(file -> new OciLayout(files, contents).read(file));
            manifest.ifPresent(file -> new DockerSave(files, contents).read(file));
            return contents;
        }

        /** Adds an image, or what was found of it a second time. */
        void add(Listed listed, Config config, Source source) {
            countOne();
            ArchivedImage image = images.computeIfAbsent(
                    config.digest(),
                    id -> new ArchivedImage(Optional.of(id), listed.platform().or(config::platform), true));
            image.names.addAll(listed.names());
            image.sources.add(source);
        }

        /** Adds an image that is listed, but can't be read: it may be the one that is meant. */
        void addUnreadable(Listed listed, boolean saved, Failure failure) {
            countOne();
            ArchivedImage image = new ArchivedImage(Optional.empty(), listed.platform(), saved);
            image.names.addAll(listed.names());
            image.sources.add(() -> {
                throw failure;
            });
            unreadable.add(image);
        }

        /** Adds what is no image, by its type. */
        void addOther(String type) {
            others.add(type);
        }

        boolean hasImages() {
            return !images.isEmpty();
        }

        private void countOne() {
            if (++count > IMAGE_LIMIT) throw ArchiveErrors.because(path, "it lists over " + IMAGE_LIMIT + " images");
        }

        /**
         * Chooses the image that is meant.
         *
         * @param name as people call it; empty for the only one
         * @throws Failure {@code CONFIG} when it holds none, or several
         */
        ArchivedImage choose(Optional<String> name, Platform.Wanted wanted) {
            List<ArchivedImage> all = new ArrayList<>(images.values());
            all.addAll(unreadable);
            if (all.isEmpty()) throw none();
            List<ArchivedImage> called = all.stream()
                    .filter(image -> name.isEmpty() || image.isCalled(name.get()))
                    .toList();
            if (called.isEmpty())
                throw ArchiveErrors.undecided(
                        path, "holds no image '" + name.get() + "', but: " + listed(all), "Name one of these");
            List<ArchivedImage> saved =
                    called.stream().filter(image -> image.saved).toList();
            ArchivedImage chosen = nearest(saved.isEmpty() ? called : saved, wanted);
            if (chosen.id.isPresent()) wanted.check("'" + path + "'", chosen.platform);
            return chosen;
        }

        private Failure none() {
            String found =
                    others.isEmpty() ? "it names no image" : "it holds no image, but: " + String.join(", ", others);
            return ArchiveErrors.because(path, found);
        }

        private ArchivedImage nearest(List<ArchivedImage> called, Platform.Wanted wanted) {
            if (called.size() == 1) return called.get(0);
            OptionalInt least =
                    called.stream().mapToInt(image -> image.distanceTo(wanted)).min();
            if (least.getAsInt() == Integer.MAX_VALUE)
                throw ArchiveErrors.undecided(
                        path,
                        "holds no image for " + wanted.platform() + ", but for " + platforms(called),
                        "Choose one of them with --platform");
            List<ArchivedImage> fitting = called.stream()
                    .filter(image -> image.distanceTo(wanted) == least.getAsInt())
                    .toList();
            if (fitting.size() == 1) return fitting.get(0);
            throw ArchiveErrors.undecided(
                    path,
                    "holds several images for " + wanted.platform() + ": " + listed(fitting),
                    "Name one of them beside --archive: as IMAGE for a push, with --image for a deploy");
        }

        private static String listed(Collection<ArchivedImage> images) {
            return images.stream().map(ArchivedImage::toString).collect(Collectors.joining(", "));
        }

        private static String platforms(Collection<ArchivedImage> images) {
            return images.stream()
                    .map(image -> image.platform.map(Platform::toString).orElse("none that it names"))
                    .distinct()
                    .collect(Collectors.joining(", "));
        }
    }

    /**
     * What an archive says of an image beside the image itself.
     *
     * @param names what people called it, the most telling first
     */
    record Listed(List<String> names, Optional<Platform> platform) {}

    /** An image as it is pushed: the layers in the manifest's order, a repeated one repeated. */
    record Content(Config config, ImageManifest manifest, List<Layer> layers) {}

    /** Reads an image's manifest and looks for its layers. */
    interface Source {
        /** @throws Failure when the image is not whole */
        Content read();
    }

    /** One of the images that an archive lists; its content is read once it is chosen. */
    static final class ArchivedImage {
        private final Optional<Digest> id;
        private final Optional<Platform> platform;
        private final boolean saved;
        private final Set<String> names = new LinkedHashSet<>();
        private final List<Source> sources = new ArrayList<>();

        /**
         * @param id empty when it can't be read
         * @param platform empty when it names none
         * @param saved whether it is there at all: an index may list platforms that were not saved
         */
        private ArchivedImage(Optional<Digest> id, Optional<Platform> platform, boolean saved) {
            this.id = id;
            this.platform = platform;
            this.saved = saved;
        }

        Optional<Platform> platform() {
            return platform;
        }

        /** Reads it from the first place where it is whole. */
        Content content() {
            Failure first = null;
            for (Source source : sources) {
                try {
                    return source.read();
                } catch (Failure failure) {
                    if (first == null) first = failure;
                }
            }
            throw first;
        }

        private boolean isCalled(String name) {
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

        /** One that can't be read may be the one that is meant, so that it is not passed over. */
        private int distanceTo(Platform.Wanted wanted) {
            if (platform.isPresent())
                return platform.get().distanceTo(wanted.platform()).orElse(Integer.MAX_VALUE);
            if (id.isEmpty()) return 0;
            return wanted.asked() ? Integer.MAX_VALUE - 1 : Integer.MAX_VALUE;
        }

        /** Its usual name, else the start of its ID, as {@code docker images} shows it. */
        @Override
        public String toString() {
            return names.stream()
                    .findFirst()
                    .map(name -> name.replaceFirst("^docker\\.io/(library/)?", ""))
                    .or(() -> id.map(Digest::shortened))
                    .orElse("one that can't be read");
        }
    }
}
