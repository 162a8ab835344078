package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --archive} may name: files, folders, and what is neither. */
class ArchiveFilesTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.layer("one", 5000));
    private static final byte[] TAR = SampleImage.tar(IMAGE.dockerSave());

    @TempDir
    Path folder;

    private Path temporary;

    @BeforeEach
    void makeTemporaryFolder() throws IOException {
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    /** Nix leaves a link to a gzip in a folder that nobody writes to. */
    @Test
    void aGzipIsReadThroughALinkIntoAReadOnlyFolder() throws Exception {
        Path store = Files.createDirectory(folder.resolve("store"));
        Files.write(store.resolve("image.tar.gz"), SampleImage.gzip(TAR));
        Path result = Files.createSymbolicLink(folder.resolve("result"), store.resolve("image.tar.gz"));
        assertTrue(store.toFile().setReadOnly());
        try {
            assertIsTheImage(result);
        } finally {
            assertTrue(store.toFile().setWritable(true));
        }
        List<Path> unpacked = unpacked();
        assertEquals(1, unpacked.size());
        assertEquals("rw-------", permissions(unpacked.get(0)));
        assertEquals(Digest.of(TAR), Digest.of(Files.readAllBytes(unpacked.get(0))));
    }

    @Test
    void aGzipOfSeveralMembersOrWithPaddingIsReadWhole() throws Exception {
        byte[] start = SampleImage.gzip(Arrays.copyOf(TAR, 700));
        byte[] end = SampleImage.gzip(Arrays.copyOfRange(TAR, 700, TAR.length));
        assertIsTheImage(file(SampleImage.joined(start, end)));
        assertIsTheImage(file(SampleImage.joined(SampleImage.gzip(TAR), new byte[2000])));
    }

    @Test
    void aGzipThatCannotBeReadLeavesNothingUnpacked() throws Exception {
        byte[] packed = SampleImage.gzip(TAR);
        refused(file(Arrays.copyOf(packed, packed.length - 20)), "is truncated: it is not a whole gzip");
        byte[] damaged = packed.clone();
        damaged[packed.length / 2] ^= 0x55;
        refused(file(damaged), "is ");
        refused(file(SampleImage.gzip(SampleImage.bytes("hello"))), "holds no tar");
        refused(file(SampleImage.gzip(packed)), "holds no tar");
        assertEquals(List.of(), unpacked());
    }

    @Test
    void anInterruptEndsTheUnpackingAndLeavesNothing() throws Exception {
        Path file = file(SampleImage.gzip(TAR));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> open(file));
        assertEquals(List.of(), unpacked());
    }

    /** 1.2 GB of zeros in 1.2 MB. */
    @Test
    void aGzipThatUnpacksToFarMoreThanAnImageIsRefused() throws Exception {
        byte[] zeros = SampleImage.gzip(new byte[64 << 20]);
        byte[] many = SampleImage.joined(Collections.nCopies(20, zeros).toArray(byte[][]::new));
        refused(file(SampleImage.joined(SampleImage.gzip(TAR), many)), "it unpacks to more than 200 times its size");
        assertEquals(List.of(), unpacked());
    }

    @Test
    void whereNothingCanBeUnpackedTheCommandThatCanIsNamed() throws Exception {
        Path file = file(SampleImage.gzip(TAR));
        Files.delete(temporary);
        Failure failure = refused(file, "can't be unpacked into '" + temporary + "'");
        assertTrue(failure.hint().contains("gzip -dc '" + file + "' > image.tar"), failure.hint());
    }

    @ParameterizedTest
    @CsvSource({
        "28b52ffd, zstd -dc",
        "fd377a585a00, xz -dc",
        "425a6839, bzip2 -dc",
        "04224d18, lz4 -dc",
        "504b0304, unzip -p"
    })
    void saysHowToUnpackWhatIsPackedOtherwise(String magic, String command) throws Exception {
        Path file = Files.write(folder.resolve("it's.tar"), HexFormat.of().parseHex(magic));
        String quoted = "'" + file.toString().replace("'", "'\\''") + "'";
        Failure failure = refused(file, "is packed with " + command.replaceAll("^un| .*", ""));
        assertEquals("Unpack it first: " + command + " " + quoted + " > image.tar", failure.hint());
    }

    @Test
    void textThatPowerShellMadeOfAnArchiveIsKnown() throws Exception {
        refused(file("\uFEFFmanifest".repeat(100).getBytes(StandardCharsets.UTF_16LE)), "UTF-16");
    }

    @Test
    void whatStandsForAnArchiveThatDidNotComeIsKnown() throws Exception {
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        assertEquals(
                "Fetch the file itself: git lfs pull",
                refused(file(SampleImage.bytes(pointer)), "pointer").hint());
        refused(file(SampleImage.bytes("<!DOCTYPE html><title>Sign in</title>")), "it is a web page");
        Failure stdin = refused(folder.resolve("-"), "an archive is read more than once");
        assertTrue(stdin.hint().contains("Save it to a file first"), stdin.hint());
    }

    @Test
    void anImageThatLiesInAFolderOfTheArchiveIsNamedByThatFolder() throws Exception {
        Path inner = Files.createDirectories(folder.resolve("out/image"));
        Files.write(inner.resolve("manifest.json"), (byte[]) IMAGE.dockerSave().get("manifest.json"));
        Path tar = folder.resolve("image.tar");
        Command.of("tar", "-cf", tar.toString(), "-C", inner.getParent().toString(), "image")
                .run()
                .succeeded();
        Failure packed = refused(tar, "neither index.json nor manifest.json, but its folder 'image' has one");
        assertEquals("Name that folder with --archive, unpacked by: tar -xf '" + tar + "'", packed.hint());
        Failure failure = refused(inner.getParent(), "but its folder 'image' has one");
        assertEquals("Name that folder with --archive", failure.hint());
    }

    @Test
    void aPipeIsNotOpened() {
        Path pipe = folder.resolve("pipe");
        Command.of("mkfifo", pipe.toString()).run().succeeded();
        assertTimeout(Duration.ofSeconds(5), () -> {
            Failure failure = refused(pipe, "is a pipe or a device, and an archive is read more than once");
            assertTrue(failure.hint().contains("Save it to a file first"), failure.hint());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/zero", "/dev/null", "/dev/random"})
    void aDeviceIsNotRead(String device) {
        assumeTrue(Files.exists(Path.of(device)), device);
        assertTimeout(Duration.ofSeconds(5), () -> refused(Path.of(device), "is a pipe or a device"));
    }

    @Test
    void whatLiesInAFolderIsReadOnlyWhereItIsAFile() throws Exception {
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Command.of("mkfifo", layout.resolve("index.json").toString()).run().succeeded();
        Path endless = Files.createSymbolicLink(layout.resolve("manifest.json"), Path.of("/dev/zero"));
        assertTimeout(Duration.ofSeconds(5), () -> refused(layout, "has neither index.json nor manifest.json"));
        Files.delete(endless);
    }

    /** skopeo's and buildah's {@code dir:}. */
    @Test
    void theirFolderIsKnownByTheCommandThatMakesAnArchiveOfIt() throws Exception {
        Map<String, Object> members = Map.of(
                "version", SampleImage.bytes("Directory Transport Version: 1.1\n"),
                "manifest.json", SampleImage.bytes(Json.line(SampleLayout.manifest(Json.object()))));
        Path tar = SampleImage.write(folder.resolve("dir.tar"), members);
        Failure packed = refused(tar, "is a folder of skopeo's and buildah's dir: transport");
        assertTrue(packed.hint().contains("tar -xf '" + tar + "'"), packed.hint());
        Path made = Files.createDirectory(folder.resolve("dir"));
        for (Map.Entry<String, Object> member : members.entrySet())
            Files.write(made.resolve(member.getKey()), (byte[]) member.getValue());
        Failure failure = refused(made, "is a folder of skopeo's and buildah's dir: transport");
        assertEquals("Make an archive of it: skopeo copy dir:'" + made + "' oci-archive:image.tar", failure.hint());
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("archive"), content);
    }

    private List<Path> unpacked() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.toList();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void assertIsTheImage(Path file) throws Exception {
        assertEquals(Digest.of(IMAGE.config()), open(file).imageId());
    }

    private Failure refused(Path file, String because) {
        Failure failure = assertThrows(Failure.class, () -> open(file));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertTrue(failure.getMessage().contains(because), failure.getMessage());
        return failure;
    }

    private ImageArchive open(Path file) throws InterruptedException {
        return ImageArchive.open(file, Optional.empty(), Platform.Wanted.of(Optional.empty()), temporary);
    }
}
