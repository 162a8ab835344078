package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
    @TempDir
    Path parent;

    @Test
    void isItsOwnersAloneAndGoesWhenClosed() throws Exception {
        Path path;
        try (PrivateFolder folder = PrivateFolder.open(parent)) {
            path = folder.path();
            assertEquals("rwx------", permissions(path));
            assertEquals("rw-------", permissions(path.resolve("lock")));
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
        org.junit.jupiter.api.Assumptions.assumeTrue(
                ProcessHandle.current().info().user().equals(java.util.Optional.of("root")),
                "only root can play two users");
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
