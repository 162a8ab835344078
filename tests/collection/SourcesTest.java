package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The heads that JBang builds a script from: from a URL and from a catalog it finds what they name, and nothing else. */
class SourcesTest {
    private static final Pattern SOURCE = Pattern.compile("(?m)^//SOURCES +(\\S+)$");
    private static final Pattern FILE = Pattern.compile("(?m)^//FILES \\S+=(\\S+)$");
    private static final Pattern LIBRARY = Pattern.compile("(?m)^//DEPS +(\\S+:\\S+):\\S+$");
    private static final Path ROOT = Project.ROOT;

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
    void aFileNamesExactlyWhatItUses() throws IOException {
        Heads heads = new Heads(ROOT);
        StringBuilder differences = new StringBuilder();
        for (Path file : heads.corrections().keySet()) {
            List<String> wanted = heads.lines(file);
            List<String> present = text(file)
                    .lines()
                    .filter(line -> line.startsWith("//SOURCES ") || line.startsWith("//FILES "))
                    .toList();
            differences.append(ROOT.relativize(file)).append('\n');
            wanted.stream()
                    .filter(line -> !present.contains(line))
                    .forEach(
                            line -> differences.append("  misses ").append(line).append('\n'));
            present.stream()
                    .filter(line -> !wanted.contains(line))
                    .forEach(line ->
                            differences.append("  has no use for ").append(line).append('\n'));
        }
        assertEquals("", differences.toString(), "Run 'just format'");
    }

    /**
     * To JBang {@code lib/api/../Json.java} is another file than {@code lib/Json.java}: it would follow a circle of folders
     * until its stack is full. One of files within a folder it notices.
     */
    @Test
    void noCircleOfFilesLeavesItsFolder() throws IOException {
        Map<Path, Set<Path>> folders = new HashMap<>();
        for (Path file : new Heads(ROOT).files()) {
            Set<Path> others = folders.computeIfAbsent(file.getParent(), folder -> new HashSet<>());
            sources(file).map(Path::getParent).forEach(others::add);
            others.remove(file.getParent());
        }
        do folders.values().forEach(others -> others.retainAll(folders.keySet()));
        while (folders.values().removeIf(Set::isEmpty));
        assertEquals(Map.of(), folders);
    }

    /** So there is one version of each to raise. */
    @Test
    void aLibraryStandsInOneFile() throws IOException {
        List<String> libraries = new ArrayList<>();
        for (Path file : new Heads(ROOT).files()) {
            LIBRARY.matcher(text(file)).results().forEach(line -> libraries.add(line.group(1)));
        }
        assertTrue(libraries.size() > 4, libraries.toString());
        assertEquals(
                List.copyOf(new TreeSet<>(libraries)),
                libraries.stream().sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyScriptIsCompiledTheSameWay(Path script) {
        Set<Path> reached = new HashSet<>();
        reach(ROOT.resolve(script), reached);
        assertEquals(
                List.of("//COMPILE_OPTIONS -encoding UTF-8 -XDstringConcat=inline -XDignore.symbol.file"),
                reached.stream()
                        .flatMap(file -> text(file).lines())
                        .filter(line -> line.startsWith("//COMPILE_OPTIONS"))
                        .toList());
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

    /** JBang finds them by these lines, and a script runs without them until it needs one. */
    @Test
    void everyResourceIsNamedByTheFileThatLoadsIt() throws IOException {
        Set<Path> named = new TreeSet<>();
        for (Path file : new Heads(ROOT).files()) {
            FILE.matcher(text(file))
                    .results()
                    .forEach(
                            line -> named.add(file.resolveSibling(line.group(1)).normalize()));
        }
        try (Stream<Path> files = Stream.concat(Files.walk(ROOT.resolve("lib")), Files.walk(ROOT.resolve("sandbox")))) {
            assertEquals(
                    files.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().matches(".*\\.(java|sha256)"))
                            .collect(Collectors.toCollection(TreeSet::new)),
                    named);
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

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }
}
