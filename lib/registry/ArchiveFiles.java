//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ArchiveErrors.java
//SOURCES ImagePush.java
//SOURCES TarFiles.java
package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.ImageReference.Digest;
import lib.Json;
import lib.registry.ImagePush.Compression;

/** The named files of an image archive, read where they lie: in a tar, or in a folder. */
abstract sealed class ArchiveFiles permits TarFiles, ArchiveFiles.InFolder {
    /** Bytes. Registries take manifests of up to 4 MiB. Source: OCI distribution specification, pushing manifests. */
    private static final int JSON_LIMIT = 4 << 20;
    /** Bytes of all the JSON that is read of one archive: of an image it is some 20 kB, and a bundle holds hundreds. */
    private static final long WORK_LIMIT = 32 << 20;
    /** How many times its own size a gzip may unpack to, since images shrink tenfold at most and a bomb thousandfold. */
    private static final int UNPACKED_RATIO = 200;
    /** Bytes that any gzip may unpack to, since a disk has that much and a small one may hold a file of zeros. */
    private static final long UNPACKED_LIMIT = 1 << 30;

    private static final int BUFFER = 1 << 16;

    private final Path path;
    private long read;

    ArchiveFiles(Path path) {
        this.path = path;
    }

    /**
     * Opens a folder, a tar, or a gzip'd tar, which is unpacked into a private file that goes when this process ends.
     *
     * @param temporary the folder for that file
     */
    static ArchiveFiles open(Path path, Path temporary) throws IOException {
        if (!Files.exists(path)) throw path.endsWith("-") ? ArchiveErrors.pipe(path) : ArchiveErrors.missing(path);
        if (Files.isDirectory(path)) return new InFolder(path);
        if (!Files.isRegularFile(path)) throw ArchiveErrors.pipe(path);
        FileRegion whole = new FileRegion(path, path, 0, Files.size(path));
        Optional<Packing> packing = Packing.of(whole);
        if (packing.isEmpty()) return TarFiles.index(path, path);
        if (packing.get() != Packing.GZIP) throw ArchiveErrors.packed(path, packing.get());
        return unpacked(whole, temporary);
    }

    private static ArchiveFiles unpacked(FileRegion packed, Path temporary) throws IOException {
        Path file;
        try {
            file = Files.createTempFile(temporary, "image-archive", ".tar");
        } catch (IOException e) {
            throw ArchiveErrors.notUnpacked(packed.archive(), temporary, e);
        }
        file.toFile().deleteOnExit();
        try {
            unpack(packed, file);
            return TarFiles.index(packed.archive(), file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static void unpack(FileRegion packed, Path file) throws ClosedByInterruptException {
        try (InputStream in = new GZIPInputStream(packed.open(), BUFFER);
                OutputStream out = Files.newOutputStream(file)) {
            copy(in, out, packed);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ZipException | EOFException e) {
            throw ArchiveErrors.truncated(packed.archive(), "it is not a whole gzip")
                    .causedBy(e);
        } catch (IOException e) {
            throw ArchiveErrors.notUnpacked(packed.archive(), file.getParent(), e);
        }
    }

    private static void copy(InputStream in, OutputStream out, FileRegion packed) throws IOException {
        byte[] head = in.readNBytes(TarFiles.BLOCK);
        if (!TarFiles.isHeader(head)) throw ArchiveErrors.because(packed.archive(), "it is gzip'd, but holds no tar");
        out.write(head);
        long left = Math.max(UNPACKED_LIMIT, UNPACKED_RATIO * packed.size());
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            left -= n;
            if (left < 0)
                throw ArchiveErrors.because(
                        packed.archive(), "it unpacks to more than " + UNPACKED_RATIO + " times its size");
            out.write(buffer, 0, n);
        }
    }

    /** The archive as the user named it. */
    Path path() {
        return path;
    }

    /** @param name a path inside the archive, with {@code /} */
    abstract Optional<FileRegion> find(String name);

    /** The names of its files, of a folder those near its top. */
    abstract Stream<String> names();

    /** Where an OCI image layout keeps a blob. */
    Optional<FileRegion> blob(Digest digest) {
        return find("blobs/" + digest.algorithm() + "/" + digest.hex());
    }

    /** Reads a blob of JSON, checked against its digest. */
    JsonNode json(Digest blob) {
        return parsed("blob " + blob, bytes(blob));
    }

    /** The bytes of a blob of JSON, checked against its digest. */
    byte[] bytes(Digest blob) {
        FileRegion content =
                blob(blob).orElseThrow(() -> ArchiveErrors.truncated(path, "blob " + blob + " is missing"));
        byte[] bytes = bytes(content);
        if (!Digest.of(blob.algorithm(), bytes).equals(blob))
            throw ArchiveErrors.damaged(path, "blob " + blob + " has another content");
        return bytes;
    }

    /** Reads all of an index, manifest or configuration. */
    byte[] bytes(FileRegion content) {
        if (content.size() > JSON_LIMIT) throw ArchiveErrors.because(path, "its JSON is over 4 MiB");
        read += content.size();
        if (isExhausted()) throw ArchiveErrors.because(path, "it describes its images in over 32 MiB of JSON");
        try {
            return content.bytes();
        } catch (ClosedByInterruptException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw ArchiveErrors.unreadable(path, e);
        }
    }

    /** Whether so much was read that nothing more will be. */
    boolean isExhausted() {
        return read > WORK_LIMIT;
    }

    JsonNode parsed(String name, byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            return Json.parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (JsonProcessingException e) {
            throw ArchiveErrors.damaged(path, name + " is not JSON").causedBy(e);
        }
    }

    /**
     * The plain form of what a name or a link in this folder means, in which tools on Windows write backslashes; empty
     * when that is outside of the archive.
     */
    static Optional<String> inside(String folder, String target) {
        if (target.startsWith("/") || target.indexOf('\0') >= 0) return Optional.empty();
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + "/" + target).split("[/\\\\]")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) parts.addLast(part);
            else if (parts.pollLast() == null) return Optional.empty();
        }
        return Optional.of(String.join("/", parts));
    }

    static String folderOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    /**
     * A folder's own files. Links are followed, since build tools make layouts of links and every blob is verified.
     */
    static final class InFolder extends ArchiveFiles {
        InFolder(Path path) {
            super(path);
        }

        @Override
        Stream<String> names() {
            try (Stream<Path> files = Files.find(path(), 2, (file, attributes) -> attributes.isRegularFile())) {
                return files.map(file -> path().relativize(file).toString()).toList().stream();
            } catch (IOException | UncheckedIOException e) {
                return Stream.empty();
            }
        }

        @Override
        Optional<FileRegion> find(String name) {
            String place = inside("", name).orElseThrow(() -> ArchiveErrors.escapes(path(), name));
            try {
                Path file = path().resolve(place);
                return Files.isRegularFile(file)
                        ? Optional.of(new FileRegion(path(), file, 0, Files.size(file)))
                        : Optional.empty();
            } catch (InvalidPathException e) {
                return Optional.empty();
            } catch (IOException e) {
                throw ArchiveErrors.unreadable(path(), e);
            }
        }
    }

    /** How a file is compressed, by its first bytes. */
    enum Packing {
        GZIP("gzip -dc", 0x1F, 0x8B),
        ZSTD("zstd -dc", 0x28, 0xB5, 0x2F, 0xFD),
        XZ("xz -dc", 0xFD, '7', 'z', 'X'),
        BZIP2("bzip2 -dc", 'B', 'Z', 'h'),
        LZ4("lz4 -dc", 0x04, 0x22, 0x4D, 0x18),
        ZIP("unzip -p", 'P', 'K', 3, 4);

        /** Writes the content of the file behind it to stdout. */
        final String command;

        private final int[] magic;

        Packing(String command, int... magic) {
            this.command = command;
            this.magic = magic;
        }

        static Optional<Packing> of(FileRegion content) throws IOException {
            byte[] head;
            try (InputStream in = content.open()) {
                head = in.readNBytes(4);
            }
            return Stream.of(values()).filter(packing -> packing.isOf(head)).findFirst();
        }

        /** The one of these that layers are packed with. */
        Optional<Compression> compression() {
            return switch (this) {
                case GZIP -> Optional.of(Compression.GZIP);
                case ZSTD -> Optional.of(Compression.ZSTD);
                case XZ, BZIP2, LZ4, ZIP -> Optional.empty();
            };
        }

        private boolean isOf(byte[] head) {
            if (head.length < magic.length) return false;
            for (int i = 0; i < magic.length; i++) if ((head[i] & 0xFF) != magic[i]) return false;
            return true;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A run of bytes inside a file, read where it lies. Offset and size in bytes.
     *
     * @param archive what the user calls the archive that it belongs to
     */
    record FileRegion(Path archive, Path file, long offset, long size) {

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

            /** GZIPInputStream looks for another member only where there is something (JDK-7036144). */
            @Override
            public int available() {
                return (int) Math.min(Integer.MAX_VALUE, end - position);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }
}
