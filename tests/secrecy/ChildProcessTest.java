package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
    private static final Pattern STARTS =
            Pattern.compile("new ProcessBuilder\\b|ProcessBuilder::new|getRuntime\\(\\)\\s*\\.exec");

    @Test
    void oneFileAloneMakesChildProcessesSoThatNoneGetsASecret() throws IOException {
        try (Stream<Path> files = Files.walk(Project.ROOT)) {
            List<String> starting = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Project.ROOT::relativize)
                    .filter(file ->
                            !file.startsWith("tests") && !file.toString().startsWith("."))
                    .filter(ChildProcessTest::starts)
                    .map(Path::toString)
                    .toList();
            assertEquals(List.of("lib/Environment.java"), starting);
        }
    }

    private static boolean starts(Path file) {
        try {
            return STARTS.matcher(Files.readString(Project.ROOT.resolve(file))).find();
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
