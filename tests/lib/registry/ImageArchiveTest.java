package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import lib.registry.ImageManifest.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageArchiveTest {
    private static final byte[] ONE = SampleImage.layer("one", 5000);
    private static final byte[] TWO = SampleImage.layer("two", 3000);
    private static final SampleImage IMAGE = SampleImage.of(ONE, TWO, ONE);

    @TempDir
    Path folder;

    @Test
    void readsTheFormatOfOldEnginesWithLinkedLayers() throws Exception {
        assertIsTheImage(open(IMAGE.dockerSave()));
    }

    @Test
    void readsAnOciLayoutAsATar() throws Exception {
        assertIsTheImage(open(SampleImage.ociLayout(IMAGE)));
    }

    @Test
    void readsAnOciLayoutAsAFolder() throws Exception {
        assertIsTheImage(SampleImage.open(unpacked(SampleImage.ociLayout(IMAGE))));
    }

    /** As Bazel's rules leave them. */
    @Test
    void readsALayoutOfLinks() throws Exception {
        Path made = unpacked(SampleImage.ociLayout(IMAGE));
        Path links = Files.createDirectories(folder.resolve("links/blobs"));
        Files.createSymbolicLink(links.resolve("sha256"), made.resolve("blobs/sha256"));
        Files.createSymbolicLink(folder.resolve("links/index.json"), made.resolve("index.json"));
        assertIsTheImage(SampleImage.open(links.getParent()));
    }

    @Test
    void readsLayersThatArePackedUnderTheNamesOfPlainOnes() throws Exception {
        Map<String, Object> members = IMAGE.dockerSave();
        members.replaceAll((name, content) ->
                name.endsWith("layer.tar") && content instanceof byte[] plain ? SampleImage.gzip(plain) : content);
        ImageArchive archive = open(members);
        assertEquals(Digest.of(SampleImage.gzip(ONE)), archive.layers().get(0).digest());
        assertEquals(Digest.of(IMAGE.config()), archive.imageId());
    }

    /** As Docker and Nix, Jib, kaniko and crane, Bazel, and skopeo call them. */
    @ParameterizedTest
    @CsvSource({
        "%s.json, %s/layer.tar, false",
        "config.json, %s.tar.gz, true",
        "sha256:%s, %s.tar.gz, true",
        "blobs/sha256/%s, blobs/sha256/%s, true",
        "%s.json, %s.tar, false"
    })
    void readsConfigurationAndLayersWhateverTheyAreCalled(String config, String layer, boolean packed)
            throws Exception {
        SampleImage image = SampleImage.of(ONE);
        byte[] content = packed ? SampleImage.gzip(ONE) : ONE;
        String configName = config.formatted(Digest.of(image.config()).hex());
        String layerName = layer.formatted(Digest.of(content).hex());
        String manifest = "[{\"Config\":\"%s\",\"RepoTags\":null,\"Layers\":[\"%s\"]}]";
        ImageArchive archive = open(Map.of(
                "manifest.json",
                SampleImage.bytes(manifest.formatted(configName, layerName)),
                configName,
                image.config(),
                layerName,
                content));
        assertEquals(Digest.of(image.config()), archive.imageId());
        assertEquals(Digest.of(content), archive.layers().get(0).digest());
    }

    /** RFC 1952; eStargz makes a member of each file. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5000})
    void readsAllMembersOfAPackedLayer(int count) throws Exception {
        byte[] plain = SampleImage.noise(1, 300_000);
        byte[] packed = new byte[0];
        int size = plain.length / count;
        for (int i = 0; i < count; i++) {
            byte[] part = Arrays.copyOfRange(plain, i * size, i == count - 1 ? plain.length : (i + 1) * size);
            packed = SampleImage.joined(packed, SampleImage.gzip(part));
        }
        assertReadsAs(plain, packed);
    }

    @Test
    void readsAPackedLayerWithPaddingBehindIt() throws Exception {
        assertReadsAs(ONE, SampleImage.joined(SampleImage.gzip(ONE), new byte[0], SampleImage.gzip(new byte[0])));
        assertReadsAs(ONE, SampleImage.joined(SampleImage.gzip(ONE), new byte[1000]));
    }

    private void assertReadsAs(byte[] plain, byte[] packed) throws Exception {
        Map<String, Object> members = SampleImage.of(plain).dockerSave();
        members.replaceAll((name, content) -> content == plain ? packed : content);
        Descriptor layer = open(members).layers().get(0).descriptor();
        assertEquals(Digest.of(packed), layer.digest());
        assertEquals(packed.length, layer.size());
    }

    @Test
    void leavesTheArchiveAsItIs() throws Exception {
        Path file = SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
        byte[] before = Files.readAllBytes(file);
        assertTrue(file.toFile().setReadOnly());
        SampleImage.open(file);
        assertEquals(Digest.of(before), Digest.of(Files.readAllBytes(file)));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void choosesAmongPlatformsAndNamesThemWhenNoneFits() throws Exception {
        SampleImage arm = SampleImage.on("arm64", TWO);
        Path file = SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(IMAGE, arm));
        assertEquals(Digest.of(IMAGE.config()), SampleImage.open(file).imageId());
        assertEquals(Digest.of(arm.config()), openFor("linux/aarch64", file).imageId());
        Failure failure = assertThrows(Failure.class, () -> openFor("linux/s390x", file));
        assertTrue(failure.getMessage().contains("linux/amd64, linux/arm64"), failure.getMessage());
        assertTrue(failure.hint().contains("--platform"), failure.hint());
    }

    @Test
    void refusesASingleImageForAnotherPlatformWithTheOptionThatAllowsIt() throws Exception {
        Path file = SampleImage.write(folder.resolve("a.tar"), SampleImage.ociLayout(SampleImage.on("arm64", TWO)));
        Failure failure = assertThrows(Failure.class, () -> SampleImage.open(file));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertTrue(failure.getMessage().contains("is for linux/arm64, and linux/amd64 is wanted"));
        assertTrue(failure.hint().contains("--platform linux/arm64"), failure.hint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"os\":\"linux\"}", "{\"os\":\"\",\"architecture\":\"\"}", "{\"os\":1}"})
    void anImageThatNamesNoPlatformGoesAsThePlatformThatIsAskedFor(String config) throws Exception {
        SampleImage bare = SampleImage.configured((ObjectNode) Json.parse(config), ONE);
        for (Map<String, Object> members : List.of(bare.dockerSave(), SampleImage.ociLayout(bare))) {
            Path file = SampleImage.write(folder.resolve("a.tar"), members);
            assertEquals(Optional.empty(), openFor("linux/amd64", file).platform());
            Failure failure = refused(file, "names no platform");
            assertEquals("Push it as linux/amd64 with --platform linux/amd64", failure.hint());
        }
    }

    @Test
    void anArchitectureMayBeSpelledAsUnameDoes() throws Exception {
        Path file = SampleImage.write(
                folder.resolve("a.tar"), SampleImage.on("x86_64", ONE).dockerSave());
        assertEquals(Optional.of(Platform.LINUX_AMD64), SampleImage.open(file).platform());
    }

    @Test
    void refusesSeveralImagesForOnePlatformByTheirTagsAndTakesTheOneThatIsNamed() throws Exception {
        SampleImage other = SampleImage.of(TWO);
        Map<String, Object> members = SampleImage.saved(Map.of("web:1", IMAGE, "worker:1", other));
        Path file = SampleImage.write(folder.resolve("a.tar"), members);
        Failure failure = refused(file, "holds several images for linux/amd64: ");
        assertTrue(
                failure.getMessage().contains("web:1") && failure.getMessage().contains("worker:1"));
        assertTrue(failure.hint().contains("IMAGE") && failure.hint().contains("--image"), failure.hint());
        for (String name : List.of("worker:1", "docker.io/library/worker:1", "localhost/worker:1"))
            assertEquals(Digest.of(other.config()), openNamed(name, file).imageId());
        assertTrue(assertThrows(Failure.class, () -> openNamed("worker", file))
                .getMessage()
                .contains("holds no image 'worker', but: "));
    }

    /** {@code docker save} since 25 writes both files, and the tags in whole only in the old one. */
    @Test
    void knowsTheTagsOfBothFiles() throws Exception {
        SampleImage other = SampleImage.of(TWO);
        Map<String, Object> members = SampleImage.saved(Map.of("web:1", IMAGE, "worker:1", other));
        members.putAll(SampleImage.ociLayout(IMAGE, other));
        Path file = SampleImage.write(folder.resolve("a.tar"), members);
        ImageArchive archive = openNamed("worker:1", file);
        assertEquals(Digest.of(other.config()), archive.imageId());
        assertEquals(ImageManifest.OCI, archive.manifest().mediaType());
    }

    /** So Docker 25.0.0 saved images by their ID, and the layers of all images. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"manifests\":null}", "{\"manifests\":[]}", "{}"})
    void anImageThatTheIndexLacksIsFoundInTheOtherFile(String index) throws Exception {
        Map<String, Object> members = IMAGE.dockerSave();
        members.put("index.json", SampleImage.bytes(index));
        assertIsTheImage(open(members));

        SampleLayout layerless = new SampleLayout();
        ObjectNode config = layerless.blob(SampleLayout.CONFIG, IMAGE.config());
        layerless.lists(layerless.blob(ImageManifest.OCI, SampleLayout.manifest(config)));
        members.putAll(layerless.members());
        assertIsTheImage(open(members));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"App\",\"icons\":[]}", "[1]", "{\"layers\":[]}", "[{}]"})
    void aManifestJsonOfSomethingElseIsNotTakenForAnImages(String other) throws Exception {
        Map<String, Object> members = SampleImage.ociLayout(IMAGE);
        members.put("manifest.json", SampleImage.bytes(other));
        assertIsTheImage(open(members));
        Path alone = SampleImage.write(folder.resolve("a.tar"), Map.of("manifest.json", SampleImage.bytes(other)));
        assertEquals(
                ErrorCode.CONFIG,
                assertThrows(Failure.class, () -> SampleImage.open(alone)).code());
    }

    @Test
    void refusesATruncatedArchiveWhereverItEnds() throws Exception {
        for (Map<String, Object> members : List.of(IMAGE.dockerSave(), SampleImage.ociLayout(IMAGE))) {
            byte[] whole = SampleImage.tar(members);
            for (int size = 100; size < whole.length - 11000; size += 700) {
                Path file = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, size));
                Failure failure = assertThrows(Failure.class, () -> SampleImage.open(file), "cut at " + size);
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
        refused(unpacked(named), "points outside of itself");
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

    @Test
    void saysHowALayerIsPackedThatTheFormatHasNoNameFor() throws Exception {
        byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0, 0, 0};
        Map<String, Object> members = SampleImage.of(ONE).dockerSave();
        members.replaceAll((name, content) -> content == ONE ? zstd : content);
        refused(SampleImage.write(folder.resolve("a.tar"), members), "packed with zstd");
    }

    private Path unpacked(Map<String, Object> members) throws Exception {
        Path made = Files.createTempDirectory(folder, "unpacked");
        for (Map.Entry<String, Object> member : members.entrySet()) {
            if (!(member.getValue() instanceof byte[] bytes)) continue;
            Path file = made.resolve(member.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
        return made;
    }

    private Failure refused(Path file, String because) {
        Failure failure = assertThrows(Failure.class, () -> SampleImage.open(file));
        assertEquals(ErrorCode.CONFIG, failure.code(), failure.getMessage());
        assertTrue(failure.getMessage().contains(because), failure.getMessage());
        assertTrue(!failure.hint().isEmpty());
        return failure;
    }

    private static void assertIsTheImage(ImageArchive archive) {
        assertEquals(Digest.of(IMAGE.config()), archive.imageId());
        assertEquals(Optional.of(Platform.LINUX_AMD64), archive.platform());
        assertEquals(3, archive.layerCount());
        assertEquals(ONE.length + TWO.length, archive.layerBytes());
    }

    private ImageArchive open(Map<String, Object> members) throws Exception {
        return SampleImage.open(SampleImage.write(folder.resolve("a.tar"), members));
    }

    private static ImageArchive openFor(String platform, Path file) throws InterruptedException {
        return SampleImage.open(file, Optional.empty(), Optional.of(platform));
    }

    private static ImageArchive openNamed(String name, Path file) throws InterruptedException {
        return SampleImage.open(file, Optional.of(name), Optional.empty());
    }
}
