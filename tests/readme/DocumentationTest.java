package readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Engine;
import harness.Project;
import harness.Scripts;
import harness.TestProject;
import harness.WebFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import sandbox.Cloud;

/**
 * What the README and the pages of docs/ say is true. A {@code sh} block is run line by line; after a comment {@code <!-- run in a project -->}
 * as a whole, in a project of one's own; a comment {@code <!-- not run: why -->} says why it is not. A comment
 * {@code <!-- options: deploy -->} binds the next table to a script's options.
 */
class DocumentationTest {
    private static final Map<Path, String> PAGES = pages();
    private static final String ALL = String.join("\n", PAGES.values());
    private static final Pattern BLOCK = Pattern.compile(
            "(?m)(?:^<!-- (?<how>not run: .*|run in a project) -->\\n)?^```sh\\n(?<lines>(?:.*\\n)*?)```$");
    private static final Pattern TABLE =
            Pattern.compile("(?m)^<!-- options: (?<script>\\w+) -->\\n(?<rows>(?:\\|.*\\n)+)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");

    @TempDir
    Path folder;

    /** @param how the comment before the blocks; empty for those without */
    private static Stream<String> blocks(String how) {
        return BLOCK.matcher(ALL)
                .results()
                .filter(block -> how.equals(Optional.ofNullable(block.group(1)).orElse("")))
                .map(block -> block.group(2));
    }

    static Stream<String> commands() {
        return blocks("").flatMap(String::lines).filter(line -> !line.isBlank() && !line.startsWith("#"));
    }

    static Stream<String> bound() {
        return TABLE.matcher(ALL).results().map(table -> table.group(1));
    }

    @ParameterizedTest
    @MethodSource("commands")
    @Timeout(300)
    void runsEveryCommandItShows(String line) throws IOException {
        // All the tests would run themselves again, without an end: a few show that the command works.
        String command = line.equals("./justw test") ? line + " SecretTest" : line;
        Path home = Files.createDirectories(folder.resolve("home"));
        new Scripts(home)
                .isolated(Command.of("sh", "-c", command))
                .in(Project.ROOT)
                .within(Duration.ofMinutes(5))
                .run()
                .succeeded();
    }

    @Test
    @Timeout(600)
    void runsWhatItShowsForAProjectOfOnesOwn() throws IOException {
        Engine engine = Engine.orSkip();
        Path project = folder.resolve("acme");
        Scripts scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        Path installed = scripts.installed();
        Consumer<String> typed = text -> engine.serving(scripts.isolated(Command.of("bash", "-ec", text)))
                .in(project)
                .env("PATH", installed + ":" + System.getenv("PATH"))
                .env("JBANG_DIR", folder.resolve("jbang").toString())
                .within(Duration.ofMinutes(5))
                .run()
                .succeeded();
        try (Cloud cloud = Cloud.start();
                WebFolder web = new WebFolder(Project.ROOT)) {
            TestProject.in(project, URI.create(cloud.apiUrl()))
                    .token(cloud.operatorToken().reveal())
                    .file("justfile", justfile());
            for (String block : blocks("run in a project").toList()) {
                typed.accept(block.replace("https://example.com/", web.url(""))
                        .replace("../systemprompt-deploy", Project.ROOT.toString()));
            }
            assertTrue(Files.exists(project.resolve("tools/VENDORED")));
            assertEquals(1, cloud.deployments().size());
            typed.accept("just deploy");
            typed.accept("just cloud deploy");
            assertEquals(3, cloud.deployments().size());
        }
    }

    /** What a project's own justfile may hold. */
    private static String justfile() {
        Matcher block = Pattern.compile("(?m)^```just\\n((?:.*\\n)*?)```$").matcher(ALL);
        assertTrue(block.find(), "no justfile is shown");
        return block.group(1).replace("../systemprompt-deploy", Project.ROOT.toString());
    }

    @Test
    void saysWhyOfEachBlockThatIsNotRun() {
        BLOCK.matcher(ALL)
                .results()
                .map(block -> Optional.ofNullable(block.group(1)).orElse(""))
                .filter(how -> how.startsWith("not run: "))
                .forEach(how -> assertTrue(how.length() > "not run: ".length() + 10, how));
        assertTrue(commands().findAny().isPresent(), "no command is run at all");
        assertFalse(ALL.contains("\n$ "), "a prompt cannot be pasted");
    }

    @ParameterizedTest
    @MethodSource("bound")
    void listsExactlyTheOptionsOfAScript(String script) throws ReflectiveOperationException {
        String rows = TABLE.matcher(ALL)
                .results()
                .filter(table -> table.group(1).equals(script))
                .map(table -> table.group(2))
                .collect(Collectors.joining());
        Set<String> listed = rows.lines()
                .map(row -> row.split("(?<!\\\\)\\|")[1])
                .flatMap(cell -> OPTION.matcher(cell).results())
                .map(option -> option.group())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(options(script), listed);
    }

    @Test
    void bindsTheOptionsOfDeployAndThoseOfAllScripts() {
        assertTrue(bound().toList().containsAll(Set.of("common", "deploy")));
    }

    private static Set<String> options(String script) throws ReflectiveOperationException {
        Set<String> common = names(CommandSpec.forAnnotatedObject(new CommonOptions()));
        if (script.equals("common")) return common;
        var constructor = Class.forName(script).getDeclaredConstructor();
        constructor.setAccessible(true);
        Set<String> own = names(new CommandLine(constructor.newInstance()).getCommandSpec());
        own.removeAll(common);
        return own;
    }

    private static Set<String> names(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Arrays.stream(option.names()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void namesNoRecipeThatThereIsNot() {
        Set<String> recipes = Set.of(Command.of(Project.ROOT + "/justw", "--summary")
                .run()
                .succeeded()
                .out()
                .strip()
                .split(" "));
        Pattern.compile("(?m)(?:`|^)(?:\\./)?justw? ([a-z]+)")
                .matcher(ALL)
                .results()
                .map(use -> use.group(1))
                .forEach(recipe -> assertTrue(recipes.contains(recipe), "no recipe: " + recipe));
    }

    @Test
    void linksToFilesAndHeadingsThatExist() {
        PAGES.forEach((page, text) -> LINK.matcher(text).results().forEach(link -> {
            Path file = link.group(1).isEmpty()
                    ? page
                    : page.resolveSibling(link.group(1)).normalize();
            assertTrue(Files.exists(file), page + " links to " + file);
            if (link.group(2) != null)
                assertTrue(headings(file).contains(link.group(2)), page + " links to " + link.group());
        }));
    }

    /** As GitHub names them. */
    private static Set<String> headings(Path page) {
        return Pattern.compile("(?m)^#+ (.*)$")
                .matcher(read(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void isAFrontDoorOfOneScreenAndAHalf() {
        String readme = PAGES.get(Project.ROOT.resolve("README.md"));
        assertTrue(readme.lines().count() <= 150, readme.lines().count() + " lines");
        long words = Pattern.compile("\\S+").matcher(readme).results().count();
        assertTrue(words <= 1100, words + " words");
    }

    private static Map<Path, String> pages() {
        Map<Path, String> pages = new TreeMap<>();
        try (Stream<Path> docs = Files.list(Project.ROOT.resolve("docs"))) {
            Stream.concat(Stream.of("README.md", "CONTRIBUTING.md").map(Project.ROOT::resolve), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(file -> pages.put(file, read(file)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return pages;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
