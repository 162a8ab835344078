package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Secret;
import lib.docker.Command.ProcessRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void whatIsStartedAheadAnswersTheFirstWhoRunsItAndNobodyElse(@TempDir Path folder) throws Exception {
        Path counted = folder.resolve("counted");
        Command count = Command.of("sh", "-c", "echo >>\"$0\" && wc -l <\"$0\"", counted.toString());
        ProcessRunner.startAhead(count);
        assertEquals("1", runner.run(count).stdout().strip());
        assertEquals("2", runner.run(count).stdout().strip());
    }

    @Test
    void aProgramThatIsMissingIsMissedWhenItIsRunNotWhenItIsStartedAhead() {
        Command missing = Command.of("no-such-program");
        ProcessRunner.startAhead(missing);
        assertThrows(IOException.class, () -> runner.run(missing));
    }
}
