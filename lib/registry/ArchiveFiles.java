package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import lib.Digest;
import lib.Json;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** The named files of an image archive, read where they lie: in a tar, or in a folder. */
abstract sealed class ArchiveFiles {
    /** Bytes. Registries take manifests of up to 4 MiB. Source: OCI distribution specification, pushing manifests. */
    private static final int JSON_LIMIT = 4 << 20;

    private final Path path;

    private ArchiveFiles(Path path) {
        this.path = path;
    }

    /** Reads all headers. Fails on what is no plain tar, on a truncated one and on one with a path out of itself. */
    static ArchiveFiles open(Path path) throws IOException {
        return Files.isDirectory(path) ? new InFolder(path) : InTar.index(path);
    }

    /** The archive as the user named it. */
    Path path() {
        return path;
    }

    /** @param name a path inside the archive, with {@code /} */
    abstract Optional<FileRegion> find(String name);

    /** Where an OCI image layout keeps a blob. */
    Optional<FileRegion> blob(Digest digest) {
        return find("blobs/sha256/" + digest.hex());
    }

    /** The bytes of a blob, checked against its descriptor. */
    byte[] verified(Descriptor descriptor) {
        FileRegion content = blob(descriptor.digest())
                .orElseThrow(() -> ArchiveErrors.truncated(path, "blob " + descriptor.digest() + " is missing"));
        byte[] bytes = bytes(content);
        if (!Digest.of(bytes).equals(descriptor.digest()))
            throw ArchiveErrors.damaged(path, "blob " + descriptor.digest() + " has another content");
        return bytes;
    }

    /** All of an index, manifest or configuration. */
    byte[] bytes(FileRegion content) {
        if (content.size() > JSON_LIMIT) throw ArchiveErrors.because(path, "its JSON is over 4 MiB");
        try {
            return content.bytes();
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path, e);
        }
    }

    JsonNode json(String name, byte[] bytes) {
        try {
            return Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw ArchiveErrors.damaged(path, name + " is not JSON").causedBy(e);
        }
    }

    /** The plain form of a name, without {@code .} and doubled slashes; empty when it is absolute or climbs out. */
    private static Optional<String> inside(String name) {
        return inside("", name);
    }

    /** What a link in this folder points to; empty when that is outside of the archive. */
    private static Optional<String> inside(String folder, String target) {
        if (target.startsWith("/") || target.indexOf('\0') >= 0 || target.indexOf('\\') >= 0) return Optional.empty();
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + "/" + target).split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) parts.addLast(part);
            else if (parts.pollLast() == null) return Optional.empty();
        }
        return Optional.of(String.join("/", parts));
    }

    private static String folderOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /**
     * An OCI layout as a folder. Links are followed, since build tools make layouts of links and every blob is
     * verified.
     */
    private static final class InFolder extends ArchiveFiles {
        InFolder(Path path) {
            super(path);
        }

        @Override
        Optional<FileRegion> find(String name) {
            if (inside(name).filter(name::equals).isEmpty()) throw ArchiveErrors.escapes(path(), name);
            Path file = path().resolve(name);
            if (!Files.isRegularFile(file)) return Optional.empty();
            try {
                return Optional.of(new FileRegion(file, 0, Files.size(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** An uncompressed tar, indexed once and then read by offset: nothing of it is unpacked. */
    private static final class InTar extends ArchiveFiles {
        /** {@code docker save} makes links of one step; more than a few are a loop. */
        private static final int LINK_STEPS = 8;

        private final Map<String, FileRegion> files = new HashMap<>();
        private final Map<String, String> links = new HashMap<>();

        private InTar(Path path) {
            super(path);
        }

        static InTar index(Path path) throws IOException {
            refusePacked(path);
            InTar found = new InTar(path);
            long length = Files.size(path);
            try (TarFile tar = new TarFile(path)) {
                for (TarArchiveEntry entry : tar.getEntries()) found.add(entry, length);
            } catch (IOException | IllegalArgumentException e) {
                String reason = String.valueOf(e.getMessage());
                if (reason.toLowerCase(Locale.ROOT).contains("truncated"))
                    throw ArchiveErrors.truncated(path, "the tar ends early").causedBy(e);
                throw ArchiveErrors.because(path, "it is not a tar").causedBy(e);
            }
            if (found.files.isEmpty()) throw ArchiveErrors.because(path, "it is empty or not a tar");
            return found;
        }

        private static void refusePacked(Path path) throws IOException {
            byte[] head;
            try (InputStream in = Files.newInputStream(path)) {
                head = in.readNBytes(4);
            }
            if (startsWith(head, 0x1F, 0x8B)) throw ArchiveErrors.packed(path, "gzip", "gunzip -k");
            if (startsWith(head, 0x28, 0xB5, 0x2F, 0xFD)) throw ArchiveErrors.packed(path, "zstd", "zstd -d");
            if (startsWith(head, 0xFD, '7', 'z', 'X')) throw ArchiveErrors.packed(path, "xz", "unxz -k");
            if (startsWith(head, 'B', 'Z', 'h')) throw ArchiveErrors.packed(path, "bzip2", "bunzip2 -k");
        }

        private static boolean startsWith(byte[] head, int... magic) {
            if (head.length < magic.length) return false;
            for (int i = 0; i < magic.length; i++) if ((head[i] & 0xFF) != magic[i]) return false;
            return true;
        }

        private void add(TarArchiveEntry entry, long length) {
            String name = inside(entry.getName()).orElseThrow(() -> ArchiveErrors.escapes(path(), entry.getName()));
            if (entry.isSymbolicLink() || entry.isLink()) {
                String folder = entry.isSymbolicLink() ? folderOf(name) : "";
                String target = inside(folder, entry.getLinkName())
                        .orElseThrow(() -> ArchiveErrors.escapes(path(), name + " -> " + entry.getLinkName()));
                files.remove(name);
                links.put(name, target);
            } else if (entry.isFile()) {
                if (entry.isSparse()) throw ArchiveErrors.because(path(), "'" + name + "' is sparse");
                if (entry.getDataOffset() + entry.getSize() > length)
                    throw ArchiveErrors.truncated(path(), "'" + name + "' ends early");
                links.remove(name);
                files.put(name, new FileRegion(path(), entry.getDataOffset(), entry.getSize()));
            }
        }

        @Override
        Optional<FileRegion> find(String name) {
            String place = inside(name).orElseThrow(() -> ArchiveErrors.escapes(path(), name));
            for (int step = 0; step < LINK_STEPS && links.containsKey(place); step++) place = links.get(place);
            return Optional.ofNullable(files.get(place));
        }
    }

    /** A run of bytes inside a file, read where it lies. Offset and size in bytes. */
    record FileRegion(Path file, long offset, long size) {

        /** Ends early, without an error, where the file has become shorter. An interrupt closes it. */
        InputStream open() throws IOException {
            return new Reader(FileChannel.open(file, StandardOpenOption.READ), offset, offset + size);
        }

        /** All of it, for regions that are known to be small. */
        byte[] bytes() throws IOException {
            try (InputStream in = open()) {
                byte[] all = in.readNBytes(Math.toIntExact(size));
                if (all.length < size) throw new EOFException("the file ends early");
                return all;
            }
        }

        private static final class Reader extends InputStream {
            private final FileChannel channel;
            private final long end;
            private long position;

            Reader(FileChannel channel, long start, long end) {
                this.channel = channel;
                this.position = start;
                this.end = end;
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int from, int count) throws IOException {
                if (count == 0) return 0;
                int wanted = (int) Math.min(count, end - position);
                if (wanted <= 0) return -1;
                int got = channel.read(ByteBuffer.wrap(target, from, wanted), position);
                if (got > 0) position += got;
                return got;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }
}
