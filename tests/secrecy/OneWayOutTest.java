package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What masks is the one way out only as long as nothing prints beside it. */
class OneWayOutTest {
    private static final Path WRITER = Path.of("lib/cli/Output.java");
    private static final Pattern PRINTS = Pattern.compile(
            "System\\.(out|err|console)|FileDescriptor\\.|PrintStream|printStackTrace\\(\\)|dumpStack|System\\.Logger|"
                    + "java\\.util\\.logging|Redirect\\.INHERIT|inheritIO");

    @Test
    void nothingButTheConsolesWriterWritesToStdoutOrStderr() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.walk(Project.ROOT.resolve("lib")), Files.list(Project.ROOT))) {
            List<String> printing = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(OneWayOutTest::prints)
                    .map(file -> Project.ROOT.relativize(file).toString())
                    .sorted()
                    .toList();
            assertEquals(
                    List.of(
                            // The children of the others get the terminal itself, to draw on it or to look at it.
                            WRITER.toString(),
                            "lib/cli/RawTerminal.java",
                            "lib/cli/Terminal.java",
                            "lib/docker/Command.java"),
                    printing);
        }
        assertTrue(prints(Project.ROOT.resolve(WRITER)), "the pattern finds what prints");
    }

    private static boolean prints(Path file) {
        try {
            return PRINTS.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
