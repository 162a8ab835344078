package lib.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.Failure;
import lib.Failure.ErrorCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a person types as the value of an option is that value, or is refused: never an option of Docker's. */
class HostileOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--config=x",
                "-H",
                "../..",
                "a\nb",
                "a\u001b[31mb",
                "a b",
                "a:b:c",
                "A/../b",
                "@",
                "x@sha256:1",
                "/",
                "\u202e"
            })
    void isRefusedAsATagAnImageAPlatformAndTheNameOfABuildArgument(String value) {
        for (String option : List.of("--tag", "--image", "--platform", "--build-arg")) {
            for (String given : List.of(value, value.repeat(1 + (1 << 20) / value.length()))) {
                ImageOptions options = CommandLine.populateCommand(new ImageOptions(), option + "=" + given);
                Failure failure = assertThrows(
                        Failure.class,
                        () -> {
                            options.check();
                            options.given();
                        },
                        option + " " + value);
                assertEquals(ErrorCode.USAGE, failure.code());
                assertTrue(
                        failure.getMessage().length() < 1000,
                        "length " + failure.getMessage().length());
                assertFalse(failure.getMessage().matches("(?s).*[\\p{Cc}\\p{Cf}].*"), failure.getMessage());
            }
        }
    }
}
