//SOURCES ../Printable.java
//SOURCES Output.java
//SOURCES Prompt.java
//SOURCES RawTerminal.java
//SOURCES Terminal.java
package lib.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.Printable;
import lib.cli.Prompt.Choice;
import lib.cli.RawTerminal.Keys;

/**
 * A question whose answers are drawn below it: typing narrows them, the arrow keys walk among them, and no more is drawn
 * than the terminal holds. The cursor stays behind what is typed, so that whatever is below it can be drawn anew.
 */
public final class Menu {
    /** Letters of a name that count for how near it is. */
    private static final int COMPARED = 100;

    private static final String ERASE = "\r\u001b[J";
    private static final String HELP = "type to narrow · ↑ ↓ move · Enter takes · Esc leaves";

    /** Lines that are no answers: the question, the help, and one of what was there before. */
    private static final int OTHER_ROWS = 3;

    private final String question;
    private final List<Choice> choices;
    private final Optional<Integer> current;
    private final Supplier<Terminal.Size> terminal;
    private final List<String> texts;
    private String typed = "";
    private List<Integer> matches;
    private int at;
    private int top;

    /** @param current the answer that holds now */
    Menu(String question, List<Choice> choices, Optional<Integer> current, Supplier<Terminal.Size> terminal) {
        this.question = Printable.of(question);
        this.choices = choices;
        this.current = current;
        this.terminal = terminal;
        this.texts = choices.stream().map(Menu::searched).toList();
        narrow("");
    }

    /** Asks so where the terminal can be drawn on, else in lines. */
    public static Optional<Integer> choose(
            Prompt prompt, String question, List<Choice> choices, Optional<Integer> current)
            throws InterruptedException {
        boolean fits = prompt.draws && !choices.isEmpty() && Terminal.size().rows() > OTHER_ROWS;
        Optional<RawTerminal> raw = fits ? RawTerminal.open(prompt) : Optional.empty();
        if (raw.isEmpty()) return prompt.choose(question, choices, current);
        try (RawTerminal terminal = raw.get()) {
            return new Menu(question, choices, current, Terminal::size)
                    .ask(prompt.err, terminal.keys, terminal::suspend);
        }
    }

    /** All that a part of can be typed, to find it. */
    private static String searched(Choice choice) {
        return Stream.concat(choice.spellings(), Stream.of(Printable.folded(choice.shown())))
                .collect(Collectors.joining("\n"));
    }

    /** @param suspend stops this process for a while @return empty when the person leaves */
    Optional<Integer> ask(Output err, Keys keys, Runnable suspend) throws InterruptedException {
        String left = "";
        try {
            for (; ; ) {
                draw(err);
                Keys.Key key = keys.next();
                switch (key.action()) {
                    case TYPE -> narrow(typed + key.text());
                    case ERASE ->
                        narrow(typed.substring(0, typed.offsetByCodePoints(typed.length(), typed.isEmpty() ? 0 : -1)));
                    case CLEAR -> narrow("");
                    case UP -> at = matches.isEmpty() ? 0 : Math.floorMod(at - 1, matches.size());
                    case DOWN -> at = matches.isEmpty() ? 0 : Math.floorMod(at + 1, matches.size());
                    case PAGE_UP -> at = Math.max(0, at - rows());
                    case PAGE_DOWN -> at = Math.max(0, Math.min(matches.size() - 1, at + rows()));
                    case FIRST -> at = 0;
                    case LAST -> at = Math.max(0, matches.size() - 1);
                    case ENTER -> {
                        if (matches.isEmpty()) continue;
                        int chosen = matches.get(at);
                        left = fit(question + " " + choices.get(chosen).shown()) + "\n";
                        return Optional.of(chosen);
                    }
                    case SUSPEND -> {
                        erase(err, "");
                        suspend.run();
                    }
                    case LEAVE, END -> {
                        return Optional.empty();
                    }
                    case REDRAW, IGNORE -> {}
                }
            }
        } finally {
            erase(err, left);
        }
    }

    private static void erase(Output err, String left) {
        err.print(ERASE + left);
    }

    /** Shows what holds this; what is called so comes first under the cursor. */
    private void narrow(String text) {
        typed = text;
        String wanted = Printable.folded(text);
        matches = IntStream.range(0, choices.size())
                .filter(i -> texts.get(i).contains(wanted))
                .boxed()
                .toList();
        List<Integer> called = text.isBlank() ? current.stream().toList() : Choice.called(text, choices);
        at = called.isEmpty() ? 0 : Math.max(0, matches.indexOf(called.get(0)));
    }

    private int rows() {
        return Math.max(1, terminal.get().rows() - OTHER_ROWS);
    }

    private void draw(Output err) {
        int rows = rows();
        top = Math.max(at - rows + 1, Math.min(at, Math.min(top, Math.max(0, matches.size() - rows))));
        int end = Math.min(matches.size(), top + rows);
        StringBuilder drawn = new StringBuilder(ERASE);
        for (int i = top; i < end; i++) {
            String line = fit((i == at ? "❯ " : "  ") + label(matches.get(i)));
            drawn.append('\n').append(i == at ? "\u001b[7m" + line + "\u001b[0m" : line);
        }
        drawn.append('\n').append("\u001b[2m").append(fit(counted(end) + HELP)).append("\u001b[0m");
        drawn.append("\u001b[").append(end - top + 1).append("A\r").append(fit(question + " " + typed));
        err.print(drawn.toString());
    }

    private String label(int choice) {
        return choices.get(choice).shown() + (current.equals(Optional.of(choice)) ? "  (current)" : "");
    }

    private String counted(int end) {
        if (matches.isEmpty()) return "none of " + choices.size() + " · ";
        if (end - top == choices.size()) return "";
        String range = end - top == matches.size() ? "" : (top + 1) + "–" + end + " of ";
        String narrowed = matches.size() == choices.size() ? "" : " of " + choices.size();
        return range + matches.size() + narrowed + " · ";
    }

    // Not the last column: after a character there some terminals are on the next line.
    private String fit(String line) {
        return Terminal.cut(line, terminal.get().columns() - 1);
    }

    /** The places of those that are most like what is wanted, the best first. */
    public static List<Integer> nearest(String wanted, List<Choice> among, int limit) {
        String folded = shortened(Printable.folded(wanted));
        List<Integer> distances =
                among.stream().map(choice -> distance(choice, folded)).toList();
        return IntStream.range(0, among.size())
                .boxed()
                .sorted(Comparator.comparing(distances::get))
                .limit(limit)
                .toList();
    }

    private static int distance(Choice choice, String folded) {
        return choice.spellings()
                .mapToInt(spelling -> spelling.contains(folded) ? 0 : distance(shortened(spelling), folded))
                .min()
                .orElseThrow();
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), COMPARED));
    }

    /** As Levenshtein counts: letters to put in, to leave out, or to put in the place of others. */
    private static int distance(String one, String other) {
        int[] costs = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[other.length()];
    }
}
