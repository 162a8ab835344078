package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Secret;
import lib.docker.Command.ProcessRunner;
import org.junit.jupiter.api.Test;

class ProcessRunnerTest {
    private static final ProcessRunner.Display NOBODY = new ProcessRunner.Display() {
        @Override
        public boolean isTerminal() {
            return false;
        }

        @Override
        public OutputStream show() {
            return OutputStream.nullOutputStream();
        }
    };

    private final ProcessRunner runner = new ProcessRunner(NOBODY, line -> {});

    @Test
    void aChildThatDoesNotReadItsInputIsStoppedInTime() {
        // More than a pipe holds.
        Command command = new Command(
                List.of("sleep", "60"),
                Map.of(),
                Set.of(),
                Optional.empty(),
                Optional.of(Secret.of("x".repeat(1 << 20))),
                Duration.ofSeconds(1),
                Command.Output.KEPT);
        Command.Result outcome = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> runner.run(command));
        assertTrue(outcome.timedOut());
    }

    @Test
    void aChildGetsTheWholeOfALargeInput() throws Exception {
        Command count = Command.of("wc", "-c").reading(Secret.of("x".repeat(1 << 20)));
        assertEquals("1048576", runner.run(count).stdout().strip());
    }

    @Test
    void aChildWithoutInputReadsItsEndAtOnce() throws Exception {
        assertEquals("0", runner.run(Command.of("wc", "-c")).stdout().strip());
    }
}
