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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.cli.CommonOptions.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sandbox.Cloud;
import sandbox.SampleArchive;

/** Scripts copied into another repository. */
class VendorTest {
    @TempDir
    Path folder;

    private Command vendor(String... arguments) {
        return Command.of(Project.ROOT.resolve("bin/vendor").toString())
                .in(folder)
                .with(arguments);
    }

    private Path copied(String file) {
        return folder.resolve("other/tools").resolve(file);
    }

    private void change(String file) throws IOException {
        Files.writeString(copied(file), "// changed here\n", StandardOpenOption.APPEND);
    }

    @Test
    void aNewRepositoryWithThreeCopiedScriptsDeploys() throws IOException {
        Path project = Files.createDirectories(folder.resolve("other"));
        Command.of("git", "init", "-q", project.toString()).run().succeeded();
        vendor("other/tools", "deploy", "registry_token", "docker_push").run().succeeded();
        try (Cloud cloud = Cloud.builder().start()) {
            TestProject.in(project, URI.create(cloud.apiUrl()))
                    .token(cloud.operatorToken().reveal());
            Path archive = folder.resolve("image.tar");
            Files.createDirectories(folder.resolve("image/services"));
            Files.writeString(folder.resolve("image/services/page.html"), "hello");
            SampleArchive.write(archive, folder.resolve("image"));

            Ran deployed =
                    copy("deploy.java", "--archive", archive.toString()).run().succeeded();

            assertTrue(deployed.out().startsWith(cloud.apiUrl()), deployed.toString());
            assertEquals(1, cloud.deployments().size());
            copy("registry_token.java").run().succeeded().outContains("password_sha256_prefix");
            copy("docker_push.java", "--archive", archive.toString(), "--tag", "again")
                    .run()
                    .succeeded()
                    .outContains("@sha256:");
        }
    }

    /** Nothing but jbang, from the project that holds the copy. */
    private Command copy(String script, String... arguments) throws IOException {
        Scripts scripts = new Scripts(Files.createDirectories(folder.resolve("home")));
        return scripts.isolated(
                        Command.of(Scripts.JBANG, copied(script).toString()).with(arguments))
                .in(folder.resolve("other"))
                .env("DOCKER_HOST", "unix://" + folder.resolve("no-engine.sock"))
                .within(Duration.ofMinutes(2));
    }

    @Test
    void copiesTheScriptItsFilesAndANoteThatSumsCanBeCheckedBy() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        List<String> note = Files.readAllLines(copied("VENDORED"));
        assertTrue(note.contains("# version " + Version.NUMBER), note.toString());
        assertTrue(note.contains("# scripts registry_token"), note.toString());
        assertTrue(note.stream().anyMatch(line -> line.matches("# commit [0-9a-f]{40}|# commit unknown")));
        assertFalse(Files.exists(copied("deploy.java")), "not asked for");
        assertFalse(Files.exists(copied("sandbox")), "no script needs it");
        assertFalse(Files.exists(copied("tests")));
        Command.of("sh", "-c", "grep -v '^#' VENDORED | (sha256sum -c - || shasum -a 256 -c -)")
                .in(copied("."))
                .run()
                .succeeded();
    }

    /** Somebody who copies a script reads what comes along: a limit to notice when one drags half of the collection in. */
    @ParameterizedTest
    @CsvSource({"registry_token, 36", "login, 36", "tenant, 40", "releases, 40", "docker_push, 58", "deploy, 78"})
    void aScriptCarriesFewFiles(String script, int most) throws IOException {
        vendor("other/tools", script).run().succeeded();
        List<String> files = Files.readAllLines(copied("VENDORED")).stream()
                .filter(line -> line.endsWith(".java"))
                .toList();
        assertTrue(files.size() <= most, files.size() + " files: " + files);
    }

    @Test
    void runAgainItUpdatesWhatNobodyChangedHere() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        String current = Files.readString(copied("lib/Json.java"));
        Files.writeString(copied("lib/Json.java"), "// an older version\n");
        recordAsCopied("lib/Json.java");
        vendor("other/tools").run().succeeded().errContains("1 updated");
        assertEquals(current, Files.readString(copied("lib/Json.java")));
    }

    @Test
    void removesWhatIsNoLongerNeeded() throws IOException {
        vendor("other/tools", "login", "deploy").run().succeeded();
        assertTrue(Files.exists(copied("deploy.java")) && Files.exists(copied("lib/docker")));
        vendor("other/tools", "login").run().succeeded();
        vendor("fresh", "login").run().succeeded();
        assertEquals(filesIn("fresh"), filesIn("other/tools"));
        assertFalse(filesIn("fresh").contains("deploy.java"));
    }

    private Set<String> filesIn(String copy) throws IOException {
        Path root = folder.resolve(copy);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void showsWhatWasChangedHereAndCopiesNothingOverIt() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        change("lib/Json.java");
        Files.delete(copied("lib/Secret.java"));
        vendor("other/tools")
                .run()
                .exitedWith(1)
                .errContains("\n  lib/Json.java\n")
                .errContains("+// changed here")
                .errContains("--force");
        assertTrue(Files.readString(copied("lib/Json.java")).endsWith("// changed here\n"));
        assertFalse(Files.exists(copied("lib/Secret.java")), "nothing at all is copied");
    }

    @Test
    void overwritesChangesWhenForcedAndStillShowsThem() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        change("lib/Json.java");
        vendor("--force", "other/tools").run().succeeded().errContains("+// changed here");
        assertEquals(
                Files.readString(Project.ROOT.resolve("lib/Json.java")), Files.readString(copied("lib/Json.java")));
    }

    @Test
    void overwritesNoFileThatItDidNotCopy() throws IOException {
        Files.createDirectories(copied("."));
        Files.writeString(copied("deploy.java"), "// another deploy\n");
        vendor("other/tools", "deploy").run().exitedWith(1).errContains("  deploy.java\n");
        assertEquals("// another deploy\n", Files.readString(copied("deploy.java")));
    }

    @Test
    void deletesNothingOutsideItsFolderWhateverItsNoteSays() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        Path mine = Files.writeString(folder.resolve("mine"), "");
        String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Files.writeString(
                copied("VENDORED"),
                empty + "  ../../mine\n" + empty + "  lib/../../../mine\n" + empty + "  " + mine + "\n",
                StandardOpenOption.APPEND);
        vendor("other/tools").run().succeeded();
        assertTrue(Files.exists(mine));
    }

    @Test
    void whatItsNoteSaysIsDataAndNoCommand() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        Files.writeString(folder.resolve("payload"), "touch '" + folder.resolve("ran") + "'\n");
        note(line -> line.startsWith("# scripts ") ? "# scripts registry_token\n# scripts sh payload" : line);
        vendor("other/tools").run();
        note(line -> line.startsWith("# scripts ") ? "# scripts sh payload" : line);
        vendor("other/tools").run().exitedWith(2).errContains("there is no script 'sh' here");
        note(line -> line.startsWith("# scripts ") ? "# scripts $(touch " + folder + "/ran)" : line);
        vendor("other/tools").run();
        assertFalse(Files.exists(folder.resolve("ran")));
        assertFalse(Files.exists(copied("sh.java")));
    }

    @Test
    void aCommitInItsNoteIsNoOptionForGit() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        change("registry_token.java");
        note(line -> line.startsWith("# commit ") ? "# commit --output=" + folder + "/written" : line);
        vendor("other/tools").run().exitedWith(1).errContains("+// changed here");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("other")), files.toList());
        }
    }

    @Test
    void nothingIsReadWrittenOrDeletedThroughALink() throws IOException {
        for (String link : List.of("lib/Json.java", "lib", "lib/api", "VENDORED")) {
            vendor("--force", "other/tools", "registry_token", "deploy").run().succeeded();
            Path elsewhere = Files.move(copied(link), folder.resolve("elsewhere"));
            Files.createSymbolicLink(copied(link), elsewhere);
            if (link.endsWith(".java")) Files.writeString(elsewhere, "a secret of somebody's\n");
            List<String> before = everyFileOf(elsewhere);
            for (String[] arguments :
                    new String[][] {{"other/tools"}, {"--force", "other/tools"}, {"other/tools", "registry_token"}}) {
                vendor(arguments)
                        .run()
                        .exitedWith(78)
                        .errContains("  " + link + " is a symbolic link\n")
                        .errContains("nothing was copied")
                        .errLacks("a secret of somebody's");
                assertEquals(before, everyFileOf(elsewhere), link);
            }
            Command.of("rm", "-r", folder.resolve("other").toString(), elsewhere.toString())
                    .run()
                    .succeeded();
        }
    }

    @Test
    void whatIsInTheWayIsNamed() throws IOException {
        Files.createDirectories(copied("lib/Json.java"));
        Files.writeString(copied("deploy.java"), "");
        Files.delete(copied("deploy.java"));
        Command.of("mkfifo", copied("registry_token.java").toString()).run().succeeded();
        vendor("other/tools", "registry_token")
                .run()
                .exitedWith(78)
                .errContains("  lib/Json.java is no file\n")
                .errContains("  registry_token.java is no file\n");
    }

    @Test
    void lineEndsOfACheckoutAreNoChange() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        String json = Files.readString(copied("lib/Json.java"));
        for (Path file : List.of(copied("lib/Json.java"), copied("registry_token.java"), copied("VENDORED")))
            Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        vendor("other/tools")
                .run()
                .succeeded()
                .errContains(" 0 new, 0 updated, 0 removed")
                .errLacks("+++");
        assertEquals(json, Files.readString(copied("lib/Json.java")));
    }

    @Test
    void aLongDifferenceIsCutAndCannotDriveATerminal() throws IOException {
        vendor("other/tools", "registry_token").run().succeeded();
        for (String file : List.of(
                "lib/Json.java",
                "lib/Secret.java",
                "lib/Digest.java",
                "lib/Stage.java",
                "lib/Retry.java",
                "lib/Printable.java")) Files.writeString(copied(file), "\u001b]0;title\u0007 \u009b2J\n".repeat(1000));
        Ran ran = vendor("other/tools")
                .run()
                .exitedWith(1)
                .errContains("more lines")
                .errContains("  lib/Json.java\n");
        assertTrue(ran.err().lines().count() < 250, ran.err());
        assertFalse(ran.err().matches("(?s).*[\\p{Cc}&&[^\n\t]].*"), "a control character");
    }

    @Test
    void nothingOfARunIsLeftInTheFolderAndItNeedsNoHome() throws IOException {
        vendor("other/tools", "registry_token")
                .without("HOME", "XDG_CACHE_HOME")
                .run()
                .succeeded();
        vendor("other/tools", "depoly").without("HOME", "XDG_CACHE_HOME").run().exitedWith(2);
        try (Stream<Path> files = Files.list(copied("."))) {
            assertEquals(
                    List.of("VENDORED", "lib", "registry_token.java"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private void note(UnaryOperator<String> edit) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(copied("VENDORED")));
        lines.replaceAll(edit);
        Files.write(copied("VENDORED"), lines);
    }

    private static List<String> everyFileOf(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file + " " + sha256(file))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void theirTestsGoAlongWhenAskedForAndPassThere() {
        vendor("--tests", "other/tools", "deploy", "registry_token", "docker_push")
                .run()
                .succeeded();
        assertTrue(Files.exists(copied("tests/lib/api")) && Files.exists(copied("tests/deploy")));
        for (String ours : List.of("collection", "readme", "journey")) {
            assertFalse(Files.exists(copied("tests").resolve(ours)), "about this repository, not about a copy");
        }
        Command.of(Scripts.JBANG, copied("tests/run.java").toString(), "SecretTest", "api.ApiCallTest")
                .in(copied("."))
                .within(Duration.ofMinutes(5))
                .run()
                .succeeded()
                .outContains("0 failed");
    }

    @Test
    void saysWhatItTakesWhenItIsToldTooLittleOrNonsense() throws IOException {
        vendor().run().exitedWith(2).errContains("Usage: just vendor");
        vendor("--fast", "other").run().exitedWith(2).errContains("--fast");
        vendor("other/tools", "depoly").run().exitedWith(2).errContains("no script 'depoly'");
        vendor(Project.ROOT.toString()).run().exitedWith(2).errContains("this repository");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Project.ROOT);
        vendor(link + "/copy").run().exitedWith(2).errContains("this repository");
        assertFalse(Files.exists(Project.ROOT.resolve("copy")));
    }

    private void recordAsCopied(String file) throws IOException {
        String sum = sha256(copied(file));
        note(line -> line.endsWith("  " + file) ? sum + "  " + file : line);
    }

    private static String sha256(Path file) {
        return Command.of("sh", "-c", "sha256sum \"$0\" || shasum -a 256 \"$0\"", file.toString())
                .run()
                .succeeded()
                .out()
                .substring(0, 64);
    }
}
