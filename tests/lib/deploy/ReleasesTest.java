package lib.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Secret;
import lib.api.Deployment;
import lib.deploy.Releases.Release;
import lib.project.Project;
import lib.project.Tenant;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notes of deployments, by which one goes back. */
class ReleasesTest {
    private static final Tenant.Id TENANT = new Tenant.Id("ten_a");

    @TempDir
    Path folder;

    private Path file;
    private Releases releases;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void project() throws IOException {
        file = Files.createDirectories(folder.resolve(".systemprompt")).resolve("releases.jsonl");
        releases = new Releases(project(folder), warnings::add);
    }

    private static Project project(Path folder) {
        return Project.find(Optional.of(folder), new Environment(Map.of(), folder));
    }

    private static Release deployed(Tenant.Id tenant, String tag) {
        return new Release(
                0,
                Instant.parse("2026-01-05T10:00:00Z"),
                tenant,
                Optional.of("prod"),
                ImageReference.of("registry.example.com", "acme", tag),
                Optional.of(Digest.of(tag.getBytes())),
                Optional.of("abc1234"),
                "running",
                Optional.of("https://a.example.com"),
                Optional.empty());
    }

    private static Release back(String tag, int of) {
        Release to = deployed(TENANT, tag);
        return new Release(
                0,
                to.at(),
                TENANT,
                to.profile(),
                to.image(),
                to.digest(),
                to.revision(),
                to.status(),
                to.url(),
                Optional.of(of));
    }

    @Test
    void eachTenantHasItsOwnNumbersAndTheNewestComesFirst() throws Exception {
        releases.note(deployed(TENANT, "one"));
        releases.note(deployed(new Tenant.Id("ten_b"), "other"));
        assertEquals(2, releases.note(deployed(TENANT, "two")).orElseThrow().number());
        assertEquals(
                List.of(2, 1), releases.of(TENANT).stream().map(Release::number).toList());
        assertEquals(deployed(TENANT, "two").numbered(2), releases.of(TENANT).get(0));
        assertEquals(1, releases.of(new Tenant.Id("ten_b")).get(0).number());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(List.of(), warnings);
    }

    @Test
    void whatBecameOfADeploymentTakesItsLine() throws Exception {
        Release first = releases.note(deployed(TENANT, "one")).orElseThrow();
        releases.note(deployed(TENANT, "two"));
        releases.settled(
                Optional.of(first),
                "just rollback",
                () -> new Deployment("failed", Optional.empty(), Optional.empty()));
        assertEquals("failed", releases.of(TENANT).get(1).status());
        assertEquals("running", releases.of(TENANT).get(0).status());
        assertEquals(2, Files.readAllLines(file).size());
    }

    @Test
    void theLastHundredOfEachTenantStay() throws Exception {
        releases.note(deployed(new Tenant.Id("ten_b"), "other"));
        for (int i = 1; i <= 130; i++) releases.note(deployed(TENANT, "v" + i));
        assertEquals(100, releases.of(TENANT).size());
        assertEquals(130, releases.of(TENANT).get(0).number());
        assertTrue(Files.readAllLines(file).size() <= 121, "old notes are dropped");
        assertEquals(1, releases.of(new Tenant.Id("ten_b")).size());
    }

    @Test
    void aLineThatIsNoneIsSkippedToldOnceAndKept() throws Exception {
        releases.note(deployed(TENANT, "one"));
        Files.writeString(file, Files.readString(file) + "{\"release\": 2, \"tenant_id\": \"-x\"}\n\n{torn");
        assertEquals(1, releases.of(TENANT).size());
        assertEquals(2, releases.note(deployed(TENANT, "two")).orElseThrow().number());
        assertEquals(2, releases.of(TENANT).size());
        assertEquals(List.of(file + " has 2 lines that are no note of a release; skipped"), warnings);
        assertTrue(Files.readString(file).contains("\n{torn\n"), "nothing is lost");
    }

    @Test
    void twoProcessesThatNoteAtOnceLoseNothing() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Notes.class.getName(),
                            folder.toString(),
                            "20")
                    .inheritIO()
                    .start());
        }
        for (Process process : processes) assertEquals(0, process.waitFor());
        assertEquals(
                IntStream.rangeClosed(1, 60).boxed().toList(),
                releases.of(TENANT).stream().map(Release::number).sorted().toList());
    }

    /** A process of its own that notes deployments. */
    static final class Notes {
        public static void main(String... arguments) throws InterruptedException {
            Path folder = Path.of(arguments[0]);
            Releases releases = new Releases(project(folder), warning -> {
                throw new AssertionError(warning);
            });
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) releases.note(deployed(TENANT, "v" + i));
        }
    }

    @Test
    void whatCannotBeWrittenIsAWarning() throws Exception {
        Files.createSymbolicLink(file, folder.resolve("elsewhere"));
        assertEquals(Optional.empty(), releases.note(deployed(TENANT, "one")));
        assertEquals(1, warnings.size(), warnings.toString());
        assertTrue(warnings.get(0).startsWith("This deployment is not noted for a rollback: "), warnings.toString());
        assertTrue(Files.notExists(folder.resolve("elsewhere")));
    }

    @Test
    void aFullDiskIsAWarningAndTheNotesStay() throws Exception {
        Tool.orSkip("mount", "umount");
        boolean mounted = Command.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=64k",
                                "tmpfs",
                                file.getParent().toString())
                        .run()
                        .exitCode()
                == 0;
        Assumptions.assumeTrue(mounted, "no small disk can be mounted here");
        try {
            releases.note(deployed(TENANT, "one"));
            Path filler = file.resolveSibling("filler");
            Command.of("sh", "-c", "cat /dev/zero >'" + filler + "'").run();
            for (int i = 0; i < 30; i++) releases.note(deployed(TENANT, "as-long-as-a-tag.".repeat(6) + i));
            assertTrue(warnings.stream().anyMatch(warning -> warning.contains("No space left")), warnings.toString());
            List<Integer> noted =
                    releases.of(TENANT).stream().map(Release::number).sorted().toList();
            assertEquals(IntStream.rangeClosed(1, noted.size()).boxed().toList(), noted);
            assertTrue(warnings.stream().noneMatch(warning -> warning.contains("skipped")), warnings.toString());
        } finally {
            Command.of("umount", file.getParent().toString()).run();
        }
    }

    @Test
    void noSecretIsNoted() throws Exception {
        Secret.of("canary-3141592");
        Release leaky =
                deployed(TENANT, "one").settled("running", Optional.of("https://a.example.com/?t=canary-3141592"));
        releases.note(leaky);
        assertTrue(!Files.readString(file).contains("canary"), Files.readString(file));
        Secret.of("v9-as-a-tag");
        assertEquals(Optional.empty(), releases.note(deployed(TENANT, "v9-as-a-tag")));
        assertEquals(1, releases.of(TENANT).size());
        assertEquals(1, warnings.size(), warnings.toString());
    }

    @Test
    void goesBackToTheNewestOtherImageBeforeTheCurrentOne() throws Exception {
        for (String tag : List.of("one", "two", "three", "three")) releases.note(deployed(TENANT, tag));
        assertEquals(2, target(Optional.empty()).number());
        assertEquals(1, target(Optional.of(1)).number());
        releases.note(back("two", 2));
        assertEquals(1, target(Optional.empty()).number(), "two in a row go back two steps");
        releases.note(back("one", 1));
        assertEquals(
                "No other image was deployed to ten_a before the current one",
                assertThrows(Failure.class, () -> target(Optional.empty())).getMessage());
        releases.note(deployed(TENANT, "four"));
        assertEquals(6, target(Optional.empty()).number(), "what ran before, not what is older");
    }

    @Test
    void whatIsNotThereIsSaidWithTheNextCommand() throws Exception {
        Failure none = assertThrows(Failure.class, () -> target(Optional.empty()));
        assertEquals(78, none.code().exitCode());
        assertTrue(none.hint().contains("just deploy --skip-push --image "), none.hint());
        releases.note(deployed(TENANT, "one"));
        Failure unknown = assertThrows(Failure.class, () -> target(Optional.of(7)));
        assertEquals("There is no release 7 of ten_a", unknown.getMessage());
    }

    private Release target(Optional<Integer> number) {
        return Releases.target(releases.of(TENANT), number, TENANT);
    }

    @Test
    void aFileThatIsNoneIsNotReadWithoutEnd() throws Exception {
        for (String bad : List.of("x", "[".repeat(100_000), "{\"release\":1}", "null", "\u0000")) {
            Files.writeString(file, Stream.generate(() -> bad).limit(3).reduce("", (a, b) -> a + b + "\n"));
            assertEquals(List.of(), releases.of(TENANT), bad.substring(0, 1));
        }
    }
}
