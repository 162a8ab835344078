//SOURCES ArchiveErrors.java
//SOURCES ArchiveFiles.java
package lib.registry;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of a plain tar, indexed once and then read by offset: nothing of it is unpacked.
 *
 * <p>The headers are read here, since commons-compress reads names and extended headers of any length into memory, and
 * a sparse file of 4 kB can hold one of 3 GB. Sources: POSIX, pax interchange and ustar; GNU tar manual, basic format.
 */
final class TarFiles extends ArchiveFiles {
    /** Large bundles of images hold some ten thousand files and folders. */
    private static final int ENTRY_LIMIT = 100_000;
    /** Bytes of one name or extended header. Linux knows paths of 4 KiB and attributes of 64. */
    private static final int EXTENSION_LIMIT = 1 << 20;
    /** Bytes of all names and extended headers, since an index must not fill the memory. */
    private static final long NAMES_LIMIT = 32 << 20;
    /** {@code docker save} makes links of one step; more than a few are a loop. */
    private static final int LINK_STEPS = 8;

    static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int SPARSE_GOES_ON = 482;
    private static final int SPARSE_GOES_ON_AGAIN = 504;

    private final Path file;
    private final long length;
    private final Map<String, FileRegion> files = new HashMap<>();
    private final Map<String, Link> links = new HashMap<>();
    private final Set<String> sparse = new HashSet<>();
    private Map<String, String> extended = new HashMap<>();
    private long position;
    private int entries;
    private long names;

    /** @param folder where the target starts: a hard link's at the archive's root, a symbolic one's beside the link */
    private record Link(String folder, String target) {}

    private TarFiles(Path archive, Path file, long length) {
        super(archive);
        this.file = file;
        this.length = length;
    }

    /**
     * Reads all headers.
     *
     * @param archive what the user calls it
     * @param file where it lies
     * @throws lib.Failure when it is no tar, a truncated one, or one with a path out of itself
     */
    static TarFiles index(Path archive, Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            TarFiles tar = new TarFiles(archive, file, in.size());
            tar.read(in);
            if (tar.files.isEmpty()) throw ArchiveErrors.because(archive, "it is empty or not a tar");
            return tar;
        }
    }

    /** Whether a tar can begin with these bytes. */
    static boolean isHeader(byte[] block) {
        if (block.length != BLOCK) return false;
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte each = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
            unsigned += each & 0xFF;
            signed += each;
        }
        long sum = octal(block, CHECKSUM, 8);
        return sum == unsigned || sum == signed;
    }

    private void read(FileChannel in) throws IOException {
        int blank = 0;
        // Two blank blocks are the end; some writers leave them out.
        while (blank < 2 && position < length) {
            byte[] header = bytes(in, position, (int) Math.min(BLOCK, length - position));
            boolean empty = Arrays.equals(header, new byte[header.length]);
            blank = empty ? blank + 1 : 0;
            if (!empty) add(header, in);
            else position += BLOCK;
        }
        if (!extended.isEmpty()) throw ArchiveErrors.truncated(path(), "the tar ends early");
    }

    private void add(byte[] header, FileChannel in) throws IOException {
        if (!isHeader(header)) {
            if (position == 0) throw ArchiveErrors.noTar(path(), header);
            if (header.length < BLOCK) throw ArchiveErrors.truncated(path(), "the tar ends early");
            throw ArchiveErrors.damaged(path(), "the tar has no header at byte " + position);
        }
        char type = (char) header[TYPE];
        long size = hasContent(type) ? size(header) : 0;
        long start = position + BLOCK;
        if (type == 'S') start = behindSparseMap(header, in, start);
        if (size < 0) throw ArchiveErrors.damaged(path(), "'" + name(header) + "' has no size");
        if (size > length - start) throw ArchiveErrors.truncated(path(), "'" + name(header) + "' ends early");
        position = start + (size + BLOCK - 1) / BLOCK * BLOCK;
        switch (type) {
            case 'L' -> extended.put("path", text(extension(in, start, size)));
            case 'K' -> extended.put("linkpath", text(extension(in, start, size)));
            case 'x', 'X' -> readRecords(extension(in, start, size));
            case 'g' -> {} // Defaults for all that follows, of which names and sizes are none.
            default -> {
                put(type, header, start, size);
                extended = new HashMap<>();
            }
        }
    }

    private void put(char type, byte[] header, long start, long size) {
        String written = name(header);
        String name = inside("", fromRoot(written)).orElseThrow(() -> ArchiveErrors.escapes(path(), written));
        String target = extended.getOrDefault("linkpath", text(field(header, 157, 100)));
        count((long) name.length() + target.length());
        if (++entries > ENTRY_LIMIT) throw ArchiveErrors.because(path(), "it holds over " + ENTRY_LIMIT + " files");
        files.remove(name);
        links.remove(name);
        sparse.remove(name);
        boolean hasHoles = type == 'S' || extended.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"));
        if (type == '1') links.put(name, new Link("", fromRoot(target)));
        else if (type == '2') links.put(name, new Link(folderOf(name), target));
        else if (hasHoles) sparse.add(name);
        else if (isFile(type) && !written.endsWith("/")) files.put(name, new FileRegion(path(), file, start, size));
    }

    /** Of a file's name, or that of the file which a hard link is: their root is the archive's own. */
    private static String fromRoot(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private void count(long bytes) {
        names += bytes;
        if (names > NAMES_LIMIT) throw ArchiveErrors.because(path(), "its names take over 32 MiB");
    }

    private static boolean isFile(char type) {
        return type == '0' || type == '\0' || type == '7';
    }

    /** Links, devices, folders and pipes are their header alone, whatever size it names. */
    private static boolean hasContent(char type) {
        return type < '1' || type > '6';
    }

    private String name(byte[] header) {
        if (extended.containsKey("GNU.sparse.name")) return extended.get("GNU.sparse.name");
        if (extended.containsKey("path")) return extended.get("path");
        // GNU tar's own format has a blank behind the word, and other fields where the prefix is.
        String prefix = text(field(header, MAGIC, 6)).equals("ustar") ? text(field(header, PREFIX, 155)) : "";
        return (prefix.isEmpty() ? "" : prefix + "/") + text(field(header, 0, 100));
    }

    private long size(byte[] header) {
        String known = extended.getOrDefault("size", "");
        if (known.matches("[0-9]{1,18}")) return Long.parseLong(known);
        // GNU tar writes what octal digits can't as a binary number behind a set bit.
        if (header[124] >= 0) return octal(header, 124, 12);
        long value = header[124] & 0x7F;
        for (int i = 125; i < 136 && value >= 0; i++) value = value >> 55 != 0 ? -1 : value << 8 | header[i] & 0xFF;
        return value;
    }

    /** @return −1 when it is no number */
    private static long octal(byte[] header, int from, int size) {
        int end = from + size;
        while (from < end && header[from] == ' ') from++;
        while (from < end && (header[end - 1] == 0 || header[end - 1] == ' ')) end--;
        long value = 0;
        for (int i = from; i < end; i++) {
            if (header[i] < '0' || header[i] > '7') return -1;
            value = value << 3 | header[i] - '0';
        }
        return value;
    }

    /** The old GNU format says where the holes are in blocks before the content. */
    private long behindSparseMap(byte[] header, FileChannel in, long start) throws IOException {
        boolean more = header[SPARSE_GOES_ON] == 1;
        while (more && start + BLOCK <= length) {
            more = bytes(in, start, BLOCK)[SPARSE_GOES_ON_AGAIN] == 1;
            start += BLOCK;
        }
        return start;
    }

    private byte[] extension(FileChannel in, long start, long size) throws IOException {
        if (size > EXTENSION_LIMIT)
            throw ArchiveErrors.because(path(), "it has a name or an extended header of " + size + " bytes");
        count(size);
        return bytes(in, start, (int) size);
    }

    /** Records of {@code "LENGTH KEY=VALUE\n"}. */
    private void readRecords(byte[] all) {
        int from = 0;
        while (from < all.length && all[from] != 0) {
            int space = from;
            while (space < all.length && all[space] >= '0' && all[space] <= '9') space++;
            String digits = new String(all, from, space - from, StandardCharsets.US_ASCII);
            int end = digits.matches("[0-9]{1,7}") ? from + Integer.parseInt(digits) : -1;
            if (end <= space || end > all.length || all[space] != ' ' || all[end - 1] != '\n')
                throw ArchiveErrors.damaged(path(), "the tar has an invalid extended header");
            String record = new String(all, space + 1, end - 1 - (space + 1), StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals > 0) extended.put(record.substring(0, equals), record.substring(equals + 1));
            from = end;
        }
    }

    private static byte[] bytes(FileChannel in, long from, int size) throws IOException {
        ByteBuffer read = ByteBuffer.allocate(size);
        while (read.hasRemaining())
            if (in.read(read, from + read.position()) < 0) throw new EOFException("the file ends early");
        return read.array();
    }

    private static byte[] field(byte[] header, int from, int size) {
        return Arrays.copyOfRange(header, from, from + size);
    }

    /** What is before the first NUL. */
    private static String text(byte[] field) {
        int end = 0;
        while (end < field.length && field[end] != 0) end++;
        return new String(field, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    Stream<String> names() {
        return files.keySet().stream();
    }

    @Override
    Optional<FileRegion> find(String name) {
        String place = inside("", name).orElseThrow(() -> ArchiveErrors.escapes(path(), name));
        for (int step = 0; step <= LINK_STEPS; step++) {
            if (sparse.contains(place)) throw ArchiveErrors.because(path(), "'" + place + "' is sparse");
            if (files.containsKey(place)) return Optional.of(files.get(place));
            Optional<String> next = followed(place);
            if (next.isEmpty()) return Optional.empty();
            place = next.get();
        }
        return Optional.empty();
    }

    /** Where the link leads that this name is, or goes through. */
    private Optional<String> followed(String place) {
        for (int end = place.length(); end > 0; end = place.lastIndexOf('/', end - 1)) {
            String name = place.substring(0, end);
            Link link = links.get(name);
            if (link != null)
                return Optional.of(inside(link.folder(), link.target())
                        .map(target -> target + place.substring(name.length()))
                        .orElseThrow(() -> ArchiveErrors.escapes(path(), name + " -> " + link.target())));
        }
        return Optional.empty();
    }
}
