package harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a terminal shows in the end, after all that was drawn over: the part of a terminal that our runs and Docker use. */
public final class Screen {
    /** Text in one colour; {@code style} is the SGR code, 0 for none. */
    public record Span(int column, String text, int style) {}

    private record Cell(char character, int style) {
        static final Cell EMPTY = new Cell(' ', 0);
    }

    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[([?0-9;]*)([A-Za-z])");

    private final int columns;
    private final List<List<Cell>> rows = new ArrayList<>();
    private int row;
    private int column;
    private int style;

    private Screen(int columns) {
        this.columns = columns;
    }

    /**
     * @param drawn what a program wrote to its terminal
     * @param columns how wide the terminal was
     */
    public static Screen after(String drawn, int columns) {
        Screen screen = new Screen(columns);
        Matcher sequence = SEQUENCE.matcher(drawn);
        for (int at = 0; at < drawn.length(); ) {
            sequence.region(at, drawn.length());
            if (sequence.lookingAt()) {
                screen.obey(sequence.group(2).charAt(0), sequence.group(1));
                at = sequence.end();
            } else {
                screen.put(drawn.charAt(at++));
            }
        }
        return screen;
    }

    private void put(char character) {
        switch (character) {
            case '\r' -> column = 0;
            case '\n' -> row++;
            case '\u001b', '\u0007' -> {}
            default -> {
                if (column == columns) {
                    column = 0;
                    row++;
                }
                List<Cell> line = line();
                while (line.size() <= column) line.add(Cell.EMPTY);
                line.set(column++, new Cell(character, style));
            }
        }
    }

    private void obey(char command, String arguments) {
        int number = arguments.matches("[1-9][0-9]*") ? Integer.parseInt(arguments) : 0;
        switch (command) {
            case 'A' -> row = Math.max(0, row - Math.max(1, number));
            case 'B' -> row += Math.max(1, number);
            case 'G' -> column = Math.max(0, number - 1);
            case 'J' -> {
                erase(0);
                if (rows.size() > row + 1) rows.subList(row + 1, rows.size()).clear();
            }
            case 'K' -> erase(number);
            case 'm' -> Arrays.stream(arguments.split(";")).forEach(this::paint);
            default -> {} // showing and hiding the cursor changes no text
        }
    }

    private void erase(int how) {
        List<Cell> line = line();
        if (how == 2) line.clear();
        else if (line.size() > column) line.subList(column, line.size()).clear();
    }

    private void paint(String code) {
        style = code.isEmpty() ? 0 : Integer.parseInt(code);
    }

    private List<Cell> line() {
        while (rows.size() <= row) rows.add(new ArrayList<>());
        return rows.get(row);
    }

    /** The rows from above, as plain text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<Cell> cells : rows) {
            StringBuilder text = new StringBuilder();
            cells.forEach(cell -> text.append(cell.character()));
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    /** The rows from above, in spans of one style each. */
    public List<List<Span>> spans() {
        return rows.stream().map(Screen::spans).toList();
    }

    private static List<Span> spans(List<Cell> cells) {
        List<Span> spans = new ArrayList<>();
        for (int start = 0, end; start < cells.size(); start = end) {
            int styled = cells.get(start).style();
            StringBuilder text = new StringBuilder();
            for (end = start; end < cells.size() && cells.get(end).style() == styled; end++) {
                text.append(cells.get(end).character());
            }
            if (!text.toString().isBlank()) spans.add(new Span(start, text.toString(), styled));
        }
        return spans;
    }
}
