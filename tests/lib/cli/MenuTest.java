package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.cli.Prompt.Choice;
import lib.cli.RawTerminal.Keys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MenuTest {
    private static final String UP = "\u001b[A";
    private static final String DOWN = "\u001b[B";
    private static final String ENTER = "\r";

    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private List<Choice> choices = Stream.of("one", "two", "three", "four", "five", "six")
            .map(Choice::of)
            .toList();
    private Optional<Integer> current = Optional.empty();
    private Terminal.Size size = new Terminal.Size(80, 24);

    @Test
    void arrowsWalkAroundAndEnterChooses() throws Exception {
        assertEquals(Optional.of(0), typed(ENTER));
        assertEquals(Optional.of(1), typed(DOWN + "\n"));
        assertEquals(Optional.of(5), typed(UP + ENTER));
        assertEquals(Optional.of(0), typed(DOWN.repeat(6) + ENTER));
        assertEquals(Optional.of(1), typed("\u001bOB" + "\u001bOM"));
        assertEquals(Optional.of(1), typed("\u000e\u000e\u0010" + ENTER));
    }

    @Test
    void homeEndAndPagesMoveFurther() throws Exception {
        choices = numbered(500);
        for (String end : List.of("\u001b[F", "\u001bOF", "\u001b[4~", "\u001b[8~"))
            assertEquals(Optional.of(499), typed(end + ENTER));
        for (String home : List.of("\u001b[H", "\u001bOH", "\u001b[1~", "\u001b[7~"))
            assertEquals(Optional.of(0), typed("\u001b[F" + home + ENTER));
        assertEquals(Optional.of(42), typed("\u001b[6~\u001b[6~" + ENTER));
        assertEquals(Optional.of(21), typed("\u001b[6~\u001b[6~\u001b[5~" + ENTER));
        assertEquals(Optional.of(0), typed("\u001b[5~" + ENTER));
        assertEquals(Optional.of(499), typed("\u001b[F\u001b[6~" + ENTER));
    }

    /** As xterm, rxvt, the Linux console and others send them: with modifiers, function keys, the mouse, reports. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[1;2B",
                "\u001b[1;5B",
                "\u001b[1;3A",
                "\u001b[1;10B",
                "\u001b[b",
                "\u001bOb",
                "\u001bO5B",
                "\u001b[15~",
                "\u001b[24;5~",
                "\u001b[23$",
                "\u001bOP",
                "\u001bO2P",
                "\u001b[[B",
                "\u001b[3~",
                "\u001b[2;5~",
                "\u001b[3;2~",
                "\u001b[6;5~",
                "\u001b[Z",
                "\u001b[E",
                "\u001b[C",
                "\u001b[D",
                "\u001b[1;2F",
                "\u001b[<64;10;5M",
                "\u001b[<0;2;2m",
                "\u001b[M 5B",
                "\u001b[M\u0060B2",
                "\u001b[32;2;2M",
                "\u001b[I",
                "\u001b[O",
                "\u001b[5;2R",
                "\u001b[?1;2c",
                "\u001b[>41;330;0c",
                "\u001b[?62;4c",
                "\u001b[57399;2u",
                "\u001b]11;rgb:0000/0000/0000\u0007",
                "\u001b]11;rgb:ffff/ffff/ffff\u001b\\",
                "\u001bP>|xterm(390)\u001b\\",
                "\u001b2",
                "\u001bB",
                "\u001b\r",
                "\u001bé",
                "\u001b\u001b[3~",
                "\u0000",
                "\u0001",
                "\t",
                "\u0016"
            })
    void aKeyThatMeansNothingHereDoesNothing(String key) throws Exception {
        current = Optional.of(2);
        assertEquals(Optional.of(2), typed(key + ENTER));
    }

    @Test
    void typingNarrows() throws Exception {
        assertEquals(Optional.of(2), typed("thr" + ENTER));
        assertEquals(Optional.of(2), typed("THR" + ENTER));
        assertEquals(Optional.of(3), typed("o" + DOWN + DOWN + ENTER));
        assertEquals(Optional.of(4), typed("fo\u007fi" + ENTER));
        assertEquals(Optional.of(1), typed("six\u0015tw" + ENTER));
        assertEquals(Optional.of(0), typed("\u007f" + ENTER));
    }

    @Test
    void whatMatchesNothingIsNotTaken() throws Exception {
        assertEquals(Optional.empty(), typed("none" + ENTER + DOWN + UP + "\u001b[5~\u001b[6~\u001b[F" + ENTER));
        assertTrue(shown().contains("none of 6"), shown());
        assertEquals(Optional.of(1), typed("two!" + ENTER + "\u007f" + ENTER));
    }

    @Test
    void aNameOrIdThatIsTypedWholeIsTaken() throws Exception {
        choices = List.of(
                new Choice("Shop II", "ten_10", "Shop II"),
                new Choice("Shop", "ten_1", "Shop"),
                new Choice("shop", "ten_11", "shop"),
                new Choice("ten_1", "ten_2", "ten_1"));
        assertEquals(Optional.of(1), typed("Shop" + ENTER));
        assertEquals(Optional.of(2), typed("shop" + ENTER));
        assertEquals(Optional.of(1), typed("ten_1" + ENTER));
        assertEquals(Optional.of(0), typed("TEN_10" + ENTER));
    }

    @Test
    void lettersAreComparedHoweverTheyAreComposed() throws Exception {
        choices = List.of(Choice.of("Bar"), Choice.of("Caf\u00e9"), Choice.of("👩\u200d💻 Team"));
        assertEquals(Optional.of(1), typed("cafe\u0301" + ENTER));
        assertEquals(Optional.of(1), typed("FÉ" + ENTER));
        assertEquals(Optional.of(2), typed("👩\u200d💻" + ENTER));
        assertEquals(Optional.of(2), typed("💻 t" + ENTER));
    }

    @Test
    void aLineEndThatIsPastedTakesNoAnswer() throws Exception {
        assertEquals(Optional.empty(), typed("\u001b[200~two\n\u001b[201~"));
        assertEquals(Optional.of(1), typed("\u001b[200~two\n\u001b[201~" + ENTER));
    }

    @Test
    void theCurrentAnswerIsMarkedAndTakenByEnter() throws Exception {
        current = Optional.of(1);
        assertEquals(Optional.of(1), typed(ENTER));
        assertTrue(shown().contains("❯ two  (current)"), shown());
    }

    @Test
    void whoLeavesChoosesNothingAndTheMenuIsGone() throws Exception {
        for (String keys : List.of("\u0004", "\u001b", "\u001b\u001b", "")) {
            assertEquals(Optional.empty(), typed(keys), keys);
            assertTrue(shown().endsWith("\r\u001b[J"), shown());
        }
    }

    @Test
    void afterEnterOneLineSaysWhatWasChosen() throws Exception {
        typed(DOWN + ENTER);
        assertTrue(shown().endsWith("\r\u001b[JWhich? two\n"), shown());
    }

    @Test
    void anInterruptEndsItAtOnce() throws Exception {
        try (PipedOutputStream silent = new PipedOutputStream();
                PipedInputStream stdin = new PipedInputStream(silent)) {
            Thread.currentThread().interrupt();
            assertThrows(
                    InterruptedException.class,
                    () -> menu().ask(screen(), new Keys(new Prompt.Input(stdin)), () -> {}));
        }
    }

    @Test
    void ctrlZClearsTheMenuAndDrawsItAnewAfterwards() throws Exception {
        StringBuilder whenStopped = new StringBuilder();
        Optional<Integer> chosen =
                menu().ask(screen(), keys(DOWN + "\u001a" + ENTER), () -> whenStopped.append(shown()));
        assertEquals(Optional.of(1), chosen);
        assertTrue(whenStopped.toString().endsWith("\r\u001b[J"), whenStopped.toString());
        assertTrue(shown().substring(whenStopped.length()).contains("❯ two"), shown());
    }

    @Test
    void noLineAndNoListIsLargerThanTheTerminal() throws Exception {
        choices = IntStream.range(0, 500)
                .mapToObj(i -> Choice.of(i + " 株式会社 👩\u200d💻❤\ufe0f e\u0301e\u0301 " + "langer Name ".repeat(20)))
                .toList();
        for (Terminal.Size each : List.of(
                new Terminal.Size(80, 24),
                new Terminal.Size(20, 10),
                new Terminal.Size(40, 5),
                new Terminal.Size(5, 4))) {
            size = each;
            typed("\u001b[F" + UP + "\u001b[5~" + "株" + ENTER);
            for (String screen : shown().split("\r\u001b\\[J")) {
                List<String> lines = screen.replaceAll("\u001b\\[[0-9]+m", "")
                        .replaceAll("\u001b\\[[0-9]+A\r", "\n")
                        .lines()
                        .toList();
                assertTrue(lines.size() <= each.rows() + 1, screen);
                for (String line : lines) assertTrue(Terminal.width(line) < each.columns(), line);
            }
        }
    }

    @Test
    void theListScrollsToWhatIsUnderTheCursor() throws Exception {
        choices = numbered(500);
        size = new Terminal.Size(80, 10);
        typed(DOWN.repeat(30) + ENTER);
        String last = shown().substring(shown().lastIndexOf("\u001b[J", shown().length() - 30));
        assertTrue(last.contains("❯ tenant 30\u001b") && last.contains("  tenant 24\n"), last);
        assertFalse(last.contains("tenant 23\n") || last.contains("tenant 31"), last);
        assertTrue(last.contains("25–31 of 500"), last);
    }

    @Test
    void noControlCharacterOfANameReachesTheTerminal() throws Exception {
        choices = List.of(Choice.of("a\u001b[31mb\u009bc\rd\u0007e\u202ef"));
        typed(ENTER);
        String text = shown().replaceAll("\u001b\\[[0-9]*[AJm]", "").replaceAll("[\r\n]", "");
        assertFalse(text.matches("(?s).*[\\p{Cc}\\p{Cf}].*"), text);
    }

    private static List<Choice> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> Choice.of("tenant " + i)).toList();
    }

    private Optional<Integer> typed(String keys) throws InterruptedException {
        drawn.reset();
        return menu().ask(screen(), keys(keys), () -> {});
    }

    private Menu menu() {
        return new Menu("Which?", choices, current, () -> size);
    }

    private static Keys keys(String text) {
        return new Keys(new Prompt.Input(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    private Output screen() {
        return new Output(new PrintStream(drawn, true, StandardCharsets.UTF_8), false);
    }

    private String shown() {
        return drawn.toString(StandardCharsets.UTF_8);
    }
}
