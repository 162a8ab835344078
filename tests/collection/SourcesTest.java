package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The lists that JBang builds a script from: from a URL and from a catalog it finds what they name, and nothing else. */
class SourcesTest {
    private static final Pattern SOURCE = Pattern.compile("(?m)^//SOURCES +(\\S+)$");
    private static final Pattern FILE = Pattern.compile("(?m)^//FILES \\S+=(\\S+)$");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(lib|sandbox)((?:\\.[a-z]\\w*)*)\\.[A-Z*]");
    private static final Path ROOT = Project.ROOT;

    /** Folders whose head is a {@code package-info.java}. */
    static Stream<Path> rooms() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.walk(ROOT.resolve("lib")), Files.list(ROOT.resolve("sandbox")))) {
            return files.filter(SourcesTest::isHead).map(Path::getParent).map(ROOT::relativize).toList().stream();
        }
    }

    static Stream<Path> scripts() throws IOException {
        try (Stream<Path> files = Stream.concat(Files.list(ROOT), Files.list(ROOT.resolve("sandbox")))) {
            return files
                    .filter(file -> text(file).startsWith("///usr/bin/env jbang"))
                    .map(ROOT::relativize)
                    .toList()
                    .stream();
        }
    }

    @Test
    void everyFolderOfLibHasAHead() throws IOException {
        try (Stream<Path> folders = Files.walk(ROOT.resolve("lib"))) {
            assertTrue(folders.filter(Files::isDirectory)
                    .allMatch(folder -> Files.exists(folder.resolve("package-info.java"))));
        }
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomNamesExactlyItsFiles(Path room) throws IOException {
        Path folder = ROOT.resolve(room);
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> present = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !isHead(file) && !text(file).startsWith("///usr"))
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> named = sources(folder.resolve("package-info.java"))
                    .filter(source -> !isHead(source))
                    .map(source -> folder.relativize(source).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(present, named);
        }
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomNamesExactlyTheRoomsItBuildsOn(Path room) throws IOException {
        Path head = ROOT.resolve(room).resolve("package-info.java");
        Set<Path> entered = new TreeSet<>();
        sources(head).filter(source -> !isHead(source)).forEach(source -> entered.addAll(imported(source)));
        // Its head holds the libraries and their versions.
        if (!room.equals(Path.of("lib"))) entered.add(Path.of("lib"));
        entered.remove(room);
        assertEquals(entered, named(head));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptReachesEveryRoomItEntersByName(Path script) {
        Path file = ROOT.resolve(script);
        Set<Path> reached = new HashSet<>();
        reach(file, reached);
        for (Path room : imported(file)) {
            assertTrue(reached.contains(ROOT.resolve(room).resolve("package-info.java")), "not named: " + room);
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptNamesNoRoomThatItDoesNotEnter(Path script) {
        Set<Path> idle = named(ROOT.resolve(script));
        idle.removeAll(imported(ROOT.resolve(script)));
        assertEquals(Set.of(), idle);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aScriptSaysWhatJBangMustKnowOfIt(Path script) {
        String name = script.getFileName().toString().replace(".java", "");
        String head = text(ROOT.resolve(script));
        assertTrue(head.contains("\n//MAIN " + name + "\n"), "JBang takes another file's main without it");
        assertTrue(head.contains("\n//JAVA 17+\n"));
        assertTrue(head.contains("\n//DESCRIPTION "));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void namesFilesAndNoPatternsSinceAUrlHasNoFolders(Path script) {
        Set<Path> reached = new HashSet<>();
        reach(ROOT.resolve(script), reached);
        for (Path file : reached) assertTrue(Files.isRegularFile(file), "no file: " + file);
    }

    /** JBang finds them by these lines, and a script runs without them until it needs one. */
    @Test
    void everyPageIsNamedByTheFileThatShowsIt() throws IOException {
        Path folder = ROOT.resolve("sandbox/pages");
        Set<Path> named = FILE.matcher(text(ROOT.resolve("sandbox/Page.java")))
                .results()
                .map(line -> ROOT.resolve("sandbox").resolve(line.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
        try (Stream<Path> present = Files.list(folder)) {
            assertEquals(present.collect(Collectors.toCollection(TreeSet::new)), named);
        }
    }

    @Test
    void theCatalogListsEveryScriptAndNothingElse() throws IOException {
        JsonNode aliases = Json.parse(text(ROOT.resolve("jbang-catalog.json"))).path("aliases");
        Set<Path> listed = new TreeSet<>();
        for (Iterator<JsonNode> each = aliases.elements(); each.hasNext(); ) {
            JsonNode alias = each.next();
            listed.add(Path.of(alias.path("script-ref").asText()));
            assertTrue(alias.path("description").asText().length() > 20, alias.toString());
        }
        Set<Path> present;
        try (Stream<Path> scripts = scripts()) {
            present = scripts.collect(Collectors.toCollection(TreeSet::new));
        }
        assertEquals(present, listed);
        present.stream()
                .filter(script -> script.getNameCount() == 1)
                .map(script -> script.toString().replace(".java", ""))
                .forEach(name -> assertTrue(aliases.has(name), "the alias is not the script's name: " + name));
    }

    private static void reach(Path file, Set<Path> reached) {
        if (reached.add(file)) sources(file).forEach(source -> reach(source, reached));
    }

    private static Stream<Path> sources(Path file) {
        return SOURCE.matcher(text(file))
                .results()
                .map(line -> file.resolveSibling(line.group(1)).normalize());
    }

    /** The rooms whose heads a file names. */
    private static Set<Path> named(Path file) {
        return sources(file)
                .filter(SourcesTest::isHead)
                .map(head -> ROOT.relativize(head.getParent()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rooms that a file's imports lead to. */
    private static Set<Path> imported(Path file) {
        Set<Path> rooms = new TreeSet<>();
        for (Matcher line = IMPORT.matcher(text(file)); line.find(); ) {
            rooms.add(Path.of((line.group(1) + line.group(2)).replace('.', '/')));
        }
        return rooms;
    }

    private static boolean isHead(Path file) {
        return file.endsWith("package-info.java");
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
