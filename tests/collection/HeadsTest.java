package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as a file's use of another. */
class HeadsTest {
    @TempDir
    Path root;

    @BeforeEach
    void aFarAndANearPackage() throws IOException {
        root = root.toRealPath();
        write("lib/Far.java", "package lib; public class Far { public static int ONE; public static class Inner {} }");
        write("lib/near/Near.java", "package lib.near; @interface Near {} class Second {}");
    }

    private Path write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text.stripTrailing() + "\n");
    }

    private List<String> head(String text) throws IOException {
        Path file = write("lib/near/Used.java", "package lib.near; " + text);
        return new Heads(root).lines(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import lib.Far; class Used {}",
                "import lib.Far.Inner; class Used {}",
                "import static lib.Far.ONE; class Used {}",
                "import static lib.Far.*; class Used {}",
                "import lib.*; class Used { Far field; }",
                "import lib.*; class Used { int one = Far.ONE; }",
                "class Used { lib.Far field; }",
                "class Used { int one() { return lib.Far.ONE + 1; } }",
                "class Used { Object o = new lib.Far.Inner(); }",
            })
    void aFileOfAnotherPackageIsNamedHoweverItIsUsed(String text) throws IOException {
        assertEquals(List.of("//SOURCES ../Far.java"), head(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@Near class Used {}",
                "class Used extends Second {}",
                "class Used<T extends Second> {}",
                "class Used { java.util.List<? super Second[]> field; }",
                "class Used { void run() throws Second {} }",
                "class Used { Object o = (Second) null; }",
                "class Used { boolean b(Object o) { return o instanceof Second s; } }",
                "class Used { Object o = Second.class; }",
                "class Used { Runnable r = Second::new; }",
                "class Used { Runnable r = () -> Second.run(); }",
                "class Used { { try { run(); } catch (Second e) { } } }",
                "record Used(Second one) {}",
                "sealed interface Used permits Second {}",
                "class Used { class Inner { Second field; } }",
            })
    void aFileOfTheSamePackageIsNamedHoweverItIsUsed(String text) throws IOException {
        assertEquals(List.of("//SOURCES Near.java"), head(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** {@link Second} and {@link lib.Far} */ class Used {}",
                "class Used { String s = \"Second lib.Far\"; } // Second",
                "class Used { Used used; java.util.List<String> list; }",
                "class Used { int Second() { return Second(); } }",
                "class Used { class Second {} Second field; }",
                "class Used<Second> { Second field; }",
                "class Used { void run(Used Second) { Second.run(); } }",
                "import java.util.*; class Used { List<String> list; }",
            })
    void nothingElseIsNamed(String text) throws IOException {
        assertEquals(List.of(), head(text));
    }

    @Test
    void aFileNamesWhoOwnsALibraryThatItUses() throws IOException {
        write("lib/Json.java", "//DEPS com.fasterxml.jackson.core:jackson-databind:2\npackage lib; class Json {}");
        assertEquals(
                List.of("//SOURCES ../Json.java"),
                head("import com.fasterxml.jackson.databind.JsonNode; class Used {}"));
        assertEquals(
                List.of("//SOURCES ../Json.java"),
                head("class Used { com.fasterxml.jackson.databind.node.ObjectNode json; }"));
    }

    @Test
    void whatIsNoFilesAndNoLibrarysIsTold() {
        assertThrows(IllegalStateException.class, () -> head("import org.unheard.Of; class Used {}"));
        assertThrows(IllegalStateException.class, () -> head("import lib.Gone; class Used {}"));
    }

    @Test
    void aFileNamesTheResourcesThatItLoads() throws IOException {
        write("lib/near/pages/a.html", "");
        write("lib/near/pages/b.html", "");
        write("lib/templates/t.yaml", "");
        assertEquals(
                List.of("//FILES lib/near/pages/a.html=pages/a.html", "//FILES lib/near/pages/b.html=pages/b.html"),
                head("class Used { Object o(String s) { return Used.class.getResourceAsStream(\"pages/\" + s); } }"));
        assertEquals(
                List.of("//FILES lib/templates/t.yaml=../templates/t.yaml"),
                head("class Used { Object o = Used.class.getResource(\"/lib/templates/t.yaml\"); }"));
        assertThrows(
                IllegalStateException.class,
                () -> head("class Used { Object o = Used.class.getResource(\"gone.yaml\"); }"));
    }

    @Test
    void aHeadIsPutRightAndTheRestStaysAsItIs() throws IOException {
        Path script = write("run.java", """
            ///usr/bin/env jbang "$0" "$@" ; exit $?
            //JAVA 17+
            //SOURCES lib/Gone.java

            import lib.Far;

            // SOURCES of the Nile
            class run {}
            """);
        Map<Path, String> corrections = new Heads(root).corrections();
        assertEquals(Files.readString(script).replace("Gone", "Far"), corrections.get(script));
        Files.writeString(script, corrections.get(script));
        assertTrue(new Heads(root).corrections().isEmpty());
    }

    @Test
    void aTestNeedsNoHead() throws IOException {
        write("tests/lib/FarTest.java", "package lib; class FarTest { Far far; }");
        assertTrue(new Heads(root).corrections().isEmpty());
    }
}
