package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** An uncompressed tar, indexed once and then read by offset: nothing of it is unpacked. */
final class TarStore implements Store {
    /** {@code docker save} makes links of one step; more than a few are a loop. */
    private static final int LINK_STEPS = 8;

    private final Path path;
    private final Map<String, Slice> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private TarStore(Path path) {
        this.path = path;
    }

    /** Reads all headers. Fails on what is no plain tar, on a truncated one and on one with a path out of itself. */
    static TarStore index(Path path) throws IOException {
        refusePacked(path);
        TarStore store = new TarStore(path);
        long length = Files.size(path);
        try (TarFile tar = new TarFile(path)) {
            for (TarArchiveEntry entry : tar.getEntries()) store.add(entry, length);
        } catch (IOException | IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            if (reason.toLowerCase(Locale.ROOT).contains("truncated"))
                throw NotAnImage.truncated(path, "the tar ends early").causedBy(e);
            throw NotAnImage.because(path, "it is not a tar").causedBy(e);
        }
        if (store.files.isEmpty()) throw NotAnImage.because(path, "it is empty or not a tar");
        return store;
    }

    private static void refusePacked(Path path) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(path)) {
            head = in.readNBytes(4);
        }
        if (startsWith(head, 0x1F, 0x8B)) throw NotAnImage.packed(path, "gzip", "gunzip -k");
        if (startsWith(head, 0x28, 0xB5, 0x2F, 0xFD)) throw NotAnImage.packed(path, "zstd", "zstd -d");
        if (startsWith(head, 0xFD, '7', 'z', 'X')) throw NotAnImage.packed(path, "xz", "unxz -k");
        if (startsWith(head, 'B', 'Z', 'h')) throw NotAnImage.packed(path, "bzip2", "bunzip2 -k");
    }

    private static boolean startsWith(byte[] head, int... magic) {
        if (head.length < magic.length) return false;
        for (int i = 0; i < magic.length; i++) if ((head[i] & 0xFF) != magic[i]) return false;
        return true;
    }

    private void add(TarArchiveEntry entry, long length) {
        String name = MemberName.of(entry.getName()).orElseThrow(() -> NotAnImage.escapes(path, entry.getName()));
        if (entry.isSymbolicLink() || entry.isLink()) {
            String folder = entry.isSymbolicLink() ? MemberName.folder(name) : "";
            String target = MemberName.resolve(folder, entry.getLinkName())
                    .orElseThrow(() -> NotAnImage.escapes(path, name + " -> " + entry.getLinkName()));
            files.remove(name);
            links.put(name, target);
        } else if (entry.isFile()) {
            if (entry.isSparse()) throw NotAnImage.because(path, "'" + name + "' is sparse");
            if (entry.getDataOffset() + entry.getSize() > length)
                throw NotAnImage.truncated(path, "'" + name + "' ends early");
            links.remove(name);
            files.put(name, new Slice(path, entry.getDataOffset(), entry.getSize()));
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public Optional<Slice> find(String name) {
        String place = MemberName.of(name).orElseThrow(() -> NotAnImage.escapes(path, name));
        for (int step = 0; step < LINK_STEPS && links.containsKey(place); step++) place = links.get(place);
        return Optional.ofNullable(files.get(place));
    }
}
