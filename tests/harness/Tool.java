package harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of the machine that some tests need. */
public final class Tool {
    private Tool() {}

    public static boolean exists(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Skips the test, visibly, where one of these programs is missing. */
    public static void orSkip(String... names) {
        for (String name : names) assumeTrue(exists(name), () -> "no '" + name + "' on the PATH");
    }
}
