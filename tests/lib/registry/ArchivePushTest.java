package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Secret;
import lib.Secret.Credential;
import lib.registry.ImagePush.Compression;
import lib.registry.ImagePush.LayerCache;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Debian's docker-registry. */
class ArchivePushTest {
    private static final byte[] LARGE = SampleImage.layer("large", 3 << 20);
    private static final byte[] NOISE = SampleImage.noise(1, 1 << 20);
    private static final SampleImage IMAGE = SampleImage.of(LARGE, NOISE, LARGE);

    @TempDir
    static Path shared;

    private static RealRegistry registry;

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    @BeforeAll
    static void start() throws Exception {
        registry = RealRegistry.start(shared);
    }

    @AfterAll
    static void stop() {
        if (registry != null) registry.close();
    }

    @Test
    void theRegistryHasTheSameImageIdAndTheReportedDigest() throws Exception {
        ImagePush.Pushed pushed = push(IMAGE.dockerSave(), "same", "one");
        String manifest = registry.get("same/manifests/one");
        assertEquals(pushed.digest(), Digest.of(SampleImage.bytes(manifest)));
        assertEquals(Digest.of(IMAGE.config()), pushed.imageId());
        assertEquals(
                pushed.imageId().value(),
                Json.parse(manifest).at("/config/digest").textValue());
        assertEquals(new String(IMAGE.config(), "UTF-8"), registry.get("same/blobs/" + pushed.imageId()));
        assertEquals(registry.name() + "/same:one", pushed.reference().toString());
    }

    @Test
    void anotherToolReadsBackTheVeryLayers() throws Exception {
        assumeTrue(Tool.isThere("skopeo"), "skopeo");
        ImagePush.Pushed pushed = push(IMAGE.dockerSave(), "back", "one");
        assertTrue(Skopeo.inspect(registry, "back:one").contains(pushed.digest().value()));
        Path back = Skopeo.copy(registry, "back:one", "docker-archive", folder.resolve("back.tar"));
        assertEquals(pushed.imageId(), SampleImage.open(back).imageId());
    }

    @Test
    void aLayerThatTheImageNamesTwiceIsSentOnce() throws Exception {
        push(IMAGE.dockerSave(), "twice", "one");
        assertEquals(List.of("pushed", "pushed"), pushing.layers);
        assertEquals(
                3,
                Json.parse(registry.get("twice/manifests/one")).path("layers").size());
    }

    @Test
    void whatIsAnnotatedStaysAndWhatIsPackedChangesItsTypeAlone() throws Exception {
        push(SampleImage.ociLayout(IMAGE), "oci", "one");
        var manifest = Json.parse(registry.get("oci/manifests/one"));
        assertEquals("yes", manifest.at("/annotations/kept").textValue());
        assertEquals(
                "application/vnd.oci.image.layer.v1.tar+gzip",
                manifest.at("/layers/0/mediaType").textValue());
        assertTrue(manifest.at("/layers/0/size").longValue() < LARGE.length / 50);
    }

    @Test
    void withoutCompressionTheManifestIsTheArchivesOwn() throws Exception {
        pushing.compression = Compression.NONE;
        Map<String, Object> members = SampleImage.ociLayout(IMAGE);
        ImagePush.Pushed pushed = push(members, "plain", "one");
        assertTrue(members.containsKey("blobs/sha256/" + pushed.digest().hex()));
    }

    /** buildah and skopeo wrote such: what unpacks it may believe the name. */
    @ParameterizedTest
    @ValueSource(strings = {SampleLayout.TAR, ImageManifest.DOCKER_TAR})
    void aPackedLayerThatIsCalledAPlainOneIsPushedAsWhatItIs(String called) throws Exception {
        SampleLayout layout = new SampleLayout();
        byte[] packed = SampleImage.gzip(LARGE);
        ObjectNode config =
                layout.blob(SampleLayout.CONFIG, SampleImage.of(LARGE).config());
        layout.lists(layout.blob(ImageManifest.OCI, SampleLayout.manifest(config, layout.blob(called, packed))));
        push(layout.members(), "called", "one");
        var layer = Json.parse(registry.get("called/manifests/one")).at("/layers/0");
        assertEquals(Digest.of(packed).value(), layer.path("digest").textValue(), "not packed twice");
        assertTrue(layer.path("mediaType").textValue().matches(".*\\.tar[+.]gzip"), layer.toString());
    }

    /** Docker's media types have no name for zstd. */
    @Test
    void withZstdADockerArchiveBecomesAnImageOfOciWithTheSameIdAndLayers() throws Exception {
        pushing.compression = Compression.ZSTD;
        Map<String, Object> members = IMAGE.dockerSave();
        members.replaceAll((name, content) -> content == NOISE ? SampleImage.gzip(NOISE) : content);
        ImagePush.Pushed pushed = push(members, "zstd", "one");
        var manifest = Json.parse(registry.get("zstd/manifests/one"));
        assertEquals(ImageManifest.OCI, manifest.path("mediaType").textValue());
        assertEquals(SampleLayout.CONFIG, manifest.at("/config/mediaType").textValue());
        assertEquals(pushed.imageId().value(), manifest.at("/config/digest").textValue());
        assertEquals(
                List.of(SampleLayout.TAR + "+zstd", SampleLayout.TAR + "+gzip", SampleLayout.TAR + "+zstd"),
                manifest.findValuesAsText("mediaType").stream()
                        .filter(type -> type.contains("layer"))
                        .toList());
        assertTrue(manifest.at("/layers/0/size").longValue() < LARGE.length / 50);
    }

    @Test
    void anotherToolFetchesWhatUnpacksFromZstdToTheVeryLayers() throws Exception {
        assumeTrue(Tool.isThere("skopeo"), "skopeo");
        pushing.compression = Compression.ZSTD;
        for (Map<String, Object> members : List.of(IMAGE.dockerSave(), SampleImage.ociLayout(IMAGE))) {
            ImagePush.Pushed pushed = push(members, "zstd-back", "one");
            Path back = Files.createTempDirectory(folder, "back");
            ImageArchive archive = SampleImage.open(Skopeo.copy(registry, "zstd-back:one", "oci", back));
            assertEquals(pushed.imageId(), archive.imageId());
            assertEquals(pushed.digest(), archive.manifest().digest());
            List<Digest> plain = new ArrayList<>();
            for (ImageManifest.Layer layer : archive.layers()) {
                try (InputStream in =
                        new ZstdInputStream(layer.content().orElseThrow().open())) {
                    plain.add(Digest.of(in.readAllBytes()));
                }
            }
            assertEquals(IMAGE.layers().stream().map(Digest::of).toList(), plain);
        }
    }

    @Test
    void whereNothingIsLeftToCompressADockerManifestStaysDockers() throws Exception {
        pushing.compression = Compression.ZSTD;
        SampleImage image = SampleImage.of(LARGE);
        Map<String, Object> members = image.dockerSave();
        members.replaceAll((name, content) -> content == LARGE ? SampleImage.gzip(LARGE) : content);
        push(members, "packed", "one");
        var manifest = Json.parse(registry.get("packed/manifests/one"));
        assertEquals(ImageManifest.DOCKER, manifest.path("mediaType").textValue());
    }

    /** Its digest may be signed, or known elsewhere. */
    @Test
    void aManifestWhoseLayersStayAsTheyAreIsPutToTheByte() throws Exception {
        SampleLayout layout = new SampleLayout();
        SampleImage image = SampleImage.of(LARGE);
        ObjectNode manifest = SampleLayout.manifest(
                layout.blob(SampleLayout.CONFIG, image.config()),
                layout.blob(SampleLayout.TAR + "+gzip", SampleImage.gzip(LARGE)));
        byte[] spaced = SampleImage.bytes(Json.pretty(manifest));
        layout.lists(layout.blob(ImageManifest.OCI, spaced));
        assertEquals(Digest.of(spaced), push(layout.members(), "bytes", "one").digest());
    }

    /** OCI allows SHA-512, and registries take SHA-256 alone. */
    @Test
    void whatAnArchiveNamesBySha512IsPushedBySha256() throws Exception {
        SampleLayout layout = new SampleLayout();
        byte[] packed = SampleImage.gzip(LARGE);
        SampleImage image = SampleImage.of(NOISE, LARGE);
        ObjectNode manifest = SampleLayout.manifest(
                layout.blobBySha512(SampleLayout.CONFIG, image.config()),
                layout.blobBySha512(SampleLayout.TAR, NOISE),
                layout.blobBySha512(SampleLayout.TAR + "+gzip", packed));
        layout.lists(layout.blobBySha512(ImageManifest.OCI, SampleImage.bytes(Json.line(manifest))));
        ImagePush.Pushed pushed = push(layout.members(), "sha512", "one");
        String put = registry.get("sha512/manifests/one");
        assertEquals(pushed.digest(), Digest.of(SampleImage.bytes(put)));
        assertFalse(put.contains("sha512:"), put);
        assertEquals(Digest.of(image.config()), pushed.imageId());
        assertEquals(
                Digest.of(packed).value(),
                Json.parse(put).at("/layers/1/digest").textValue());

        Map<String, Object> damaged = layout.members();
        damaged.replaceAll((name, content) -> content == packed ? SampleImage.gzip(NOISE) : content);
        Failure failure = assertThrows(Failure.class, () -> push(damaged, "sha512", "two"));
        assertEquals(ErrorCode.CONFIG, failure.code());
    }

    @Test
    void anUnchangedPushNeitherReadsNorSendsALayer() throws Exception {
        Path cache = folder.resolve("cache/layers.json");
        pushing.cache = LayerCache.at(cache);
        ImagePush.Pushed first = push(IMAGE.dockerSave(), "again", "one");
        Pushing second = new Pushing();
        second.cache = LayerCache.at(cache);
        List<String> sent = new ArrayList<>();
        ImagePush.Progress progress = new ImagePush.Progress() {
            @Override
            public void layerBytes(Digest layer, long bytes) {
                sent.add(layer + " " + bytes);
            }
        };
        ImageArchive archive = SampleImage.open(folder.resolve("a.tar"));
        RegistryClient client = second.client(ImageReference.of(registry.name(), "again", "two"));
        ImagePush.Pushed again = new ImagePush(client, Compression.GZIP, second.cache, progress).push(archive);
        assertEquals(first.digest(), again.digest());
        assertEquals(List.of(), sent);
    }

    @Test
    void aCacheThatTakesOneLayerForAnotherChangesNoImage() throws Exception {
        Path cache = folder.resolve("cache/layers.json");
        pushing.cache = LayerCache.at(cache);
        push(IMAGE.dockerSave(), "mixed", "one");
        String right = registry.get("mixed/manifests/one");
        ObjectNode entries = (ObjectNode) Json.parse(Files.readString(cache));
        ObjectNode large = (ObjectNode) entries.get(Digest.of(LARGE) + " gzip");
        ObjectNode noise = (ObjectNode) entries.get(Digest.of(NOISE) + " gzip");
        noise.set("digest", large.get("digest"));
        noise.set("size", large.get("size"));
        Files.writeString(cache, Json.line(entries));
        pushing.cache = LayerCache.at(cache);
        push(IMAGE.dockerSave(), "mixed", "two");
        assertEquals(right, registry.get("mixed/manifests/two"));
    }

    @Test
    void aWrongPasswordIsOneClearRefusal() throws Exception {
        pushing.login = new Credential("registry", "alice", Secret.of("wrong-PW"));
        Failure refused = assertThrows(Failure.class, () -> push(IMAGE.dockerSave(), "refused", "one"));
        assertEquals(ErrorCode.LOGIN_FAILED, refused.code());
        assertEquals(1, refused.code().exitCode());
        assertEquals(List.of(), pushing.sleeps);
        assertFalse(refused.getMessage().contains("wrong-PW"));
    }

    @Test
    void aLayerWithOtherBytesIsNotedBeforeTheManifestAndLeavesNothing() throws Exception {
        for (Map<String, Object> members : List.of(IMAGE.dockerSave(), SampleImage.ociLayout(IMAGE))) {
            for (Compression compression : Compression.values()) {
                pushing.compression = compression;
                members.replaceAll((name, content) -> content == NOISE ? SampleImage.noise(2, 1 << 20) : content);
                Failure failure = assertThrows(Failure.class, () -> push(members, "damaged", "one"));
                assertEquals(ErrorCode.CONFIG, failure.code());
                assertTrue(failure.getMessage().contains("has another content"), failure.getMessage());
                assertTrue(registry.get("damaged/manifests/one").contains("MANIFEST_UNKNOWN"));
            }
        }
    }

    @Test
    void anArchiveThatBecomesShorterMeanwhileIsSaidToBeTruncated() throws Exception {
        Path file = folder.resolve("a.tar");
        for (Compression compression : Compression.values()) {
            SampleImage.write(file, IMAGE.dockerSave());
            ImageArchive archive = SampleImage.open(file);
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 2 << 20));
            RegistryClient client = pushing.client(ImageReference.of(registry.name(), "shorter", "one"));
            ImagePush push = new ImagePush(client, compression, LayerCache.inMemory(), ImagePush.Progress.SILENT);
            Failure failure = assertThrows(Failure.class, () -> push.push(archive));
            assertEquals(ErrorCode.CONFIG, failure.code());
            assertTrue(failure.getMessage().contains("is truncated"), failure.getMessage());
        }
    }

    @Test
    void aSavedPasswordIsInNoFileAndNoLog() throws Exception {
        pushing.cache = LayerCache.at(folder.resolve("cache/layers.json"));
        push(IMAGE.dockerSave(), "secret", "one");
        assertFalse(Files.readString(folder.resolve("cache/layers.json")).contains(RealRegistry.LOGIN.username()));
        assertFalse(registry.log().contains(RealRegistry.LOGIN.password().reveal()));
        assertFalse(RealRegistry.LOGIN
                .toString()
                .contains(RealRegistry.LOGIN.password().reveal()));
    }

    private ImagePush.Pushed push(Map<String, Object> members, String repository, String tag)
            throws IOException, InterruptedException {
        Path archive = SampleImage.write(folder.resolve("a.tar"), members);
        return pushing.push(archive, registry.name(), repository, tag);
    }
}
