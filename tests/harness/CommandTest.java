package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void readsBothStreamsHoweverMuchIsWrittenToEither() {
        Ran ran = Command.of(
                        "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' e >&2; head -c 300000 /dev/zero | tr '\\0' o")
                .run()
                .succeeded();
        assertEquals(300_000, ran.out().length());
        assertEquals(300_000, ran.err().length());
    }

    @Test
    void killsWhatOutlivesItsTimeAndShowsWhatItSaid() {
        Running running = Command.of("sh", "-c", "echo so far; exec sleep 60")
                .within(Duration.ofSeconds(2))
                .start();
        AssertionError error = assertThrows(AssertionError.class, running::await);
        assertTrue(error.getMessage().contains("so far"), error.getMessage());
        assertFalse(running.isAlive());
    }

    @Test
    void ctrlCReachesChildrenToo() {
        String script = "trap 'echo caught; exit 130' INT; echo ready; sleep 60";
        try (Running running = Command.of("sh", "-c", script).interruptible().start()) {
            running.awaitOut("ready").ctrlC().await().exitedWith(130).outContains("caught");
        }
    }

    @Test
    void aFailedCheckShowsTheCommandAndBothStreams() {
        Ran ran =
                Command.of("sh", "-c", "echo said; echo complained >&2; exit 3").run();
        AssertionError error = assertThrows(AssertionError.class, ran::succeeded);
        for (String shown : new String[] {"sh -c", "exit code 3", "said", "complained"}) {
            assertTrue(error.getMessage().contains(shown), error.getMessage());
        }
    }

    @Test
    void jsonMeansOneDocumentAndNothingElse() {
        assertEquals(1, Command.of("echo", "{\"a\":1}").run().json().path("a").asInt());
        assertThrows(AssertionError.class, Command.of("echo", "{\"a\":1} {}").run()::json);
    }
}
