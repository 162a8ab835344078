package harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Programs of the machine that some tests need. */
public final class Tool {
    private Tool() {}

    public static boolean exists(String name) {
        return folders().anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
    }

    /** A PATH that leads to these programs and no others. @param folder an empty one, for scripts that start them */
    public static String only(Path folder, String... names) throws IOException {
        Files.createDirectories(folder);
        for (String name : names) {
            Path program = folders()
                    .map(each -> each.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\nexec '" + program + "' \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        }
        return folder.toString();
    }

    /** The PATH without the folders that hold this program. */
    public static String pathWithout(String name) {
        return folders()
                .filter(folder -> !Files.exists(folder.resolve(name)))
                .map(Path::toString)
                .collect(Collectors.joining(":"));
    }

    private static Stream<Path> folders() {
        return Stream.of(System.getenv("PATH").split(":")).map(Path::of);
    }

    /** Skips the test, visibly, where one of these programs is missing. */
    public static void orSkip(String... names) {
        for (String name : names) assumeTrue(exists(name), () -> "no '" + name + "' on the PATH");
    }
}
