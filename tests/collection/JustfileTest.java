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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** The recipes, alone and inside a project's own justfile. */
class JustfileTest {
    private static final Path OURS = Project.ROOT.resolve("justfile");

    @TempDir
    Path project;

    private Scripts scripts;
    private Path just;

    @BeforeEach
    void home() throws IOException {
        scripts = new Scripts(Files.createDirectories(project.resolve("home")));
        just = scripts.installed().resolve("just");
    }

    /**
     * just itself, in a folder of the project, with the project's own justfile; justw would name ours, and leaves the
     * variable.
     */
    private Ran just(String... arguments) throws IOException {
        return scripts.isolated(Command.of(just.toString(), "--justfile", project + "/justfile"))
                .with("--working-directory", ".")
                .with(arguments)
                .in(project.resolve("services"))
                .env("JUSTW", "1")
                .run();
    }

    private void justfile(String text) throws IOException {
        Files.createDirectories(project.resolve("services"));
        Files.writeString(project.resolve("justfile"), text);
    }

    @Test
    void aloneItOnlyListsGroupsWithOneLineARecipe() {
        Ran ran = scripts.just("--list", "--unsorted").run().succeeded();
        assertEquals(
                ran.out(), Command.of(Project.ROOT + "/justw").run().succeeded().out());
        for (String group : List.of("deploy", "account", "try", "share", "develop")) ran.outContains("[" + group + "]");
        ran.out()
                .lines()
                .skip(1)
                .filter(line -> !line.isBlank() && !line.strip().startsWith("["))
                .forEach(line -> assertTrue(line.contains("# "), "says nothing of itself: " + line));
    }

    @Test
    void itsRecipesActOnTheProjectThatImportsIt() throws IOException {
        justfile("import '" + OURS + "'\n\nhello:\n    @echo hello from the project\n");
        just("hello").succeeded().outContains("hello from the project");
        try (Cloud cloud = Cloud.builder().start()) {
            TestProject.in(project, URI.create(cloud.apiUrl()))
                    .token(cloud.operatorToken().reveal());
            just("token").succeeded().outContains("ten_demo");
        }
    }

    @Test
    void asAModuleToo() throws IOException {
        justfile("mod cloud '" + OURS + "'\n");
        just("cloud").succeeded().outContains("[deploy]");
        try (Cloud cloud = Cloud.builder().start()) {
            TestProject.in(project, URI.create(cloud.apiUrl()))
                    .token(cloud.operatorToken().reveal());
            just("cloud", "token").succeeded().outContains("ten_demo");
            just("cloud::token", "--json").succeeded().outContains("\"tenant_id\":\"ten_demo\"");
        }
    }

    @Test
    void aProjectsOwnRecipeWinsOverTheImportedOne() throws IOException {
        justfile("import '" + OURS + "'\n\ntest:\n    @echo its own tests\n");
        just("test").succeeded().outContains("its own tests");
    }

    @Test
    void aJustOnThePathThatLeadsBackToJustwIsPassedBy() throws IOException {
        Path wrapper = Files.createDirectories(project.resolve("bin")).resolve("just");
        Files.writeString(wrapper, "#!/bin/sh\n'" + Project.ROOT + "/justw' \"$@\"\n");
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
        scripts.just("--version")
                .env("PATH", wrapper.getParent() + ":" + System.getenv("PATH"))
                .run()
                .succeeded()
                .outContains("just ");
    }

    @Test
    void aRecipeSeesNothingOfThat() throws IOException {
        justfile("import '" + OURS + "'\n\nseen:\n    @echo \"[${JUSTW-}]\"\n");
        just("seen").succeeded().outContains("[]");
    }

    @Test
    void passesOnWordsWithSpacesAndTheExitCode() throws IOException {
        justfile("import '" + OURS + "'\n");
        Ran ran = just("token", "--project", "no such folder", "--json").exitedWith(78);
        assertTrue(ran.json().path("error").path("message").asText().contains("no such folder"), ran.toString());
        assertFalse(ran.err().contains("recipe"), "just's own complaint adds nothing");
    }
}
