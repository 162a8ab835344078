package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import harness.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;

/** The recipes, alone and inside a project's own justfile: with the newest just and with the oldest that is promised. */
class JustfileTest {
    private static final String OURS = Project.ROOT.resolve("deploy.just").toString();
    private static final Path JUSTW = Project.ROOT.resolve("justw");
    private static final String VERSION = "registry_token 0";

    /** Of the test class, since npm takes seconds to bring it. */
    @TempDir
    static Path fetched;

    private static Cloud cloud;

    @TempDir
    Path folder;

    private Path project;
    private Scripts scripts;
    private Path just;

    @BeforeAll
    static void start() {
        cloud = Cloud.builder().start();
    }

    @AfterAll
    static void end() {
        cloud.close();
    }

    @BeforeEach
    void home() throws IOException {
        scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        just = scripts.installed().resolve("just");
        project = Files.createDirectories(folder.resolve("their project"));
        Files.createDirectories(project.resolve("services"));
    }

    /** The oldest just that {@code justw} takes from the PATH. */
    private static String oldest() {
        try {
            Matcher line = Pattern.compile("(?m)^oldest=(\\S+)").matcher(Files.readString(JUSTW));
            assertTrue(line.find(), "justw names no oldest just");
            return line.group(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<String> versions() {
        return List.of("", oldest());
    }

    /** @param version of npm's packages; empty for the one that is installed */
    private void use(String version) throws IOException {
        if (version.isEmpty()) return;
        Tool.orSkip("npm");
        Path at = fetched.resolve(version);
        if (!Files.exists(at)) {
            Command.of("npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", at.toString())
                    .with("rust-just@" + version)
                    .run()
                    .succeeded();
        }
        String binary = Command.of("sh", "-c", "ls \"$0\"/node_modules/rust-just-*/bin/just", at.toString())
                .run()
                .succeeded()
                .out()
                .strip();
        just = Files.copy(Path.of(binary), folder.resolve("just"));
    }

    /** just itself, in a folder of the project, with the project's own justfile. */
    private Ran just(String... arguments) {
        return scripts.isolated(Command.of(just.toString()))
                .with(arguments)
                .in(project.resolve("services"))
                .run();
    }

    private void justfile(String text) throws IOException {
        Files.writeString(project.resolve("justfile"), text.replace("OURS", OURS));
    }

    private TestProject loggedIn() {
        return TestProject.in(project, URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
    }

    @Test
    void aloneItOnlyListsGroupsWithOneLineARecipe() {
        Ran ran = scripts.just("--list", "--unsorted").run().succeeded();
        assertEquals(ran.out(), Command.of(JUSTW.toString()).run().succeeded().out());
        for (String group : List.of("deploy", "account", "try", "share", "develop")) ran.outContains("[" + group + "]");
        ran.out()
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank() && !line.strip().startsWith("["))
                .forEach(line -> assertTrue(line.contains("# "), "says nothing of itself: " + line));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void itsRecipesActOnTheProjectThatImportsIt(String version) throws IOException {
        use(version);
        loggedIn();
        justfile("import 'OURS'\n\nhello:\n    @echo hello from the project\n");
        just("hello").succeeded().outContains("hello from the project");
        just().succeeded().outContains("hello from the project");
        just("token").succeeded().outContains("ten_demo");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void asAModuleToo(String version) throws IOException {
        use(version);
        loggedIn();
        justfile("mod cloud 'OURS'\n");
        just("cloud").succeeded().outContains("[deploy]").outContains("[account]");
        just("cloud", "token").succeeded().outContains("ten_demo");
        just("cloud::token", "--json").succeeded().outContains("\"tenant_id\":\"ten_demo\"");
    }

    @Test
    void bothInOneJustfile() throws IOException {
        justfile("import 'OURS'\nmod cloud 'OURS'\n");
        just("token", "--version").succeeded().outContains(VERSION);
        just("cloud", "token", "--version").succeeded().outContains(VERSION);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aProjectsOwnRecipesVariablesAndAliasesStayItsOwn(String version) throws IOException {
        use(version);
        justfile("""
            import 'OURS'

            systemprompt := 'theirs'
            args := 'theirs'
            alias d := deploy

            test suite:
                @echo "testing {{ suite }} of {{ systemprompt }} {{ args }}"

            format:
                @echo their format

            lint: format

            release: lint (test 'all') (token '--version')
            """);
        just("test", "unit").succeeded().outEquals("testing unit of theirs theirs");
        just("format").succeeded().outEquals("their format");
        just("release").succeeded().outContains("their format\ntesting all").outContains(VERSION);
        just("d", "--version").succeeded().outContains("deploy 0");
        just("token", "--version").succeeded().outContains(VERSION);
    }

    /** An alias with a name of ours cannot stand beside the import, which just refuses: the module has its own names. */
    @ParameterizedTest
    @MethodSource("versions")
    void aModuleLeavesEveryNameToTheProject(String version) throws IOException {
        use(version);
        justfile("""
            mod cloud 'OURS'

            alias deploy := build
            alias cloud-deploy := login

            build:
                @echo building

            login:
                @echo their login
            """);
        just("deploy").succeeded().outEquals("building");
        just("login").succeeded().outEquals("their login");
        just("cloud", "deploy", "--version").succeeded().outContains("deploy 0");
        just("cloud", "login", "--version").succeeded().outContains("login 0");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whoAllowsDuplicatesKeepsARecipeOfTheSameName(String version) throws IOException {
        use(version);
        justfile("""
            import 'OURS'
            set allow-duplicate-recipes
            set allow-duplicate-variables

            deploy:
                @echo their deploy
            """);
        just("deploy").succeeded().outEquals("their deploy");
        just("token", "--version").succeeded().outContains(VERSION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set shell := ['bash', '-cu']",
                "set shell := ['pwsh', '-NoLogo', '-Command']",
                "set shell := ['nu', '-c']",
                "set shell := ['python3', '-c']",
                "set windows-shell := ['pwsh.exe', '-c']",
                "set positional-arguments",
                "set dotenv-load",
                "set export",
                "set quiet",
                "set unstable",
                "set fallback",
                "set ignore-comments",
                "set working-directory := 'services'"
            })
    void whateverIsSetThereOursRunInAShellOfTheirOwn(String setting) throws IOException {
        for (String version : versions()) {
            use(version);
            justfile(setting + "\nimport 'OURS'\n");
            Ran ran = just("token", "--project", "no $uch  folder", "--json").exitedWith(78);
            assertTrue(ran.json().at("/error/message").asText().contains("no $uch  folder"), ran.toString());
            assertFalse(ran.err().contains("ecipe"), "just's own complaint adds nothing");
        }
    }

    @Test
    void theirRecipesRunInTheirShell() throws IOException {
        Tool.orSkip("python3");
        justfile("import 'OURS'\nset shell := ['python3', '-c']\n\nhello:\n    @print('hello ' * 2)\n");
        just("hello").succeeded().outEquals("hello hello");
        just("token", "--version").succeeded().outContains(VERSION);
    }

    @Test
    void aHintNamesTheRecipeOrTheModuleThatWasCalled() throws IOException {
        justfile("import 'OURS'\nmod cloud 'OURS'\n");
        just("token").exitedWith(78).errContains("Run 'just login' in the project's folder");
        Ran ran = just("cloud", "token", "--json").exitedWith(78).errContains("Run 'just cloud login' in");
        assertTrue(ran.json().at("/error/hint").asText().startsWith("Run 'just cloud login'"), ran.toString());
        justfile("mod ops\n");
        Files.writeString(project.resolve("ops.just"), "mod cloud '" + OURS + "'\n");
        just("ops::cloud::token").exitedWith(78).errContains("Run 'just ops cloud login' in");
        just("ops", "cloud", "token", "--nope").exitedWith(2).errContains("See 'just ops cloud token --help'");
    }

    @Test
    void aHintNamesTheJustfileThatIsNotFoundFromHere() throws IOException {
        justfile("import 'OURS'\nmod cloud 'OURS'\n");
        scripts.isolated(Command.of(just.toString(), "--justfile", project + "/justfile", "cloud", "whoami", "--nope"))
                .in(folder)
                .run()
                .exitedWith(2)
                .errContains(
                        "See 'just --justfile " + project.toString().replace(" ", "\\ ") + "/justfile cloud whoami");
    }

    @Test
    void aHintNamesJustwAsItWasTyped() {
        scripts.just("token").in(project).run().exitedWith(78).errContains("Run '" + JUSTW + " login' in");
        scripts.isolated(Command.of("./justw", "token", "-C", project.toString()))
                .in(Project.ROOT)
                .run()
                .exitedWith(78)
                .errContains("Run './justw login' in");
    }

    @Test
    void aJustOnThePathThatLeadsBackToJustwIsPassedBy() throws IOException {
        String wrapper = "'" + JUSTW + "' \"$@\"";
        scripts.just("--version")
                .env("PATH", path("#!/bin/sh\n" + wrapper + "\n"))
                .run()
                .succeeded()
                .outContains("just ");
    }

    @Test
    void justwBringsItsOwnWhereTheOneOnThePathIsTooOld() throws IOException {
        String version = scripts.just("--version").run().succeeded().out();
        for (String old : List.of("just 1.21.0", "just 1.9.0", "just 0.11.2", "not just at all")) {
            scripts.just("--version")
                    .env("PATH", path("#!/bin/sh\necho '" + old + "'\n"))
                    .run()
                    .succeeded()
                    .outEquals(version.strip());
        }
    }

    @Test
    void justwTakesTheOldestThatWorksFromThePath() throws IOException {
        use(oldest());
        scripts.just("--version")
                .env("PATH", path("#!/bin/sh\nexec '" + just + "' \"$@\"\n"))
                .run()
                .succeeded()
                .outEquals("just " + oldest());
        scripts.just("token", "--version")
                .env("PATH", path("#!/bin/sh\nexec '" + just + "' \"$@\"\n"))
                .run()
                .succeeded()
                .outContains(VERSION);
    }

    @Test
    void theOldestThatWorksIsNamedWhereItIsImported() throws IOException {
        String minor = oldest().replaceFirst("\\.0$", "");
        for (String file : List.of("deploy.just", "docs/reference.md")) {
            assertTrue(Files.readString(Project.ROOT.resolve(file)).contains("just " + minor), file);
        }
    }

    /** A PATH that begins with a {@code just} of this text. */
    private String path(String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve("just");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.getParent() + ":" + System.getenv("PATH");
    }

    @Test
    void aRecipeSeesNothingOfThat() throws IOException {
        justfile("import '" + Project.ROOT.resolve("justfile")
                + "'\n\nseen:\n    @echo \"[${JUSTW-}${SYSTEMPROMPT_JUSTW-}]\"\n");
        scripts.isolated(Command.of(just.toString(), "seen"))
                .in(project)
                .env("JUSTW", "1")
                .env("SYSTEMPROMPT_JUSTW", "./justw")
                .run()
                .succeeded()
                .outContains("[]");
    }

    @Test
    void passesOnWordsWithSpacesAndTheExitCode() throws IOException {
        justfile("import 'OURS'\n");
        Ran ran = just("token", "--project", "no such folder", "--json").exitedWith(78);
        assertTrue(ran.json().path("error").path("message").asText().contains("no such folder"), ran.toString());
        assertFalse(ran.err().contains("recipe"), "just's own complaint adds nothing");
    }
}
