package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tars in every dialect, as the {@code tar} of this machine and other tools write them. */
class TarFilesTest {
    private static final byte[] LAYER = SampleImage.layer("one", 5000);
    private static final byte[] MORE = SampleImage.layer("two", 700_000);
    private static final SampleImage IMAGE = SampleImage.of(LAYER, MORE, LAYER);
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    private Path files;

    /** The members as files, the links among them as links. */
    @BeforeEach
    void unpack() throws IOException {
        files = Files.createDirectory(folder.resolve("files"));
        unpack(IMAGE.dockerSave());
    }

    private void unpack(Map<String, Object> members) throws IOException {
        for (Map.Entry<String, Object> member : members.entrySet()) {
            Path file = files.resolve(member.getKey());
            Files.createDirectories(file.getParent());
            if (member.getValue() instanceof byte[] bytes) Files.write(file, bytes);
            else Files.createSymbolicLink(file, Path.of((String) member.getValue()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "pax"})
    void everyFormatOfTarIsRead(String format) throws Exception {
        assertIsTheImage(tar("--format=" + format, "."));
        assertIsTheImage(tar("--format=" + format, "--transform=s,^\\./,,", "."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "ustar", "pax"})
    void namesLongerThanAHeaderAreRead(String format) throws Exception {
        String deep = "d".repeat(80) + "/" + "e".repeat(60);
        Map<String, Object> members = new LinkedHashMap<>();
        IMAGE.dockerSave().forEach((name, content) -> {
            boolean manifest = name.equals("manifest.json");
            String text = manifest ? new String((byte[]) content, StandardCharsets.UTF_8) : "";
            members.put(
                    manifest ? name : deep + "/" + name,
                    manifest
                            ? SampleImage.bytes(text.replace("id", deep + "/id")
                                    .replace("\"Config\":\"", "\"Config\":\"" + deep + "/"))
                            : content);
        });
        unpack(members);
        for (String id : List.of("id0", "id1", "id2"))
            Files.delete(files.resolve(id).resolve("layer.tar"));
        assertIsTheImage(tar("--format=" + format, "."));
    }

    @Test
    void linksOfAllKindsAreFollowed() throws Exception {
        Files.createLink(files.resolve("id2/copy.tar"), files.resolve("id0/layer.tar"));
        Files.delete(files.resolve("id2/layer.tar"));
        Files.move(files.resolve("id2"), files.resolve("elsewhere"));
        Files.createSymbolicLink(files.resolve("elsewhere/layer.tar"), Path.of("copy.tar"));
        Files.createSymbolicLink(files.resolve("id2"), Path.of("./elsewhere"));
        assertIsTheImage(tar("."));
    }

    /** Of Nix, say, whose store is full of links that lead out. */
    @Test
    void aLinkThatNobodyFollowsMayLeadAnywhere() throws Exception {
        Files.createSymbolicLink(files.resolve("bin"), Path.of("/nix/store/bin"));
        assertIsTheImage(tar("."));
    }

    @Test
    void namesMayBeginAtTheRoot() throws Exception {
        Files.delete(files.resolve("id2/layer.tar"));
        Files.createLink(files.resolve("id2/layer.tar"), files.resolve("id0/layer.tar"));
        assertIsTheImage(tar("--absolute-names", "--transform=s,^\\.,,", "."));
    }

    @Test
    void namesMayHoldTheBackslashesOfWindows() throws Exception {
        assertIsTheImage(tar("--transform=s,/,\\\\,g", "."));
        String manifest = Files.readString(files.resolve("manifest.json"));
        Files.writeString(files.resolve("manifest.json"), manifest.replace("/layer", "\\\\layer"));
        assertIsTheImage(tar("."));
    }

    @Test
    void theEndMayBePaddedOrMissing() throws Exception {
        byte[] whole = Files.readAllBytes(tar("."));
        int end = whole.length;
        while (whole[end - 1] == 0) end--;
        int blocks = (end + BLOCK - 1) / BLOCK * BLOCK;
        for (int size : new int[] {end, blocks, blocks + BLOCK, blocks + BLOCK + 100, whole.length + 30_000})
            assertIsTheImage(Files.write(folder.resolve("a.tar"), Arrays.copyOf(whole, size)));
    }

    @Test
    void theLastOfSeveralFilesOfOneNameCounts() throws Exception {
        Path archive = tar(".");
        Files.write(files.resolve("id0/layer.tar"), MORE);
        Command.of("tar", "-rf", archive.toString(), "-C", files.toString(), "./id0/layer.tar")
                .run()
                .succeeded();
        Files.write(files.resolve("id0/layer.tar"), LAYER);
        Command.of("tar", "-rf", archive.toString(), "-C", files.toString(), "./id0/layer.tar")
                .run()
                .succeeded();
        assertIsTheImage(archive);
    }

    @Test
    void aFileWithHolesIsSaidToBeSparse() throws Exception {
        for (String format : List.of("--format=oldgnu", "--format=gnu", "--format=pax")) {
            Path layer = files.resolve("id1/layer.tar");
            try (RandomAccessFile holes = new RandomAccessFile(layer.toFile(), "rw")) {
                holes.setLength(0);
                for (int i = 1; i < 40; i++) {
                    holes.seek(i << 20);
                    holes.write(1);
                }
            }
            refused(tar("--sparse", format, "."), "'id1/layer.tar' is sparse");
            Files.delete(layer);
        }
    }

    @Test
    void aSparseFileThatNobodyNeedsDoesNoHarm() throws Exception {
        try (RandomAccessFile holes = new RandomAccessFile(files.resolve("aaa").toFile(), "rw")) {
            holes.setLength(40 << 20);
            holes.seek(20 << 20);
            holes.write(1);
        }
        for (String format : List.of("--format=oldgnu", "--format=gnu", "--format=pax"))
            assertIsTheImage(tar("--sparse", format, "--sort=name", "."));
    }

    /** Sparse on the disk: 4 kB that name 3 GB. */
    @ParameterizedTest
    @ValueSource(strings = {"L", "K", "x"})
    void aNameOfGigabytesIsRefusedAtOnce(String type) throws Exception {
        Path file = folder.resolve("a.tar");
        try (RandomAccessFile tar = new RandomAccessFile(file.toFile(), "rw")) {
            tar.write(header("././@LongLink", 3L << 30, type.charAt(0)));
            tar.setLength((3L << 30) + 10 * BLOCK);
        }
        assertTimeout(Duration.ofSeconds(5), () -> refused(file, "an extended header of 3221225472 bytes"));
    }

    @Test
    void moreNamesThanMemoryIsForAreRefused() throws Exception {
        Path file = folder.resolve("a.tar");
        try (RandomAccessFile tar = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 100; i++) {
                tar.write(header("././@LongLink", 1 << 20, 'L'));
                tar.write(SampleImage.bytes("name" + i + "/".repeat(9000)));
                tar.seek((long) (i + 1) * ((1 << 20) + 2 * BLOCK) - BLOCK);
                tar.write(header("x", 0, '0'));
            }
        }
        refused(file, "its names take over 32 MiB");
    }

    @Test
    void moreFilesThanAnArchiveHasAreRefused() throws Exception {
        ByteBuffer all = ByteBuffer.allocate(100_001 * BLOCK);
        while (all.hasRemaining()) all.put(header("f" + all.position(), 0, '0'));
        Path file = Files.write(folder.resolve("a.tar"), all.array());
        assertTimeout(Duration.ofSeconds(20), () -> refused(file, "over 100000 files"));
    }

    @Test
    void aHeaderThatMakesNoSenseIsSaidToBeDamaged() throws Exception {
        byte[] whole = Files.readAllBytes(tar("--format=pax", "."));
        byte[] noSize = whole.clone();
        System.arraycopy(header("x", -1, '0'), 0, noSize, 0, BLOCK);
        refused(Files.write(folder.resolve("a.tar"), noSize), "has no size");
        byte[] noHeader = whole.clone();
        int second = new String(whole, StandardCharsets.ISO_8859_1).indexOf("ustar", BLOCK) - 257;
        noHeader[second]++;
        refused(Files.write(folder.resolve("a.tar"), noHeader), "is damaged: the tar has no header at byte " + second);
    }

    @Test
    void sizesBeyondOctalDigitsAreRead() throws Exception {
        byte[] content = SampleImage.bytes("[]");
        byte[] header = header("manifest.json", 0, '0');
        Arrays.fill(header, 124, 136, (byte) 0);
        header[124] = (byte) 0x80;
        header[135] = (byte) content.length;
        Path file = Files.write(
                folder.resolve("a.tar"), SampleImage.joined(sealed(header), content, new byte[BLOCK - content.length]));
        refused(file, "names no image");
        header[130] = 1;
        refused(Files.write(file, SampleImage.joined(sealed(header), content)), "'manifest.json' ends early");
        header[124] = (byte) 0xFF;
        refused(Files.write(file, SampleImage.joined(sealed(header), content)), "'manifest.json' has no size");
    }

    /** @param size −1 for none */
    private static byte[] header(String name, long size, char type) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 124, size < 0 ? "nonsense" : String.format("%011o", size));
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        return sealed(header);
    }

    private static byte[] sealed(byte[] header) {
        seal(header, 0);
        return header;
    }

    /** Puts the checksum of the header right that begins there. */
    static void seal(byte[] tar, int header) {
        put(tar, header + 148, " ".repeat(8));
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) sum += tar[header + i] & 0xFF;
        put(tar, header + 148, String.format("%06o\0 ", sum));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = SampleImage.bytes(text);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private Path tar(String... options) {
        Path file = folder.resolve("a.tar");
        List<String> command = Stream.concat(
                        Stream.of("tar", "-cf", file.toString(), "-C", files.toString()), Stream.of(options))
                .toList();
        Command.of(command).run().succeeded();
        return file;
    }

    private static void assertIsTheImage(Path file) throws Exception {
        ImageArchive archive = SampleImage.open(file);
        assertEquals(Digest.of(IMAGE.config()), archive.imageId());
        List<Digest> layers = archive.layers().stream()
                .map(layer -> layer.content().orElseThrow())
                .map(TarFilesTest::digest)
                .toList();
        assertEquals(List.of(Digest.of(LAYER), Digest.of(MORE), Digest.of(LAYER)), layers);
    }

    private static Digest digest(ArchiveFiles.FileRegion content) {
        try {
            return Digest.of(content.bytes());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(Path file, String because) {
        Failure failure = assertThrows(Failure.class, () -> SampleImage.open(file));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertTrue(failure.getMessage().contains(because), failure.getMessage());
    }
}
