//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
//SOURCES ImageArchive.java
//SOURCES ImageManifest.java
package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.Failure;
import lib.ImageReference.Digest;
import lib.Printable;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ArchiveFiles.Packing;
import lib.registry.ImageArchive.Content;
import lib.registry.ImageArchive.Contents;
import lib.registry.ImageArchive.Listed;
import lib.registry.ImageManifest.Config;
import lib.registry.ImageManifest.Descriptor;
import lib.registry.ImageManifest.Layer;

/** Images by {@code manifest.json}, as {@code docker save}, {@code podman save}, Jib, Bazel and Nix write them. */
final class DockerSave {
    static final String MANIFEST = "manifest.json";
    private static final Pattern NAMED_BY_ID = Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.json)?");
    private static final int BUFFER = 1 << 16;

    private final ArchiveFiles files;
    private final Contents contents;

    DockerSave(ArchiveFiles files, Contents contents) {
        this.files = files;
        this.contents = contents;
    }

    void read(FileRegion manifest) {
        JsonNode entries = files.parsed(MANIFEST, files.bytes(manifest));
        if (isOfImages(entries)) entries.forEach(this::add);
        else if (!contents.hasImages()) throw describesNoImage(entries);
    }

    private Failure describesNoImage(JsonNode manifest) {
        if (manifest.path("layers").isArray() || files.find("version").isPresent())
            return ArchiveErrors.directoryTransport(path(), Files.isDirectory(path()));
        return ArchiveErrors.because(path(), "its manifest.json describes no image");
    }

    /** Programs of all kinds have a {@code manifest.json}. */
    private static boolean isOfImages(JsonNode manifest) {
        if (!manifest.isArray()) return false;
        for (JsonNode entry : manifest) if (!entry.path("Config").isTextual()) return false;
        return true;
    }

    private void add(JsonNode entry) {
        Listed listed = new Listed(texts(entry.path("RepoTags")), Optional.empty());
        String file = entry.path("Config").textValue();
        List<String> layers = texts(entry.path("Layers"));
        try {
            contents.add(listed, config(file), () -> content(layers, config(file)));
        } catch (Failure failure) {
            if (files.isExhausted()) throw failure;
            contents.addUnreadable(listed, true, failure);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private Config config(String file) {
        FileRegion content = files.find(file)
                .orElseThrow(() -> ArchiveErrors.truncated(path(), "'" + Printable.of(file) + "' is missing"));
        Config config = Config.parse(files, content, files.bytes(content));
        Matcher id = NAMED_BY_ID.matcher(file);
        if (id.matches() && !id.group(1).equals(config.digest().hex()))
            throw ArchiveErrors.damaged(path(), "'" + Printable.of(file) + "' has another content");
        return config;
    }

    private Content content(List<String> names, Config config) {
        if (names.size() != config.diffIds().size())
            throw ArchiveErrors.damaged(path(), "its configuration counts other layers than " + MANIFEST);
        Map<Digest, Layer> known = new LinkedHashMap<>();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            FileRegion content = files.find(name)
                    .orElseThrow(
                            () -> ArchiveErrors.truncated(path(), "layer '" + Printable.of(name) + "' is missing"));
            layers.add(known.computeIfAbsent(config.diffIds().get(i), diffId -> layer(content, diffId)));
        }
        return new Content(config, ImageManifest.ofDocker(config, layers), List.copyOf(layers));
    }

    private Layer layer(FileRegion content, Digest diffId) {
        try {
            Optional<Packing> packing = Packing.of(content);
            if (packing.isEmpty())
                return Layer.of(new Descriptor(ImageManifest.DOCKER_TAR, diffId, content.size()), content);
            if (packing.get() == Packing.GZIP) return gzipped(content, diffId);
            throw ArchiveErrors.because(
                    path(), "a layer is packed with " + packing.get() + ", which its format has no name for");
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path(), e);
        }
    }

    /**
     * A gzip'd layer, as Jib and Bazel write them, is known by its {@code diff_id} alone: it is read once to learn its
     * digest and to see that its content is what the image's configuration says.
     */
    private Layer gzipped(FileRegion content, Digest diffId) throws IOException {
        MessageDigest packed = Digest.hash("sha256");
        MessageDigest plain = Digest.hash(diffId.algorithm());
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = new DigestInputStream(content.open(), packed);
                InputStream unzipped = new DigestInputStream(new GZIPInputStream(in, BUFFER), plain)) {
            while (unzipped.read(buffer) >= 0) continue;
            // What follows the last member, such as padding, belongs to the layer.
            while (in.read(buffer) >= 0) continue;
        } catch (ZipException | EOFException e) {
            throw ArchiveErrors.damaged(path(), "layer " + diffId + " is not a whole gzip")
                    .causedBy(e);
        }
        if (!Digest.of(plain).equals(diffId))
            throw ArchiveErrors.damaged(path(), "layer " + diffId + " has another content");
        Descriptor descriptor = new Descriptor(ImageManifest.DOCKER_TAR + ".gzip", Digest.of(packed), content.size());
        return new Layer(descriptor, Optional.of(content));
    }

    private Path path() {
        return files.path();
    }
}
