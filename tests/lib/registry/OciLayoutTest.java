package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Of what an index lists, the one image that is wanted. */
class OciLayoutTest {
    private static final SampleImage WEB = SampleImage.of(SampleImage.layer("web", 3000));
    private static final SampleImage WORKER = SampleImage.of(SampleImage.layer("worker", 3000));
    private static final SampleImage ARM = SampleImage.on("arm64", SampleImage.layer("arm", 3000));
    private static final byte[] TEXT = SampleImage.bytes("{\"critical\":{}}");
    private static final String COSIGN = "application/vnd.dev.cosign.simplesigning.v1+json";
    private static final String CHART = "application/vnd.cncf.helm.config.v1+json";
    private static final String ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
    private static final String SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    @TempDir
    Path folder;

    private final SampleLayout layout = new SampleLayout();

    /** What people find beside their images: the type that tells, and an entry of an index. */
    static Stream<Arguments> whatIsNoImage() {
        return Stream.of(
                beside(COSIGN, to -> signature(to, COSIGN)),
                beside(
                        "application/vnd.dsse.envelope.v1+json",
                        to -> signature(to, "application/vnd.dsse.envelope.v1+json")),
                beside("text/spdx", to -> signature(to, "text/spdx")),
                beside(
                        "attestation-manifest",
                        to -> SampleLayout.annotated(
                                "vnd.docker.reference.type",
                                "attestation-manifest",
                                to.image(SampleImage.on("unknown", TEXT)))),
                beside(CHART, to -> manifest(to, CHART)),
                beside("application/vnd.oci.empty.v1+json", to -> manifest(to, "application/vnd.oci.empty.v1+json")),
                beside(
                        "application/vnd.acme.said",
                        to -> to.blob(
                                ImageManifest.OCI,
                                SampleLayout.manifest(to.blob(SampleLayout.CONFIG, WEB.config()))
                                        .put("artifactType", "application/vnd.acme.said"))),
                beside(
                        "application/vnd.acme.listed",
                        to -> to.image(WORKER).put("artifactType", "application/vnd.acme.listed")),
                beside(
                        "application/vnd.acme.referrer",
                        to -> to.index(
                                to.blob(ImageManifest.OCI, TEXT).put("artifactType", "application/vnd.acme.referrer"))),
                beside(ARTIFACT, to -> to.blob(ARTIFACT, SampleImage.bytes("no JSON"))),
                beside(SIGNED, to -> to.blob(SIGNED, TEXT)),
                beside("application/octet-stream", to -> to.blob("application/octet-stream", new byte[5 << 20])),
                beside("no manifest", to -> to.blob("", TEXT)));
    }

    private static Arguments beside(String type, Function<SampleLayout, ObjectNode> made) {
        return arguments(type, made);
    }

    /** As cosign makes them: the configuration is an image's, of no platform. */
    private static ObjectNode signature(SampleLayout to, String layer) {
        SampleImage image =
                SampleImage.configured(Json.object().put("architecture", "").put("os", ""), TEXT);
        return to.blob(
                ImageManifest.OCI,
                SampleLayout.manifest(to.blob(SampleLayout.CONFIG, image.config()), to.blob(layer, TEXT)));
    }

    private static ObjectNode manifest(SampleLayout to, String config) {
        return to.blob(
                ImageManifest.OCI, SampleLayout.manifest(to.blob(config, TEXT), to.blob(SampleLayout.TAR, TEXT)));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoImage")
    void whatIsNoImageIsPassedOver(String type, Function<SampleLayout, ObjectNode> other) throws Exception {
        assertHolds(WEB, layout.lists(other.apply(layout), layout.image(WEB)));
        SampleLayout nested = new SampleLayout();
        assertHolds(WEB, nested.lists(nested.index(nested.image(WEB), other.apply(nested))));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoImage")
    void whereNoImageIsLeftTheArchiveSaysWhatIsThere(String type, Function<SampleLayout, ObjectNode> other) {
        refused(layout.lists(other.apply(layout)), "it holds no image, but: ", type);
    }

    @Test
    void thePlatformsThatWereNotSavedDoNotMatter() throws Exception {
        for (String missing : new String[] {"manifest", "configuration", "layer"}) {
            SampleLayout partial = new SampleLayout();
            ObjectNode arm = SampleLayout.on("arm64", partial.image(ARM));
            partial.lists(partial.index(SampleLayout.on("amd64", partial.image(WEB)), arm));
            partial.without(
                    switch (missing) {
                        case "manifest" -> new Digest(arm.path("digest").asText());
                        case "configuration" -> Digest.of(ARM.config());
                        default -> Digest.of(ARM.layers().get(0));
                    });
            assertHolds(WEB, partial);
            Failure failure = assertThrows(Failure.class, () -> open(partial, Optional.empty(), "linux/arm64"));
            boolean named = failure.getMessage().contains("is missing")
                    || failure.getMessage().contains("is for linux/amd64");
            assertTrue(named, failure.getMessage());
        }
    }

    @Test
    void theOnlyImageMustBeWhole() {
        SampleLayout partial = new SampleLayout();
        partial.lists(partial.index(partial.image(WEB))).without(Digest.of(WEB.config()));
        refused(partial, "is truncated: blob " + Digest.of(WEB.config()) + " is missing");
    }

    @Test
    void aDamagedImageMattersOnlyWhereItMayBeTheWantedOne() throws Exception {
        ObjectNode arm = SampleLayout.on("arm64", layout.image(ARM));
        assertHolds(WEB, layout.lists(layout.image(WEB), arm).damaged(arm));

        SampleLayout two = new SampleLayout();
        ObjectNode worker = SampleLayout.named("worker:1", two.image(WORKER));
        two.lists(SampleLayout.named("web:1", two.image(WEB)), worker).damaged(worker);
        refused(two, "holds several images for linux/amd64: web:1, worker:1");
        assertEquals(
                Digest.of(WEB.config()),
                open(two, Optional.of("web:1"), "linux/amd64").imageId());
        Failure failure = assertThrows(Failure.class, () -> open(two, Optional.of("worker:1"), "linux/amd64"));
        assertTrue(failure.getMessage().contains("has another content"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "org.opencontainers.image.ref.name, web:1, web:1",
        "org.opencontainers.image.ref.name, docker.io/library/web:1, web:1",
        "org.opencontainers.image.ref.name, localhost/web:1, web:1",
        "org.opencontainers.image.ref.name, latest, latest",
        "io.containerd.image.name, docker.io/library/web:latest, web",
        "io.containerd.image.name, registry.example.com/acme/web:1, registry.example.com/acme/web:1",
    })
    void anImageIsChosenByTheNameThatPeopleGave(String key, String annotated, String asked) throws Exception {
        ObjectNode web = SampleLayout.annotated(key, annotated, layout.image(WEB));
        layout.lists(SampleLayout.named("worker:1", layout.image(WORKER)), layout.index(layout.image(ARM)), web);
        assertEquals(
                Digest.of(WEB.config()),
                open(layout, Optional.of(asked), "linux/amd64").imageId());
    }

    @Test
    void anImageWithoutANameIsChosenByItsId() throws Exception {
        layout.lists(layout.image(WEB), layout.image(WORKER));
        String id = Digest.of(WORKER.config()).hex().substring(0, 12);
        refused(layout, "several images for linux/amd64", id);
        assertEquals(
                Digest.of(WORKER.config()),
                open(layout, Optional.of(id), "linux/amd64").imageId());
        String whole = Digest.of(WORKER.config()).value();
        assertEquals(
                Digest.of(WORKER.config()),
                open(layout, Optional.of(whole), "linux/amd64").imageId());
    }

    @Test
    void anImageWithTwoNamesIsOneImageWithBoth() throws Exception {
        ObjectNode image = layout.image(WEB);
        layout.lists(SampleLayout.named("web:1", image.deepCopy()), SampleLayout.named("web:latest", image.deepCopy()));
        assertHolds(WEB, layout);
        assertEquals(
                Digest.of(WEB.config()),
                open(layout, Optional.of("web"), "linux/amd64").imageId());
        assertEquals(
                Digest.of(WEB.config()),
                open(layout, Optional.of("web:1"), "linux/amd64").imageId());
    }

    @Test
    void aNameThatIsNotThereIsRefusedWithThoseThatAre() {
        layout.lists(SampleLayout.named("web:1", layout.image(WEB)));
        Failure failure = assertThrows(Failure.class, () -> open(layout, Optional.of("web:2"), "linux/amd64"));
        assertTrue(failure.getMessage().endsWith("holds no image 'web:2', but: web:1"), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"linux/arm/v6, linux/arm/v6", "linux/armhf, linux/arm/v7", "linux/arm, linux/arm/v7"})
    void anIndexKnowsTheVariantThatAConfigurationLeavesOut(String wanted, String chosen) throws Exception {
        for (String variant : new String[] {"v5", "v6", "v7"}) {
            SampleImage image = SampleImage.on("arm", SampleImage.layer(variant, 10));
            ObjectNode entry = SampleLayout.on("arm", layout.image(image));
            entry.withObject("/platform").put("variant", variant);
            layout.lists(entry);
        }
        ImageArchive archive = open(layout, Optional.empty(), wanted);
        assertEquals(Optional.of(Platform.parse(chosen)), archive.platform());
    }

    @Test
    void anIndexThatListsTheSameThousandfoldIsReadOnce() {
        ObjectNode index = layout.index();
        for (int level = 0; level < 3; level++)
            index = layout.index(Collections.nCopies(300, index).toArray(ObjectNode[]::new));
        layout.lists(Collections.nCopies(300, index).toArray(ObjectNode[]::new));
        assertTimeout(Duration.ofSeconds(20), () -> refused(layout, "it names no image"));
    }

    @Test
    void indexesNestedWithoutEndAreRefused() {
        ObjectNode index = layout.index();
        for (int level = 0; level < 5000; level++) index = layout.index(index);
        refused(layout.lists(index), "nested too deeply");
    }

    @Test
    void moreImagesThanABundleHoldsAreRefused() {
        ObjectNode[] many = new ObjectNode[20_000];
        for (int i = 0; i < many.length; i++) many[i] = Json.object();
        refused(layout.lists(layout.index(many)), "it lists over 10000 images");
    }

    @Test
    void moreJsonThanImagesNeedIsRefused() {
        String blank = " ".repeat(3 << 20);
        for (int i = 0; i < 20; i++) layout.lists(layout.blob(ImageManifest.OCI, SampleImage.bytes("{}" + blank + i)));
        refused(layout, "over 32 MiB of JSON");
    }

    @Test
    void moreValuesThanImagesNeedAreRefused() {
        layout.lists(layout.blob(ImageManifest.OCI, SampleImage.bytes("[" + "{},".repeat(1_000_000) + "{}]")));
        refused(layout, "is not JSON");
    }

    private void assertHolds(SampleImage image, SampleLayout layout) throws Exception {
        assertEquals(
                Digest.of(image.config()),
                open(layout, Optional.empty(), "linux/amd64").imageId());
    }

    private void refused(SampleLayout layout, String... parts) {
        Failure failure = assertThrows(Failure.class, () -> open(layout, Optional.empty(), "linux/amd64"));
        assertEquals(ErrorCode.CONFIG, failure.code());
        for (String part : parts) assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    private ImageArchive open(SampleLayout layout, Optional<String> name, String platform) throws Exception {
        Path file = SampleImage.write(folder.resolve("layout.tar"), layout.members());
        return SampleImage.open(file, name, Optional.of(platform));
    }
}
