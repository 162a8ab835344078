package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalInt;
import lib.Failure.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/x86_64, linux/amd64",
        "linux/x86-64, linux/amd64",
        "linux/amd64/v1, linux/amd64",
        "Linux/AMD64, linux/amd64",
        "linux/aarch64, linux/arm64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm64/8, linux/arm64",
        "linux/arm64/v9, linux/arm64/v9",
        "linux/armhf, linux/arm/v7",
        "linux/armv7l, linux/arm/v7",
        "linux/armel, linux/arm/v6",
        "linux/arm/7, linux/arm/v7",
        "linux/i386, linux/386",
        "linux/i686, linux/386",
        "linux/ppc64el, linux/ppc64le",
        "macos/arm64, darwin/arm64",
        "linux/s390x, linux/s390x",
    })
    void everySpellingOfAPlatformIsThatOfDocker(String spelled, String usual) {
        assertEquals(usual, Platform.parse(spelled).toString());
        assertEquals(Platform.parse(usual), Platform.parse(spelled));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "linux", "amd64", "linux/", "/amd64", "linux/amd64/", "a/b/c/d", "linux/-o", "linux/a b"})
    void whatIsNoPlatformIsFoundNowhere(String text) {
        assertThrows(IllegalArgumentException.class, () -> Platform.parse(text));
        assertEquals(Optional.empty(), Platform.find(text));
    }

    @ParameterizedTest
    @CsvSource({
        "linux/x86_64, linux/amd64, true",
        "linux/amd64, linux/x86_64, true",
        "linux/arm64/v8, linux/aarch64, true",
        "linux/arm, linux/arm/v7, true",
        "linux/arm/v7, linux/arm, true",
        "linux/arm/v6, linux/arm/v7, true",
        "linux/arm/v7, linux/arm/v6, false",
        "linux/amd64/v3, linux/amd64, true",
        "linux/arm64, linux/amd64, false",
        "windows/amd64, linux/amd64, false",
    })
    void anImageIsForWhatAMachineRuns(String image, String wanted, boolean fits) {
        OptionalInt distance = Platform.parse(image).distanceTo(Platform.parse(wanted));
        assertEquals(fits, distance.isPresent());
    }

    @Test
    void theNearestVariantIsMeant() throws Exception {
        Platform wanted = Platform.parse("linux/arm");
        int v7 = distance("linux/arm/v7", wanted);
        int v6 = distance("linux/arm/v6", wanted);
        int v5 = distance("linux/arm/v5", wanted);
        assertTrue(v7 < v6 && v6 < v5, v7 + " " + v6 + " " + v5);
        assertTrue(distance("linux/amd64", Platform.LINUX_AMD64) < distance("linux/amd64/v3", Platform.LINUX_AMD64));
    }

    @Test
    void anImageThatNamesNoPlatformIsWhatAPersonSays() {
        Platform.Wanted asked = Platform.Wanted.of(Optional.of(Platform.LINUX_AMD64));
        asked.check("acme:1", Optional.empty());
        Failure failure = assertThrows(
                Failure.class, () -> Platform.Wanted.of(Optional.empty()).check("acme:1", Optional.empty()));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertEquals("acme:1 names no platform", failure.getMessage());
        assertEquals("Push it as linux/amd64 with --platform linux/amd64", failure.hint());
    }

    @Test
    void aConfigurationNamesItsPlatformOrNone() throws Exception {
        assertEquals(
                Optional.of(Platform.parse("linux/arm/v6")),
                Platform.in(Json.parse("{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v6\"}")));
        for (String none : new String[] {"{}", "{\"os\":\"\",\"architecture\":\"\"}", "{\"os\":\"linux\"}", "[]", "7"})
            assertFalse(Platform.in(Json.parse(none)).isPresent(), none);
    }

    private static int distance(String image, Platform wanted) {
        return Platform.parse(image).distanceTo(wanted).orElseThrow();
    }
}
