package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import lib.cli.Prompt.Choice;
import org.junit.jupiter.api.Test;

/** Questions in lines, for a terminal that nothing can be drawn on. */
class PromptTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private List<Choice> choices = List.of(
            new Choice("One  (ten_1)", "ten_1", "One"),
            new Choice("Two  (ten_2)", "ten_2", "Two"),
            new Choice("3  (ten_3)", "ten_3", "3"));

    @Test
    void aNumberANameOrAnIdIsTaken() throws Exception {
        assertEquals(Optional.of(1), answered("2\n"));
        assertEquals(Optional.of(1), answered("two\n"));
        assertEquals(Optional.of(0), answered("ten_1\r\n"));
        assertEquals(Optional.of(0), answered("x\n\n1\n"));
        assertTrue(shown().contains("Not one of them: x"), shown());
    }

    @Test
    void aNameComesBeforeANumber() throws Exception {
        choices = List.of(Choice.of("b"), Choice.of("3"), Choice.of("c"));
        assertEquals(Optional.of(1), answered("3\n"));
        assertEquals(Optional.of(2), answered("9\n0\nC\n"));
    }

    @Test
    void whoIsCalledLikeAnotherIsTakenByTheId() throws Exception {
        choices = List.of(new Choice("x", "ten_1", "Shop"), new Choice("y", "ten_2", "Shop"));
        assertEquals(Optional.of(1), answered("shop\nten_2\n"));
        assertTrue(shown().contains("Several are called so: ten_1, ten_2"), shown());
    }

    @Test
    void enterTakesTheCurrentOneAndAnEndNone() throws Exception {
        assertEquals(Optional.of(1), prompt("\n").choose("Which?", choices, Optional.of(1)));
        assertTrue(shown().contains("2) Two (ten_2)  (current)"), shown());
        assertEquals(Optional.empty(), prompt("").choose("Which?", choices, Optional.of(1)));
        assertEquals(Optional.empty(), answered("a\nb\nc\n1\n"));
    }

    @Test
    void aLongListIsCutAndAllOfItCanBeChosen() throws Exception {
        choices = IntStream.rangeClosed(1, 500)
                .mapToObj(i -> new Choice("name " + i, "ten_" + i, "name " + i))
                .toList();
        assertEquals(Optional.of(499), answered("ten_500\n"));
        assertEquals(Optional.of(299), answered("300\n"));
        assertTrue(shown().contains("… and 480 more"), shown());
        assertTrue(shown().lines().count() < 50, shown());
    }

    private Optional<Integer> answered(String lines) throws InterruptedException {
        return prompt(lines).choose("Which?", choices, Optional.empty());
    }

    private Prompt prompt(String typed) {
        Output screen = new Output(new PrintStream(shown, true, StandardCharsets.UTF_8), false);
        return new Prompt(screen, new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), false);
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
