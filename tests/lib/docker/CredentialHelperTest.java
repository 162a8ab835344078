package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Ran;
import harness.Running;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.Secret;
import lib.Secret.Credential;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it counts threads")
class CredentialHelperTest {
    private static final String PASSWORD = "p'\"\\$w\u00e9 %s".repeat(20);

    @TempDir
    Path folder;

    private CredentialHelper helper;

    @AfterEach
    void close() {
        if (helper != null) helper.close();
    }

    @Test
    void answersAsManyReadersAsComeEachWithTheWhole() throws Exception {
        install(PASSWORD);
        for (int i = 0; i < 5; i++) assertAnswers(ask("get").run());
    }

    @Test
    void answersReadersThatComeAtOnce() throws Exception {
        String large = "x".repeat(60_000);
        install(large);
        List<Running> readers =
                IntStream.range(0, 12).mapToObj(i -> ask("get").start()).toList();
        for (Running reader : readers) {
            assertEquals(large, reader.await().succeeded().json().path("Secret").asText());
        }
    }

    @Test
    void answersNoLineThatBeganAsAnother() throws Exception {
        // What a writer leaves in the pipe that was stopped in the middle of an answer, while a reader comes.
        Path fifo = folder.resolve("systemprompt-memory.fifo");
        try (FileChannel bothEnds = cutOff(fifo)) {
            helper = install(folder, PASSWORD, path -> assertTrue(bothEnds.isOpen()));

            assertAnswers(ask("get").run());
        }
    }

    private static FileChannel cutOff(Path fifo) throws Exception {
        mkfifo(fifo);
        FileChannel pipe = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        pipe.write(ByteBuffer.wrap("{\"Username\":\"x\",\"Secret\":\"p'".getBytes(StandardCharsets.UTF_8)));
        return pipe;
    }

    @Test
    void answersAPasswordThatIsLargerThanAPipe() throws Exception {
        String large = "x".repeat(60_000);
        install(large);
        assertEquals(large, ask("get").run().succeeded().json().path("Secret").asText());
    }

    @Test
    void keepsNothingOfWhatItIsTold() throws Exception {
        install(PASSWORD);
        long before = count();
        ask("store").stdin("{\"Secret\":\"canary\"}").run().succeeded().outIsEmpty();
        ask("erase").stdin("127.0.0.1:5000").run().succeeded().outIsEmpty();
        ask("list").run().succeeded().outEquals("{}");
        assertEquals(before, count());
        assertAnswers(ask("get").run());
    }

    @Test
    void isItsOwnersAlone() throws Exception {
        install(PASSWORD);
        assertEquals("rw-------", permissions("systemprompt-memory.fifo"));
        assertEquals("rwx------", permissions("docker-credential-systemprompt-memory"));
        assertFalse(Files.readString(folder.resolve("docker-credential-systemprompt-memory"))
                .contains(PASSWORD.substring(0, 4)));
    }

    @Test
    void answersNobodyOnceItIsClosed() throws Exception {
        install(PASSWORD);
        helper.close();
        ask("get").run().exitedWith(1).outIsEmpty();
        assertFalse(writerLives(), "a thread that waits in the system delays the end of the virtual machine");
    }

    @Test
    void neverMakesAFileWhereThePipeIsGone() throws Exception {
        Path fifo = folder.resolve("systemprompt-memory.fifo");
        install(PASSWORD);
        // With both ends open the writer never waits for a reader: it fills the pipe and stops in the middle of that.
        try (FileChannel bothEnds = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Thread.sleep(200);
            Files.delete(fifo);
            bothEnds.read(ByteBuffer.allocate(1 << 20));
            for (int i = 0; i < 50 && writerLives(); i++) Thread.sleep(20);
            assertFalse(writerLives(), "the writer goes with its pipe");
        }
        assertTrue(Files.notExists(fifo), "a file with the password was made in the pipe's place");
    }

    @Test
    void doesNotWaitForAProcessThatWasKilled() throws Exception {
        try (Running other = Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        folder.toString())
                .start()) {
            other.awaitOut("ready");
            assertAnswers(ask("get").run());
            other.signal("KILL").await();
        }
        ask("get").run().exitedWith(1).outIsEmpty();
    }

    @Test
    void tellsWhetherItWasAsked() throws Exception {
        install(PASSWORD);
        ask("list").run().succeeded();
        ask("store").stdin("{}").run().succeeded();
        assertFalse(helper.wasAsked());
        ask("get").run().succeeded();
        assertTrue(helper.wasAsked());
    }

    @Test
    void aReaderWhoseTurnNeverComesGivesUpWithASentence() throws Exception {
        install(PASSWORD);
        // As one leaves it behind that was killed; a folder that has become read-only is no better.
        Files.createDirectory(folder.resolve("systemprompt-memory.fifo.turn"));
        Ran ran = ask("get").within(Duration.ofSeconds(60)).run().exitedWith(1).outIsEmpty();
        assertTrue(
                ran.err().startsWith("docker-credential-systemprompt-memory: it was never its turn: mkdir"), ran.err());
        assertFalse(helper.wasAsked());
    }

    @Test
    void aReaderThatCannotReadGivesUpWithASentence() throws Exception {
        install(PASSWORD);
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String program : List.of("mkdir", "rmdir")) {
            Path script = Files.writeString(bin.resolve(program), "#!/bin/sh\nexec /bin/" + program + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        }
        ask("get")
                .env("PATH", bin.toString())
                .within(Duration.ofSeconds(60))
                .run()
                .exitedWith(1)
                .outIsEmpty()
                .errContains("docker-credential-systemprompt-memory: no whole answer came through");
        assertAnswers(ask("get").run());
    }

    @Test
    void aPipeThatCannotBeOpenedTakesNoWholeProcessor() throws Exception {
        Path fifo = folder.resolve("systemprompt-memory.fifo");
        // To write to a folder is refused even to root.
        helper = install(folder, PASSWORD, Files::createDirectory);
        Thread.sleep(1000);
        long millis = Thread.getAllStackTraces().keySet().stream()
                .filter(it -> it.getName().equals("credential-helper"))
                .mapToLong(it -> ManagementFactory.getThreadMXBean().getThreadCpuTime(it.getId()) / 1_000_000)
                .sum();
        assertTrue(millis < 300, millis + " ms of one second");
        Files.delete(fifo);
    }

    /** Another virtual machine that installs a helper and waits. */
    static final class Other {
        public static void main(String... arguments) throws Exception {
            install(Path.of(arguments[0]), PASSWORD);
            System.out.println("ready");
            Thread.sleep(100_000);
        }
    }

    private void install(String password) throws Exception {
        helper = install(folder, password);
    }

    private static boolean writerLives() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(it -> it.getName().equals("credential-helper"));
    }

    private static CredentialHelper install(Path folder, String password) throws Exception {
        return install(folder, password, CredentialHelperTest::mkfifo);
    }

    private static CredentialHelper install(Path folder, String password, CredentialHelper.FifoMaker mkfifo)
            throws Exception {
        return CredentialHelper.install(
                folder, "systemprompt-memory", new Credential("127.0.0.1:5000", "x", Secret.of(password)), mkfifo);
    }

    private static void mkfifo(Path path) {
        Command.of("mkfifo", "-m", "600", path.toString()).run().succeeded();
    }

    private Command ask(String what) {
        return Command.of(
                folder.resolve("docker-credential-systemprompt-memory").toString(), what);
    }

    private static void assertAnswers(Ran ran) {
        JsonNode answer = ran.succeeded().json();
        assertEquals("127.0.0.1:5000", answer.path("ServerURL").asText());
        assertEquals("x", answer.path("Username").asText());
        assertEquals(PASSWORD, answer.path("Secret").asText());
    }

    private long count() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    private String permissions(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }
}
