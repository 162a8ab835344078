package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final String UP = "\u001b[A";
    private static final String DOWN = "\u001b[B";

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void arrowsMoveAroundAndEnterChooses() throws Exception {
        assertEquals(Optional.of(0), byKeys("\n"));
        assertEquals(Optional.of(1), byKeys(DOWN + "\n"));
        assertEquals(Optional.of(2), byKeys(UP + "\r"));
        assertEquals(Optional.of(0), byKeys(DOWN + DOWN + DOWN + "\n"));
        assertEquals(Optional.of(2), byKeys("\u001bOB" + "j" + "\n"));
        assertEquals(Optional.of(1), byKeys("jjk\n"));
    }

    @Test
    void numbersChooseToo() throws Exception {
        assertEquals(Optional.of(2), byKeys("3\n"));
        assertEquals(Optional.of(1), byKeys("9" + DOWN + "\n"));
        assertEquals(Optional.of(1), byNumber("x\n\n2\n", Optional.empty()));
        assertEquals(Optional.of(0), byNumber("7\n1\n", Optional.empty()));
    }

    @Test
    void theCurrentAnswerIsMarkedAndTakenByEnter() throws Exception {
        assertEquals(Optional.of(1), byKeys("\n", Optional.of(1)));
        assertTrue(shown.toString(StandardCharsets.UTF_8).contains("2) two  (current)"));
        assertEquals(Optional.of(1), byNumber("\n", Optional.of(1)));
    }

    @Test
    void whoLeavesChoosesNothing() throws Exception {
        for (String keys : List.of("q", "\u0004", "\u001b", "")) assertEquals(Optional.empty(), byKeys(keys), keys);
        assertEquals(Optional.empty(), byNumber("", Optional.of(1)));
        assertEquals(Optional.empty(), byNumber("a\nb\nc\n1\n", Optional.empty()));
    }

    @Test
    void anInterruptEndsAQuestionAtOnce() throws Exception {
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream stdin = new PipedInputStream(silent)) {
            Thread.currentThread().interrupt();
            assertThrows(
                    InterruptedException.class, () -> question(Optional.empty()).byKeys(screen(), new Input(stdin)));
        }
    }

    private Optional<Integer> byKeys(String keys) throws InterruptedException {
        return byKeys(keys, Optional.empty());
    }

    private Optional<Integer> byKeys(String keys, Optional<Integer> current) throws InterruptedException {
        return question(current).byKeys(screen(), new Input(typed(keys)));
    }

    private Optional<Integer> byNumber(String lines, Optional<Integer> current) throws InterruptedException {
        return question(current).byNumber(screen(), new Input(typed(lines)));
    }

    private static Question question(Optional<Integer> current) {
        return new Question("Which?", List.of("one", "two", "three"), current);
    }

    private Output screen() {
        return new Output(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
    }

    private static InputStream typed(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
