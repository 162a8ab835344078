package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import lib.Digest;
import lib.ErrorCode;
import lib.Failure;
import lib.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    private static final byte[] ONE = SampleImage.layer("one", 5000);
    private static final byte[] TWO = SampleImage.layer("two", 3000);
    private static final SampleImage IMAGE = SampleImage.of(ONE, TWO, ONE);

    @TempDir
    Path folder;

    @Test
    void readsTheFormatOfOldEnginesWithLinkedLayers() throws Exception {
        assertIsTheImage(open(SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave())));
    }

    @Test
    void readsAnOciLayoutAsATar() throws Exception {
        assertIsTheImage(open(SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(IMAGE))));
    }

    @Test
    void readsAnOciLayoutAsAFolder() throws Exception {
        for (Map.Entry<String, Object> member : SampleImage.ociLayout(IMAGE).entrySet()) {
            Path file = folder.resolve(member.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, (byte[]) member.getValue());
        }
        assertIsTheImage(open(folder));
    }

    @Test
    void readsLayersThatArePackedUnderTheNamesOfPlainOnes() throws Exception {
        Map<String, Object> members = IMAGE.dockerSave();
        members.replaceAll((name, content) ->
                name.endsWith("layer.tar") && content instanceof byte[] plain ? gzip(plain) : content);
        ImageArchive archive = open(SampleImage.write(folder.resolve("a.tar"), members));
        assertEquals(Digest.of(gzip(ONE)), archive.layers().get(0).digest());
        assertEquals(Digest.of(IMAGE.config()), archive.imageId());
    }

    @Test
    void leavesTheArchiveAsItIs() throws Exception {
        Path file = SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
        byte[] before = Files.readAllBytes(file);
        assertTrue(file.toFile().setReadOnly());
        open(file);
        assertEquals(Digest.of(before), Digest.of(Files.readAllBytes(file)));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void choosesAmongPlatformsAndNamesThemWhenNoneFits() throws Exception {
        SampleImage arm = SampleImage.on("arm64", TWO);
        Path file = SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(IMAGE, arm));
        assertEquals("linux/amd64", open(file).platform().toString());
        assertEquals(
                Digest.of(arm.config()),
                ImageArchive.open(file, Platform.parse("linux/arm64")).imageId());
        Failure failure = assertThrows(Failure.class, () -> ImageArchive.open(file, Platform.parse("linux/s390x")));
        assertTrue(failure.getMessage().contains("linux/amd64, linux/arm64"), failure.getMessage());
        assertTrue(failure.hint().contains("--platform"), failure.hint());
    }

    @Test
    void takesASingleImageWhateverItsPlatform() throws Exception {
        SampleImage arm = SampleImage.on("arm64", TWO);
        Path file = SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(arm));
        assertEquals("linux/arm64", open(file).platform().toString());
    }

    @Test
    void refusesSeveralImagesForOnePlatform() throws Exception {
        Path file = SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(IMAGE, SampleImage.of(TWO)));
        refused(file, "several images for linux/amd64");
    }

    @Test
    void refusesATruncatedArchiveWhereverItEnds() throws Exception {
        for (Map<String, Object> members : List.of(IMAGE.dockerSave(), SampleImage.ociLayout(IMAGE))) {
            byte[] whole = SampleImage.tar(members);
            for (int size = 100; size < whole.length - 11000; size += 700) {
                Path file = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, size));
                Failure failure = assertThrows(Failure.class, () -> open(file), "cut at " + size);
                assertEquals(ErrorCode.CONFIG, failure.code(), failure.getMessage());
            }
        }
    }

    @Test
    void refusesWhatIsNoImage() throws Exception {
        refused(Files.writeString(folder.resolve("text"), "hello\n".repeat(1000)), "is no image archive");
        refused(Files.write(folder.resolve("empty"), new byte[0]), "is no image archive");
        refused(Files.write(folder.resolve("zeros"), new byte[20000]), "is no image archive");
        refused(SampleImage.write(folder.resolve("other.tar"), Map.of("etc/passwd", ONE)), "neither index.json nor");
        refused(
                SampleImage.write(folder.resolve("html"), Map.of("index.json", SampleImage.bytes("<html>"))),
                "not JSON");
        refused(
                SampleImage.write(folder.resolve("none"), Map.of("index.json", SampleImage.bytes("{}"))),
                "names no image");
        refused(folder.resolve("absent.tar"), "does not exist");
        refused(Files.createDirectory(folder.resolve("bare")), "neither index.json nor");
    }

    @Test
    void saysHowToUnpackWhatIsPackedAsAWhole() throws Exception {
        Path file = Files.write(folder.resolve("a.tar.gz"), gzip(SampleImage.tar(IMAGE.dockerSave())));
        assertTrue(refused(file, "packed with gzip").hint().contains("gunzip -k '" + file + "'"));
    }

    @Test
    void refusesWhatPointsOutOfTheArchive() throws Exception {
        Map<String, Object> climbing = new LinkedHashMap<>(IMAGE.dockerSave());
        climbing.put("../../evil", ONE);
        refused(SampleImage.write(folder.resolve("name.tar"), climbing), "points outside of itself");
        Map<String, Object> linked = new LinkedHashMap<>(IMAGE.dockerSave());
        linked.put("id2/layer.tar", "../../../etc/passwd");
        refused(SampleImage.write(folder.resolve("link.tar"), linked), "points outside of itself");
        linked.put("id2/layer.tar", "/etc/passwd");
        refused(SampleImage.write(folder.resolve("absolute.tar"), linked), "points outside of itself");
        Map<String, Object> named = new LinkedHashMap<>(IMAGE.dockerSave());
        named.put("manifest.json", SampleImage.bytes("[{\"Config\":\"../../etc/passwd\",\"Layers\":[]}]"));
        refused(SampleImage.write(folder.resolve("named.tar"), named), "points outside of itself");
    }

    @Test
    void refusesLinksInACircle() throws Exception {
        Map<String, Object> circle = new LinkedHashMap<>(IMAGE.dockerSave());
        circle.put("id0/layer.tar", "../id2/layer.tar");
        refused(SampleImage.write(folder.resolve("a.tar"), circle), "is missing");
    }

    @Test
    void refusesAConfigurationThatIsNotItsName() throws Exception {
        Map<String, Object> members = new LinkedHashMap<>(IMAGE.dockerSave());
        members.put(
                Digest.of(IMAGE.config()).hex() + ".json",
                SampleImage.on("arm64", ONE, TWO, ONE).config());
        refused(SampleImage.write(folder.resolve("a.tar"), members), "has another content");
    }

    private Failure refused(Path file, String because) {
        Failure failure = assertThrows(Failure.class, () -> open(file));
        assertEquals(ErrorCode.CONFIG, failure.code(), failure.getMessage());
        assertTrue(failure.getMessage().contains(because), failure.getMessage());
        assertTrue(!failure.hint().isEmpty());
        return failure;
    }

    private static void assertIsTheImage(ImageArchive archive) {
        assertEquals(Digest.of(IMAGE.config()), archive.imageId());
        assertEquals(Platform.LINUX_AMD64, archive.platform());
        assertEquals(3, archive.layerCount());
        assertEquals(ONE.length + TWO.length, archive.layerBytes());
    }

    private static ImageArchive open(Path file) throws InterruptedException {
        return ImageArchive.open(file, Platform.LINUX_AMD64);
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }
}
