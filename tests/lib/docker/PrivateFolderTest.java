package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Command;
import harness.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivateFolderTest {
    @TempDir
    Path parent;

    @Test
    void isItsOwnersAloneAndGoesWhenClosed() throws Exception {
        Path path;
        try (PrivateFolder folder = PrivateFolder.open(parent)) {
            path = folder.path();
            assertEquals("rwx------", permissions(path));
            assertEquals("rwx------", permissions(path.resolve("lock")));
            Files.createDirectories(path.resolve("a/b"));
            Files.createFile(path.resolve("a/b/c"));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void leavesWhatALinkPointsTo() throws Exception {
        Path contexts = Files.createDirectory(parent.resolve("contexts"));
        Path mine = Files.createFile(contexts.resolve("mine"));
        try (PrivateFolder folder = PrivateFolder.open(parent)) {
            Files.createSymbolicLink(folder.path().resolve("contexts"), contexts);
        }
        assertTrue(Files.exists(mine));
    }

    @Test
    void ofAKilledProcessGoesWithTheNextRun() throws Exception {
        Path abandoned;
        try (Running other = otherProcess()) {
            abandoned = Path.of(
                    other.awaitOut("systemprompt-deploy-").awaitOut("\n").out().strip());
            other.signal("KILL").await();
        }
        assertTrue(Files.exists(abandoned.resolve("lock")));
        PrivateFolder.open(parent).close();
        assertFalse(Files.exists(abandoned));
    }

    @Test
    void ofAKilledProcessThatHadOurOwnIdGoesToo() throws Exception {
        String id = Long.toString(ProcessHandle.current().pid()); // in containers, that is often 1
        Path abandoned = Files.createDirectory(parent.resolve("systemprompt-deploy-" + id + "-1"));
        Files.createFile(abandoned.resolve("lock"));
        PrivateFolder.open(parent).close();
        assertFalse(Files.exists(abandoned));
    }

    @Test
    void ofAProcessThatWasKilledWhileItMadeOneGoesAfterAWhile() throws Exception {
        Path old = Files.createDirectory(parent.resolve("systemprompt-deploy-1"));
        Path fresh = Files.createDirectory(parent.resolve("systemprompt-deploy-2"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        PrivateFolder.open(parent).close();
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh));
    }

    @Test
    void severalOfOneProcessComeAndGoAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> work = Collections.nCopies(100, () -> {
                try (PrivateFolder mine = PrivateFolder.open(parent)) {
                    Thread.sleep(5);
                    return Files.exists(mine.path().resolve("lock"));
                }
            });
            for (Future<Boolean> stayed : threads.invokeAll(work)) assertTrue(stayed.get());
        } finally {
            threads.shutdown();
        }
    }

    @ParameterizedTest
    @CsvSource({"rwxrwxrwx, false", "rwxrwxr-x, false", "rwxr-x-wx, false", "rwxr-xr-x, true"})
    void liesWhereNobodyElseCanReplaceIt(String permissions, boolean fit) throws Exception {
        Path shared = Files.createDirectory(parent.resolve("shared"));
        Path below = Files.createDirectory(shared.resolve("below"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(permissions));
        for (Path place : List.of(shared, below)) {
            if (fit) PrivateFolder.open(place).close();
            else assertThrows(PrivateFolder.UnfitException.class, () -> PrivateFolder.open(place));
            assertEquals(place.equals(shared) ? List.of(below) : List.of(), listing(place), "nothing stays");
        }
        Command.of("chmod", "+t", shared.toString()).run().succeeded();
        PrivateFolder.open(below).close();
    }

    @Test
    void liesInNoFolderOfAnotherUser() throws Exception {
        onlyRootCanPlayTwoUsers();
        Path theirs = Files.createDirectory(parent.resolve("theirs"));
        Command.of("chown", "nobody", theirs.toString()).run().succeeded();
        assertThrows(PrivateFolder.UnfitException.class, () -> PrivateFolder.open(theirs));
    }

    @Test
    void liesWhereALinkLeads() throws Exception {
        Path real = Files.createDirectory(parent.resolve("real")).toRealPath();
        Path link = Files.createSymbolicLink(parent.resolve("link"), real);
        try (PrivateFolder folder = PrivateFolder.open(link)) {
            assertEquals(real, folder.path().getParent());
        }
    }

    @Test
    void liesInTheFirstFolderThatIsFit() throws Exception {
        Path colon = Files.createDirectory(parent.resolve("a:b"));
        Path fit = Files.createDirectory(parent.resolve("fit")).toRealPath();
        Path missing = parent.resolve("missing");
        try (PrivateFolder folder = PrivateFolder.open(List.of(missing, colon, fit, parent))) {
            assertEquals(fit, folder.path().getParent());
        }
        Failure failure = assertThrows(Failure.class, () -> PrivateFolder.open(List.of(missing, colon)));
        assertEquals(ErrorCode.LOGIN_FAILED, failure.code());
        assertEquals(
                "No folder can hold the login: " + missing + " does not exist; " + colon
                        + " has a ':' in it, which PATH cannot hold",
                failure.getMessage());
    }

    @Test
    void theFolderForTemporaryFilesComesFirstAndTheUsersOwnAfterIt() {
        Environment environment = new Environment(
                Map.of(
                        "TMPDIR",
                        "here",
                        "XDG_RUNTIME_DIR",
                        "/run/me",
                        "XDG_CACHE_HOME",
                        "relative",
                        "HOME",
                        "/home/me"),
                parent);
        assertEquals(
                List.of(
                        parent.resolve("here"),
                        Path.of(System.getProperty("java.io.tmpdir")),
                        Path.of("/run/me"),
                        Path.of("/home/me")),
                PrivateFolder.candidates(environment));
    }

    private static List<Path> listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void onlyRootCanPlayTwoUsers() {
        assumeTrue(ProcessHandle.current().info().user().equals(Optional.of("root")), "only root can play two users");
    }

    @Test
    void ofALivingProcessStaysWhileOthersComeAndGo() throws Exception {
        try (Running other = otherProcess();
                PrivateFolder mine = PrivateFolder.open(parent)) {
            Path theirs = Path.of(
                    other.awaitOut("systemprompt-deploy-").awaitOut("\n").out().strip());
            PrivateFolder.open(parent).close();
            assertTrue(Files.exists(theirs), "another process's");
            assertTrue(Files.exists(mine.path()), "this process's");
            // A look at the own lock would have given it up, and another process would take the folder for abandoned.
            try (Running third = otherProcess()) {
                third.awaitOut("systemprompt-deploy-");
                assertTrue(Files.exists(mine.path()), "this process's, as another sees it");
            }
        }
    }

    @Test
    void ofAProcessThatEndsWithoutClosingItGoesToo() throws Exception {
        try (Running other = otherProcess()) {
            Path theirs = Path.of(
                    other.awaitOut("systemprompt-deploy-").awaitOut("\n").out().strip());
            other.signal("TERM").await();
            assertFalse(Files.exists(theirs));
        }
    }

    @Test
    void leavesWhatAnotherUserPlantedBesideIt() throws Exception {
        onlyRootCanPlayTwoUsers();
        Path planted = Files.createDirectory(parent.resolve("systemprompt-deploy-1-planted"));
        Files.createFile(planted.resolve("lock"));
        Command.of("chown", "-R", "nobody", planted.toString()).run().succeeded();
        PrivateFolder.open(parent).close();
        assertTrue(Files.exists(planted.resolve("lock")));
    }

    /** Another virtual machine that opens a private folder, names it and waits. */
    private Running otherProcess() {
        return Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        parent.toString())
                .start();
    }

    /** What that machine runs. */
    static final class Other {
        public static void main(String... arguments) throws Exception {
            System.out.println(PrivateFolder.open(Path.of(arguments[0])).path());
            Thread.sleep(100_000);
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
