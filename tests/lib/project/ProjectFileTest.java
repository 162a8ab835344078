package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.project.BuildContext.ImageBuilder;
import lib.project.Project.ProjectFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that nobody meant, in the places where a project's files are. */
class ProjectFileTest {
    private static final String ALIASES = IntStream.range(1, 25)
            .mapToObj(i -> "a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n")
            .collect(Collectors.joining("", "a0: &a0 [x]\n", "cloud: {tenant_id: ten_1}\n"));

    @TempDir
    Path folder;

    @Test
    void whatTakesFewCharactersAndMuchMemoryIsOneSentence() throws IOException {
        for (String yaml : List.of(
                ALIASES,
                "[".repeat(20_000),
                "a: " + "{a: ".repeat(20_000),
                "- ".repeat(20_000) + "a",
                "? [" + "[".repeat(90) + "]".repeat(90) + "]\n: 1\n",
                "a: &a [*a]\n",
                "a: " + "9".repeat(300_000),
                "#".repeat(1 << 20))) {
            Path file = Files.writeString(folder.resolve("profile.yaml"), yaml);
            Failure failure = failure(() -> Profile.read(file, environment(Map.of())));
            assertTrue(failure.getMessage().startsWith(file + " is "), failure.getMessage());
        }
    }

    @Test
    void aTagOfAnotherProgramsIsNoHindrance() throws IOException {
        Path file = Files.writeString(
                folder.resolve("profile.yaml"),
                "%YAML 1.1\n---\na: !vault x\nb: !!binary aGk=\nc: !Ref {x: y}\nd: !Sub [z]\n"
                        + "cloud: !x {tenant_id: !y ten_1}\n");
        assertEquals(
                Optional.of(new Tenant.Id("ten_1")),
                Profile.read(file, environment(Map.of())).tenantId());
    }

    @Test
    void whoMayNotReadAFileIsToldWhatHisUserCanDo() throws IOException {
        Path mine = Files.createFile(folder.resolve("mine"));
        assertEquals(
                "Run 'chmod -R u+rwX " + mine + "'", ProjectFile.denied(mine).hint());
        Path theirs = Path.of("/");
        if (System.getProperty("user.name").equals("root"))
            theirs = Files.setOwner(
                    Files.createFile(folder.resolve("theirs")),
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        // Not by a name, which a user of a container may not have.
        assertEquals(
                "Another user owns it. Run 'sudo chown -R $(id -u) " + theirs + "'",
                ProjectFile.denied(theirs).hint());
    }

    @Test
    void aDeviceAndAPipeAreNotRead() throws Exception {
        Path pipe = folder.resolve("pipe");
        Command.of("mkfifo").with(pipe.toString()).run().succeeded();
        Environment environment = environment(Map.of());
        for (Path file : List.of(pipe, Path.of("/dev/zero"))) {
            for (Executable reading : List.<Executable>of(
                    () -> Profile.read(file, environment),
                    () -> Tenant.find(file, new Tenant.Id("ten_1")),
                    () -> ApiCredentials.find(file, environment, warning -> {}),
                    () -> new SecretsFile(file, folder.resolve("none")).read(warning -> {}))) {
                assertEquals(
                        file + " is a device or a pipe, not a file",
                        failure(reading).getMessage());
            }
            Files.createDirectories(folder.resolve(".systemprompt"));
            Files.createSymbolicLink(folder.resolve(".systemprompt/.gitignore"), file);
            Files.createSymbolicLink(folder.resolve(".dockerignore"), file);
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                assertFalse(ProjectWriter.hidesAllFromGit(new Project(folder)));
                assertEquals(List.of(), Dockerfile.read(file).copied());
                assertFalse(BuildContext.of(folder, file, ImageBuilder.CLASSIC).isClear());
            });
            Files.delete(folder.resolve(".systemprompt/.gitignore"));
            Files.delete(folder.resolve(".dockerignore"));
        }
    }

    @Test
    void aFileIsReadToItsEndWhateverSizeTheSystemSaysThatItHas() throws IOException {
        Path file = Path.of("/proc/self/status");
        assertEquals(0, Files.size(file));
        assertTrue(new ProjectFile(file, "").text().contains("Name:"));
    }

    @Test
    void aFileWithoutAnEndIsReadUpToALimit() throws IOException {
        Path file = folder.resolve("large.json");
        Files.write(file, new byte[ProjectFile.SIZE_LIMIT + 1]);
        assertEquals(
                file + " is larger than 4096 KiB",
                failure(() -> new ProjectFile(file, "").json()).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE", "null", "Null", "~", ""})
    void aWordIsTrueInTheSpellingsOfTheCoreSchema(String word) throws IOException {
        assertTrue(profile("cloud: {tenant_id: t, enabled: " + word + "}").cloudEnabled());
        assertFalse(profile("cloud: {tenant_id: t, enabled: FALSE}").cloudEnabled());
        assertFalse(profile("cloud: {tenant_id: t, enabled: False}").cloudEnabled());
    }

    @Test
    void whiteSpaceAndMarksAroundAValueMeanNothing() throws IOException {
        Profile profile = profile("\ufefftarget: \" cloud\\n\"\ncloud: {tenant_id: \"\\uFEFF ten_1\\u200b\\r\\n\","
                + " validation: \" skip \", credentials_path: \" c.json\\n\"}\n");
        assertEquals("ten_1", profile.deployableTenant().value());
        assertEquals(Optional.of("skip"), profile.validation());
        assertEquals(Optional.of("c.json"), profile.credentialsPath());
        assertTrue(profile("target: \" local \"\n").targetsLocal());
        Path tenants = Files.writeString(
                folder.resolve("tenants.json"),
                "\ufeff{\"tenants\": [{\"id\": \" ten_1\\n\", \"name\": \"Café \\u00a0\", \"app_id\": \"sp-a\\n\"}]}");
        assertEquals(
                new Tenant(new Tenant.Id("ten_1"), Optional.of("Café"), Optional.of("sp-a")),
                Tenant.find(tenants, new Tenant.Id("ten_1")));
    }

    private Profile profile(String yaml) throws IOException {
        return Profile.read(Files.writeString(folder.resolve("profile.yaml"), yaml), environment(Map.of()));
    }

    private Environment environment(Map<String, String> variables) {
        return new Environment(variables, folder);
    }

    private static Failure failure(Executable reading) {
        Failure failure = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThrows(Failure.class, reading));
        assertEquals(ErrorCode.CONFIG, failure.code());
        return failure;
    }
}
