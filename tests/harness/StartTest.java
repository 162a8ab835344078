package harness;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/run}, on a script of three lines: its start-up is the subject, not what is started. */
class StartTest {
    @TempDir
    static Path caches;

    @TempDir
    static Path folder;

    /** The same for each test, so that those that change nothing share a build. */
    @BeforeEach
    void aScriptThatIncludesAFile() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("lib"));
        for (String name : List.of("run", "cache.sh", "jbang", "verified")) {
            Files.copy(
                    Project.ROOT.resolve("bin/" + name),
                    folder.resolve("bin/" + name),
                    REPLACE_EXISTING,
                    COPY_ATTRIBUTES);
        }
        greeting("hello");
        write("greet.java", """
            //MAIN greet
            //SOURCES lib/Greeting.java
            class greet {
                public static void main(String... words) {
                    System.out.println(lib.Greeting.TEXT + " " + String.join("|", words));
                    System.exit(words.length);
                }
            }
            """);
        write("bin/rehearse.java", "class rehearse { public static void main(String... a) { greet.main(); } }");
    }

    @Test
    void argumentsAndExitCodePassThroughAndStdoutIsTheScriptsAlone() {
        run("a b", "$HOME", "", "it's").exitedWith(4).outEquals("hello a b|$HOME||it's");
        run("again").exitedWith(1).outEquals("hello again").errLacks("Preparing");
    }

    @Test
    void anEditRunsAtOnce() {
        run().outEquals("hello");
        greeting("good day");
        run().outEquals("good day");
    }

    @Test
    void firstRunsAtTheSameTimeAllSucceedAndBuildOnce() {
        greeting("hello, all");
        List<Running> all = Stream.generate(() -> greet().start()).limit(4).toList();
        List<Ran> ended = all.stream().map(Running::await).toList();
        ended.forEach(ran -> ran.succeeded().outEquals("hello, all"));
        assertEquals(
                1, ended.stream().filter(ran -> ran.err().contains("Preparing")).count());
    }

    @Test
    void aFileCutShortIsMadeAgain() throws IOException {
        greeting("cut short");
        run().succeeded();
        for (String name : List.of("classes.jsa", "scripts.jar")) {
            Path file = built(name);
            long size = Files.size(file);
            assertTrue(file.toFile().setWritable(true));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(size / 2);
            }
            run().succeeded().outEquals("cut short").errContains("Preparing");
            assertNotEquals(size / 2, Files.size(built(name)));
        }
    }

    @Test
    void anArchiveThatMakesNoSenseIsIgnoredWithoutAWord() throws IOException {
        greeting("all the same");
        run().succeeded();
        Path archive = built("classes.jsa");
        int size = (int) Files.size(archive);
        assertTrue(archive.toFile().setWritable(true));
        Files.write(archive, new byte[size]);
        Ran ran = run().succeeded().outEquals("all the same");
        assertEquals("", ran.err());
    }

    @Test
    void nothingIsLeftOfABuildThatFails() throws IOException {
        write("greet.java", "//MAIN greet\nclass greet { nonsense }");
        run().exitedWith(69).outIsEmpty().errContains("could not build");
        try (Stream<Path> files = Files.list(cache())) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.getFileName().toString().startsWith("."))
                            .toList());
        }
    }

    private Ran run(String... words) {
        return greet().with(words).run();
    }

    private Command greet() {
        return Command.of(folder.resolve("bin/run").toString(), "greet.java")
                .in(folder)
                .env("XDG_CACHE_HOME", caches.toString());
    }

    private Path cache() {
        return caches.resolve("systemprompt-deploy");
    }

    /** A file of the newest build, which a greeting of its own makes. */
    private Path built(String name) throws IOException {
        try (Stream<Path> builds = Files.list(cache().resolve("builds"))) {
            return builds.max(Comparator.comparing(
                            build -> build.resolve("inventory").toFile().lastModified()))
                    .orElseThrow()
                    .resolve(name);
        }
    }

    private void greeting(String text) {
        write("lib/Greeting.java", "package lib; public interface Greeting { String TEXT = \"" + text + "\"; }");
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
