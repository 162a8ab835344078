package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectWriterTest {
    @TempDir
    Path folder;

    private Project project;
    private ProjectWriter writer;

    @BeforeEach
    void project() throws IOException {
        project = new Project(Files.createDirectory(folder.resolve("project")));
        writer = new ProjectWriter(project);
    }

    @Test
    void aPrivateFileIsTheOwnersAloneAndIgnoredByGit() throws Exception {
        writer.writePrivate(project.credentials(), "secret");
        assertEquals("rw-------", mode(project.credentials()));
        assertEquals(List.of(".gitignore", "credentials.json"), names(project.folder()));
    }

    @Test
    void gitIgnoresWhatIsSecretOrOfThisMachineAndNotTheProfiles() throws Exception {
        writer.writePrivate(project.credentials(), "secret");
        git("init", "--quiet");
        for (String secret : List.of(
                "credentials.json",
                ".credentials.json123.tmp",
                "credentials.json.corrupt-20260105",
                "tenants.json",
                "session.json",
                "sessions/index.json",
                "releases.jsonl",
                "deploy.lock",
                "profiles/prod/secrets.json",
                "profiles/prod/signing_key.pem",
                "signing_key.pem",
                "docker/config.json",
                "storage/data.db")) {
            assertEquals(0, gitExits("check-ignore", ".systemprompt/" + secret), secret);
        }
        for (String shared : List.of(
                ".gitignore",
                "Dockerfile",
                "profiles/prod/profile.yaml",
                "profiles/prod/docker/Dockerfile",
                "profiles/prod/docker/Dockerfile.dockerignore")) {
            assertEquals(1, gitExits("check-ignore", ".systemprompt/" + shared), shared);
        }
    }

    private int gitExits(String... words) {
        return Command.of("git").with(words).in(project.root()).run().exitCode();
    }

    @Test
    void aFileThatOthersCouldReadBecomesPrivate() throws Exception {
        Files.createDirectory(project.folder());
        Files.writeString(project.credentials(), "old");
        Files.setPosixFilePermissions(project.credentials(), PosixFilePermissions.fromString("rw-rw-r--"));
        writer.writePrivate(project.credentials(), "new");
        assertEquals("rw-------", mode(project.credentials()));
    }

    @Test
    void aGitignoreThatIsThereIsTheUsersOwn() throws Exception {
        Files.createDirectory(project.folder());
        Files.writeString(project.folder().resolve(".gitignore"), "credentials.json\n");
        writer.writePrivate(project.credentials(), "x");
        assertEquals("credentials.json\n", Files.readString(project.folder().resolve(".gitignore")));
    }

    @Test
    void aLinkOutOfTheProjectIsNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(project.folder(), elsewhere);
        refused(() -> writer.writePrivate(project.credentials(), "x"));
        refused(() -> writer.create(project.profiles().resolve("prod/profile.yaml"), "x"));
        assertEquals(List.of(), names(elsewhere));

        Files.delete(project.folder());
        Files.createDirectory(project.folder());
        Path target = Files.writeString(elsewhere.resolve("target"), "theirs");
        Files.createSymbolicLink(project.credentials(), target);
        refused(() -> writer.writePrivate(project.credentials(), "x"));
        assertEquals("theirs", Files.readString(target));

        Files.delete(target);
        refused(() -> writer.writePrivate(project.credentials(), "x"));
        assertFalse(Files.exists(target));

        Files.createSymbolicLink(project.profiles(), elsewhere);
        refused(() -> writer.create(project.profiles().resolve("prod/profile.yaml"), "x"));
    }

    /** Not even of the project itself: what came with it may have put the link there. */
    @Test
    void aPrivateFileIsNeverWrittenThroughALink() throws Exception {
        Path web = Files.createDirectory(project.root().resolve("web"));
        Path info = Files.writeString(web.resolve("info.json"), "{}");
        Files.createDirectory(project.folder());
        for (Path file : List.of(project.credentials(), project.tenants())) {
            Files.createSymbolicLink(file, Path.of("../web/info.json"));
            Failure failure = refused(() -> writer.writePrivate(file, "secret"));
            assertEquals(file + " is a link, and nothing secret is written through one", failure.getMessage());
            refused(() -> writer.setAside(file, ".corrupt"));
        }
        assertEquals("{}", Files.readString(info));
        assertEquals(List.of("info.json"), names(web));

        for (String name : names(project.folder()))
            Files.delete(project.folder().resolve(name));
        Files.delete(project.folder());
        Files.createSymbolicLink(project.folder(), Path.of("web"));
        Failure failure = refused(() -> writer.writePrivate(project.credentials(), "secret"));
        assertTrue(failure.getMessage().startsWith(project.folder() + " is a link"), failure.getMessage());
        assertEquals(List.of("info.json"), names(web));
    }

    @Test
    void aPrivateFileThatGitWouldTakeAlongIsAWarningWithTheLineToAdd() throws Exception {
        Tool.orSkip("git");
        git("init", "--quiet");
        Path ignore = Files.createDirectory(project.folder()).resolve(".gitignore");
        for (String useless : List.of("", "# nothing\n", "*\n!credentials.json\n")) {
            Files.writeString(ignore, useless);
            assertEquals(
                    List.of(project.credentials() + " is not ignored by git. Add the line '*credentials.json*' to "
                            + ignore),
                    warnings(project.credentials()));
        }
        Files.writeString(ignore, "*credentials.json*\n", StandardOpenOption.APPEND);
        assertEquals(List.of(), warnings(project.credentials()));
        Files.writeString(ignore, "*credentials.json*\n");
        assertEquals(1, warnings(project.tenants()).size());
        Files.delete(ignore);
        assertEquals(List.of(), warnings(project.tenants()), "ours");
    }

    @Test
    void aPrivateFileThatGitTracksIsAWarningThatSaysHowToUntrackIt() throws Exception {
        Tool.orSkip("git");
        git("init", "--quiet");
        assertEquals(List.of(), warnings(project.credentials()));
        git("add", "--force", ".systemprompt/credentials.json");
        List<String> warnings = warnings(project.credentials());
        assertEquals(1, warnings.size(), warnings.toString());
        String command = "git rm --cached .systemprompt/credentials.json";
        assertTrue(warnings.get(0).contains(" is tracked by git. Run '" + command + "'"), warnings.toString());
        git(command.substring("git ".length()).split(" "));
        assertEquals(List.of(), warnings(project.credentials()));
    }

    /** What a repository's own settings would run is not run. */
    @Test
    void whereThereIsNoRepositoryNothingIsSaidAndNoneOfItsProgramsRuns() throws Exception {
        Tool.orSkip("git");
        Files.createDirectory(project.folder());
        Files.writeString(project.folder().resolve(".gitignore"), "");
        assertEquals(List.of(), warnings(project.credentials()));
        git("init", "--quiet");
        Path ran = folder.resolve("ran");
        git("config", "core.fsmonitor", "touch '" + ran + "'; false");
        git("add", "--force", ".systemprompt/.gitignore");
        Files.deleteIfExists(ran);
        assertEquals(1, warnings(project.credentials()).size());
        assertFalse(Files.exists(ran));
    }

    private List<String> warnings(Path file) {
        List<String> warnings = new ArrayList<>();
        new ProjectWriter(project, warnings::add).writePrivate(file, "secret");
        return warnings;
    }

    private void git(String... words) {
        Command.of("git").with(words).in(project.root()).without("GIT_*").run().succeeded();
    }

    @Test
    void nothingThatIsThereIsOverwrittenByANewFile() throws Exception {
        Path file = project.profiles().resolve("prod/profile.yaml");
        writer.create(file, "mine");
        Failure failure = assertThrows(Failure.class, () -> writer.create(file, "other"));
        assertTrue(failure.getMessage().contains("is there already"), failure.getMessage());
        assertEquals("mine", Files.readString(file));
    }

    @Test
    void aRewrittenFileKeepsItsMode() throws Exception {
        Path file = Files.writeString(folder.resolve("profile.yaml"), "a");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        ProjectWriter.rewrite(file, "b");
        assertEquals("b", Files.readString(file));
        assertEquals("rw-r-----", mode(file));
    }

    @Test
    void aFullDiskIsToldAndTheOldFileIsIntact() throws Exception {
        Tool.orSkip("mount", "umount");
        Path disk = Files.createDirectory(project.root().resolve(".systemprompt"));
        boolean mounted = Command.of("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString())
                        .run()
                        .exitCode()
                == 0;
        org.junit.jupiter.api.Assumptions.assumeTrue(mounted, "no small disk can be mounted here");
        try {
            writer.writePrivate(project.credentials(), "old");
            Failure failure = refused(() -> writer.writePrivate(project.credentials(), "x".repeat(200_000)));
            assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
            assertEquals("old", Files.readString(project.credentials()));
            assertEquals(List.of(".gitignore", "credentials.json"), names(disk));
        } finally {
            Command.of("umount", disk.toString()).run();
        }
    }

    private static Failure refused(org.junit.jupiter.api.function.Executable write) {
        Failure failure = assertThrows(Failure.class, write);
        assertEquals(ErrorCode.CONFIG, failure.code());
        return failure;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
