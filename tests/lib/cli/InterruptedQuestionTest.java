package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.cli.Prompt.Choice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("it takes stdin")
class InterruptedQuestionTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Console console = console();

    private Console console() {
        Output screen = new Output(new PrintStream(written), false);
        return new Console(screen, screen, false, true, false, Console.Voice.VERBOSE);
    }

    @Test
    void aQuestionThatNobodyAnswersEndsWithTheRun() throws Exception {
        InputStream real = System.in;
        try (PipedOutputStream nobody = new PipedOutputStream();
                PipedInputStream silent = new PipedInputStream(nobody)) {
            System.setIn(silent);
            CompletableFuture<ErrorCode> ended = new CompletableFuture<>();
            Console listening = console();
            Thread asking = new Thread(() -> {
                Failure failure = assertThrows(
                        Failure.class, () -> listening.choose("Which?", List.of(Choice.of("a"), Choice.of("b"))));
                ended.complete(failure.code());
            });
            asking.start();
            Thread.sleep(100);
            asking.interrupt();
            assertEquals(ErrorCode.INTERRUPTED, ended.get(5, TimeUnit.SECONDS));
        } finally {
            System.setIn(real);
        }
    }

    @Test
    void noControlCharacterOfANameReachesATerminal() {
        String hostile = "a\u001b[31mb\u009bc\rd\u0007e\u202ef";
        console.say(hostile);
        console.detail(hostile);
        console.success(hostile);
        console.warn(hostile);
        console.error(hostile);
        console.hint(hostile);
        String shown = written.toString(StandardCharsets.UTF_8);
        assertEquals(6, shown.lines().count());
        assertFalse(shown.matches("(?s).*[\\p{Cc}\\p{Cf}&&[^\n]].*"), shown);
    }
}
