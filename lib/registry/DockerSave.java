package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.Digest;
import lib.Printable;
import lib.registry.ArchiveFiles.FileRegion;
import lib.registry.ImageArchive.ArchivedImage;
import lib.registry.ImageArchive.Content;
import lib.registry.ImageManifest.Config;
import lib.registry.ImageManifest.Layer;

/** Images by {@code manifest.json}, as {@code docker save} up to 24, {@code podman save}, Jib and Bazel write them. */
final class DockerSave {
    static final String MANIFEST = "manifest.json";
    private static final Pattern NAMED_BY_ID = Pattern.compile("(?:.*/)?(?:sha256:)?([0-9a-f]{64})(?:\\.json)?");
    private static final int BUFFER = 1 << 16;

    private final ArchiveFiles files;

    private DockerSave(ArchiveFiles files) {
        this.files = files;
    }

    static List<ArchivedImage> read(ArchiveFiles files, FileRegion manifest) {
        DockerSave saved = new DockerSave(files);
        Map<Digest, ArchivedImage> images = new LinkedHashMap<>();
        for (JsonNode entry : files.json(MANIFEST, files.bytes(manifest))) {
            ArchivedImage image = saved.image(entry);
            images.put(image.config().digest(), image);
        }
        return List.copyOf(images.values());
    }

    private ArchivedImage image(JsonNode entry) {
        String file = entry.path("Config").asText();
        FileRegion content = files.find(file)
                .orElseThrow(() -> ArchiveErrors.truncated(path(), "'" + Printable.of(file) + "' is missing"));
        Config config = Config.read(files, content);
        Matcher id = NAMED_BY_ID.matcher(file);
        if (id.matches() && !id.group(1).equals(config.digest().hex()))
            throw ArchiveErrors.damaged(path(), "'" + Printable.of(file) + "' has another content");
        String name =
                entry.path("RepoTags").path(0).asText(config.digest().hex().substring(0, 12));
        return new ArchivedImage(name, config, () -> content(entry, config));
    }

    private Content content(JsonNode entry, Config config) {
        JsonNode names = entry.path("Layers");
        if (names.size() != config.diffIds().size())
            throw ArchiveErrors.damaged(path(), "its configuration counts other layers than " + MANIFEST);
        Map<Digest, Layer> known = new LinkedHashMap<>();
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.path(i).asText();
            Digest diffId = config.diffIds().get(i);
            FileRegion content = files.find(name)
                    .orElseThrow(
                            () -> ArchiveErrors.truncated(path(), "layer '" + Printable.of(name) + "' is missing"));
            layers.add(known.computeIfAbsent(diffId, id -> layer(content, id)));
        }
        return new Content(ImageManifest.ofDocker(config, layers), List.copyOf(layers));
    }

    private Layer layer(FileRegion content, Digest diffId) {
        try (InputStream in = content.open()) {
            byte[] head = in.readNBytes(4);
            boolean zstd = head.length == 4 && head[0] == 0x28 && head[1] == (byte) 0xB5 && head[2] == 0x2F;
            if (zstd)
                throw ArchiveErrors.because(path(), "a layer is packed with zstd, which its format has no name for");
            if (head.length > 1 && head[0] == 0x1F && head[1] == (byte) 0x8B) return gzipped(content, diffId);
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path(), e);
        }
        return new Layer(new Descriptor(ImageManifest.DOCKER_TAR, diffId, content.size()), Optional.of(content));
    }

    /**
     * A gzip'd layer, as Jib and Bazel write them, is known by its {@code diff_id} alone: it is read once to learn its
     * digest and to see that its content is what the image's configuration says.
     */
    private Layer gzipped(FileRegion content, Digest diffId) throws IOException {
        Digest.Hasher packed = new Digest.Hasher();
        Digest.Hasher plain = new Digest.Hasher();
        try (InputStream in = content.open();
                InputStream hashed = new Hashing(in, packed);
                GZIPInputStream unzipped = new GZIPInputStream(hashed, BUFFER)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = unzipped.read(buffer); n >= 0; n = unzipped.read(buffer)) plain.update(buffer, 0, n);
            while (hashed.read(buffer) >= 0) continue;
        } catch (ZipException | EOFException e) {
            throw ArchiveErrors.damaged(path(), "layer " + diffId + " is not a whole gzip")
                    .causedBy(e);
        }
        if (!plain.digest().equals(diffId))
            throw ArchiveErrors.damaged(path(), "layer " + diffId + " has another content");
        Descriptor descriptor = new Descriptor(ImageManifest.DOCKER_TAR + ".gzip", packed.digest(), content.size());
        return new Layer(descriptor, Optional.of(content));
    }

    private Path path() {
        return files.path();
    }

    private static final class Hashing extends FilterInputStream {
        private final Digest.Hasher hash;

        Hashing(InputStream in, Digest.Hasher hash) {
            super(in);
            this.hash = hash;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int count) throws IOException {
            int got = super.read(target, from, count);
            if (got > 0) hash.update(target, from, got);
            return got;
        }
    }
}
