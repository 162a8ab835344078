package collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Project;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.Tenant;

/** The real scripts with what a machine's administrator or a container's image has set for every program. */
class SurroundingsTest {
    private static final String NAME = "Käserei";

    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.start();
    private Path named;
    private Path plain;

    @BeforeEach
    void projects() throws IOException {
        cloud.put(Tenant.of("ten_two", NAME, "sp-second"));
        named = project("Käse");
        plain = project("plain");
    }

    private Path project(String name) throws IOException {
        Path project = Files.createDirectories(folder.resolve(name));
        TestProject.in(project, URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
        return project;
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LANG=xx_YY.UTF-8"})
    void aFolderAndATenantWithAnUmlautAreFoundAndShownInUtf8(String locale) throws IOException {
        Ran ran = in(locale, scripts().run("tenant.java", "use", "käserei", "--json"))
                .in(named)
                .run()
                .succeeded();
        assertEquals("ten_two", ran.json().path("tenant_id").asText(), ran.toString());
        in(locale, scripts().run("tenant.java", "list"))
                .in(named)
                .run()
                .succeeded()
                .outContains(NAME);
    }

    /** As of another JBang than ours, which sets no locale. */
    @Test
    void aJavaWithoutALocaleIsToldWhichOneToSet() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Command list = in(
                "LC_ALL=C",
                scripts()
                        .isolated(Command.of(java, "-cp", System.getProperty("java.class.path"), "tenant"))
                        .with("list", "--json"));
        assertTrue(list.in(plain).run().succeeded().out().contains(NAME));
        Ran ran = list.in(named).run().exitedWith(78);
        assertEquals(
                "Set one of UTF-8: export LC_ALL=C.UTF-8",
                ran.json().path("error").path("hint").asText());
    }

    @Test
    void aCollectorThatIsChosenForEveryProgramIsUsedByJbangToo() throws IOException {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"))
            scripts()
                    .jbang("registry_token.java")
                    .in(plain)
                    .env(variable, "-XX:+UseG1GC")
                    .run()
                    .succeeded();
    }

    /** It is the JDK's, and goes past everything that masks. */
    @Test
    void theJdksOwnLogOfRequestsShowsNoToken() throws IOException {
        scripts()
                .run("registry_token.java", "--check")
                .in(plain)
                .env("JAVA_TOOL_OPTIONS", "-Djdk.httpclient.HttpClient.log=all -Djdk.internal.httpclient.debug=true")
                .run()
                .succeeded()
                .errLacks("Authorization")
                .errLacks(cloud.operatorToken().reveal());
    }

    @Test
    void aResultThatIsLostIsAFailureUnlessItsReaderWantedNoMore() throws IOException {
        String token = "set -o pipefail; '" + Project.ROOT.resolve("bin/run") + "' registry_token.java --json ";
        scripts()
                .isolated(Command.of("bash", "-c", token + ">/dev/full"))
                .in(plain)
                .run()
                .exitedWith(69)
                .errContains("its result cannot be written to stdout");
        scripts()
                .isolated(Command.of("bash", "-c", token + "| true"))
                .in(plain)
                .run()
                .succeeded();
    }

    /** Whoever comes first would own it, and the others would use what is his. */
    @Test
    void noShellScriptNamesAFileInTheFolderForTemporaryFiles() throws IOException {
        for (String each : List.of("bin", ".ci", "justw", "examples"))
            try (Stream<Path> files = Files.walk(Project.ROOT.resolve(each))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith(".java"))
                        .toList()) assertFalse(Files.readString(file).matches("(?s).*/tmp/\\w.*"), file.toString());
            }
    }

    private Scripts scripts() throws IOException {
        return new Scripts(Files.createDirectories(folder.resolve("home")));
    }

    private static Command in(String locale, Command command) {
        String[] variable = locale.split("=");
        return command.without("LC_*", "LANG").env(variable[0], variable[1]);
    }
}
