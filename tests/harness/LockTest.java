package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lock of {@code bin/cache.sh}, on a system that has {@code flock} and on one that has none. */
class LockTest {
    private static final String[] TOOLS = {
        "sh",
        "ls",
        "mktemp",
        "dd",
        "rm",
        "find",
        "uname",
        "readlink",
        "ln",
        "sed",
        "cut",
        "tr",
        "sleep",
        "cat",
        "id",
        "mkdir",
        "sha256sum"
    };

    @TempDir
    Path folder;

    private Path link;

    @BeforeEach
    void aScriptThatWorksUnderTheLock() throws IOException {
        Files.writeString(folder.resolve("script"), """
            . '%s/bin/cache.sh'
            open_cache
            time_limit=${TIME_LIMIT:-60}
            lock it "tests this"
            echo held
            eval "$WORK"
            release
            """.formatted(Project.ROOT));
        Files.writeString(folder.resolve("count"), "0");
        link = folder.resolve("systemprompt-deploy/.lock-it");
    }

    private Command script(boolean flock, String work, String... arguments) throws IOException {
        Path tools = folder.resolve("tools");
        if (!Files.exists(tools)) Tool.only(tools, TOOLS);
        Command script = Command.of("sh", folder.resolve("script").toString())
                .with(arguments)
                .env("XDG_CACHE_HOME", folder.toString())
                .env("WORK", work)
                .within(Duration.ofSeconds(60));
        return flock ? script : script.env("PATH", tools.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneProcessAtATimeHoldsItAlsoWhenItsHolderIsKilled(boolean flock) throws IOException {
        killed(flock);
        String counting = "n=$(cat '%1$s'); sleep 0.01; echo $((n + 1)) >'%1$s'".formatted(folder.resolve("count"));
        Command counts = script(flock, counting);
        List<Running> all = IntStream.range(0, 12).mapToObj(i -> counts.start()).toList();
        all.forEach(each -> each.await().succeeded());
        assertEquals("12", Files.readString(folder.resolve("count")).strip());
    }

    private void killed(boolean flock) throws IOException {
        try (Running holder = script(flock, "tool sleep 60").start()) {
            holder.awaitOut("held").signal("KILL");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWaitThatIsTooLongEndsWithASentence(boolean flock) throws IOException {
        try (Running holder = script(flock, "tool sleep 60").start()) {
            holder.awaitOut("held");
            Ran waited =
                    script(flock, "", "--json").env("TIME_LIMIT", "3").run().exitedWith(69);
            waited.errContains("waiting for another process that tests this")
                    .errContains("Another process that tests this has not ended within 3 seconds")
                    .errContains("delete " + link);
            assertEquals("unavailable", waited.json().path("error").path("code").asText());
        }
    }

    /** In a container each first process is number 1. */
    @Test
    void aLaterProcessOfTheHoldersNumberDoesNotHoldIt() throws IOException {
        killed(false);
        String host = Command.of("uname", "-n").run().succeeded().out().strip();
        String here = Long.toString(ProcessHandle.current().pid());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(host + ":" + here + ":1"));
        Ran ran = script(false, "").run().succeeded().outEquals("held");
        assertTrue(ran.took().toSeconds() < 20, ran.toString());
    }

    @Test
    void theLockOfAnotherMachineIsWaitedForAndLeft() throws IOException {
        killed(false);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of("elsewhere:1:1"));
        script(false, "").env("TIME_LIMIT", "1").run().exitedWith(69).outIsEmpty();
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void nothingThatTheEnvironmentNamesIsRemoved() throws IOException {
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Command failing = script(true, "fail 'It failed' 'Try again'");
        for (String name : List.of("staging", "unfinished", "held", "me", "home", "lock"))
            failing.env(name, mine.toString());
        failing.run().exitedWith(69).errContains("It failed. Try again");
        assertTrue(Files.exists(mine));
    }

    @Test
    void aFailureIsJsonWhateverItsTextHolds() throws IOException {
        String odd = "a \"quoted\" \\path\ton\n two lines";
        Ran ran = script(true, "fail \"$ODD\" 'Try again'", "--json")
                .env("ODD", odd)
                .run()
                .exitedWith(69);
        String json = ran.out().substring(ran.out().indexOf('{'));
        assertEquals(
                "{\"error\":{\"stage\":null,\"code\":\"unavailable\",\"message\":\"a \\\"quoted\\\" \\\\path on  two"
                        + " lines\",\"hint\":\"Try again\",\"exit_code\":69,\"resume\":null}}\n",
                json);
    }
}
