package lib.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "web:1, 1",
        "registry.example.com:5000/acme/web:v1.2, v1.2",
        "registry.example.com:5000/acme/web,",
        "latest,",
        "4e1083c1dca8,",
        "sha256:4e1083c1dca8fbd20fffafb7c32bdf74671cca7c2f2509d3ec8f9e38e90d3ee3,",
        "web@sha256:4e1083c1dca8fbd20fffafb7c32bdf74671cca7c2f2509d3ec8f9e38e90d3ee3,",
        "web:-odd,"
    })
    void anImageOfAnArchiveKeepsTheTagInItsName(String name, String tag) {
        assertEquals(Optional.ofNullable(tag), PushOptions.tagOf(name));
    }
}
