package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvocationTest {
    private static final String HINT = "Run 'just login', then 'just whoami -v'";
    private static final String JBANG_BUILD = "/cache/jars/deploy.java.0a1b/deploy.jar:/m2/picocli.jar";

    @TempDir
    Path folder;

    private String typed(Map<String, String> variables, String classPath) {
        return new Invocation(variables, classPath, folder).rewritten(HINT);
    }

    @Test
    void namesTheRecipesWhereNothingElseIsKnown() {
        assertEquals(HINT, typed(Map.of(), "/cache/builds/0a1b/scripts.jar"));
        assertEquals(HINT, typed(Map.of(), "/cache/jars/run.java.0a1b/run.jar:/m2/picocli.jar"));
    }

    @Test
    void namesJustwAsItWasTyped() {
        assertEquals(
                "Run './justw login', then './justw whoami -v'",
                typed(Map.of("SYSTEMPROMPT_JUSTW", "./justw", "SYSTEMPROMPT_JUSTFILE", "/x/justfile"), ""));
        assertEquals(
                "Run '/a\\ b\\'s\\$/justw login', then '/a\\ b\\'s\\$/justw whoami -v'",
                typed(Map.of("SYSTEMPROMPT_JUSTW", "/a b's$/justw"), ""));
    }

    @Test
    void namesTheJustfileThatJustWouldNotFindHere() throws IOException {
        Path other =
                Files.writeString(Files.createDirectory(folder.resolve("other")).resolve("justfile"), "");
        Map<String, String> variables =
                Map.of("SYSTEMPROMPT_JUSTFILE", other.toString(), "SYSTEMPROMPT_MODULE", other.toString());
        String just = "just --justfile " + other;
        assertEquals("Run '" + just + " login', then '" + just + " whoami -v'", typed(variables, ""));
        Files.createSymbolicLink(folder.resolve("Justfile"), other);
        assertEquals(HINT, typed(variables, ""));
    }

    @Test
    void namesTheScriptBesideTheOneThatJbangRuns() throws IOException {
        copy("my tools", "deploy.java", "login.java");
        assertEquals(
                "Run 'jbang my\\ tools/login.java', then 'jbang my\\ tools/login.java whoami -v'",
                typed(Map.of(), JBANG_BUILD));
        assertEquals(
                "Run './jbang my\\ tools/login.java', then './jbang my\\ tools/login.java whoami -v'",
                typed(Map.of("JBANG_LAUNCH_CMD", "./jbang", "PATH", "/bin:/opt"), JBANG_BUILD));
        assertEquals(
                "Run 'jbang my\\ tools/login.java', then 'jbang my\\ tools/login.java whoami -v'",
                typed(Map.of("JBANG_LAUNCH_CMD", "/opt/jbang", "PATH", "/bin:/opt"), JBANG_BUILD));
    }

    @Test
    void findsTheScriptsFromAFolderOfTheProjectToo() throws IOException {
        copy("tools", "deploy.java", "login.java");
        Files.createDirectory(folder.resolve(".systemprompt"));
        Path services = Files.createDirectory(folder.resolve("services"));
        assertEquals(
                "jbang ../tools/login.java", new Invocation(Map.of(), JBANG_BUILD, services).rewritten("just login"));
    }

    @Test
    void saysOfAScriptThatWasNotCopiedThatItIsMissing() throws IOException {
        copy("tools", "deploy.java");
        assertEquals(
                "Run 'jbang tools/login.java'. login.java was not copied yet: 'just vendor' does that",
                new Invocation(Map.of(), JBANG_BUILD, folder).rewritten("Run 'just login'"));
    }

    /** A script from an address or a catalog: JBang tells it neither. */
    @Test
    void namesTheScriptAloneWhereItIsNotOnThisMachine() {
        assertEquals("Run 'login', then 'login whoami -v'", typed(Map.of(), JBANG_BUILD));
    }

    @Test
    void leavesWordsAndOtherCommandsAsTheyAre() {
        Invocation justw = new Invocation(Map.of("SYSTEMPROMPT_JUSTW", "./justw"), "", folder);
        for (String text :
                new String[] {"just written", "just deployed", "adjust login", "./just login", "just demo"}) {
            assertEquals(text, justw.rewritten(text));
        }
        assertEquals("./justw login", justw.rewritten(justw.rewritten("just login")));
    }

    @Test
    void knowsTheRecipeOfEachScript() {
        assertEquals("just token", Invocation.recipe("registry_token"));
        assertEquals("just whoami", Invocation.recipe("login whoami"));
        assertEquals("just tenant use", Invocation.recipe("tenant use"));
        assertEquals("demo", Invocation.recipe("demo"));
    }

    private void copy(String tools, String... files) throws IOException {
        Path lib = Files.createDirectories(folder.resolve(tools).resolve("lib"));
        Files.writeString(lib.resolve("Invocation.java"), "");
        for (String file : files) Files.writeString(folder.resolve(tools).resolve(file), "");
    }
}
