package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "acme, , acme, latest",
        "acme:1.2, , acme, 1.2",
        "team/acme:1, , team/acme, 1",
        "localhost/acme, localhost, acme, latest",
        "127.0.0.1:5000/a/b:t, 127.0.0.1:5000, a/b, t",
        "registry.fly.io/sp-demo:deploy-1-abc, registry.fly.io, sp-demo, deploy-1-abc",
        "[::1]:5000/a:t, [::1]:5000, a, t"
    })
    void readsReferencesAsDockerDoes(String text, String registry, String repository, String tag) {
        ImageReference reference = ImageReference.parse(text);
        assertEquals(Optional.ofNullable(registry), reference.registry());
        assertEquals(repository, reference.repository());
        assertEquals(Optional.of(tag), reference.tag());
    }

    @Test
    void keepsADigestAndAddsNoTagToIt() {
        String pinned = "r.io/a@sha256:" + "0".repeat(64);
        assertEquals(pinned, ImageReference.parse(pinned).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-H",
                "--config=x",
                "../x",
                "a/../b",
                "A",
                "a:",
                "a:-x",
                "a b",
                "a\nb",
                "r.io/",
                "/a",
                "a@sha256:0",
                "r.io/-a",
                "a//b",
                "a:t:u"
            })
    void refusesWhatIsNoReference(String text) {
        assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.fly.io",
                "r.io:1",
                "r.io:65535",
                "127.0.0.1:5000",
                "localhost",
                "localhost:5000",
                "registry:5000",
                "[::1]",
                "[::1]:5000",
                "docker.io.example.com"
            })
    void aRegistryIsAHostAndAPort(String name) {
        assertTrue(ImageReference.isRegistry(name));
        assertFalse(ImageReference.isDockerHub(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r.io:0",
                "r.io:00000",
                "r.io:65536",
                "r.io:99999",
                "r.io:",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "r.123",
                "[]",
                "[1]",
                "[:::1]",
                "[1::2::3]",
                "[12345::]:5000",
                "r_s.io"
            })
    void whatNoRequestCanBeSentToIsNoRegistry(String name) {
        assertFalse(ImageReference.isRegistry(name));
        assertThrows(IllegalArgumentException.class, () -> ImageReference.of(name, "a", "t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.io", "index.docker.io", "Docker.IO", "INDEX.docker.io", "registry", "LOCALHOST"})
    void whatDockerTakesForDockerHubIsToldApart(String name) {
        assertTrue(ImageReference.isDockerHub(name));
    }

    @Test
    void judgesAMegabyteAtOnceAndShowsLittleOfIt() {
        String huge = "a-".repeat(1 << 19);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> ImageReference.parse(huge));
            assertTrue(refused.getMessage().length() < 600);
        });
    }
}
