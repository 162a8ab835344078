package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
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
        Reference reference = Reference.parse(text);
        assertEquals(Optional.ofNullable(registry), reference.registry());
        assertEquals(repository, reference.repository());
        assertEquals(Optional.of(tag), reference.tag());
    }

    @Test
    void keepsADigestAndAddsNoTagToIt() {
        String pinned = "r.io/a@sha256:" + "0".repeat(64);
        assertEquals(pinned, Reference.parse(pinned).toString());
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
        assertThrows(IllegalArgumentException.class, () -> Reference.parse(text));
    }

    @Test
    void judgesAMegabyteAtOnceAndShowsLittleOfIt() {
        String huge = "a-".repeat(1 << 19);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> Reference.parse(huge));
            assertTrue(refused.getMessage().length() < 600);
        });
    }
}
