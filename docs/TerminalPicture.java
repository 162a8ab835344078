//SOURCES ../tests/harness/Screen.java
package docs;

import harness.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A terminal as an SVG that needs no font of ours and follows the reader's light or dark. */
public final class TerminalPicture {
    private static final double CELL = 8.43;
    private static final double LINE = 20;
    private static final double MARGIN = 18;
    private static final double BAR = 34;
    private static final Map<Integer, String> CLASSES =
            Map.of(1, "b", 2, "dim", 31, "red", 32, "green", 33, "yellow", 34, "blue", 36, "cyan");
    private static final Pattern ROW = Pattern.compile("<text [^>]*class=\"row\"[^>]*>(.*)</text>");
    private static final Pattern SPAN = Pattern.compile("<tspan x=\"([0-9.]+)\"[^>]*>([^<]*)</tspan>");

    private TerminalPicture() {}

    /** @param command what was typed; shown after a prompt, above what the screen shows */
    public record Typed(String command, Screen screen) {}

    /** Commands that were typed one after the other. */
    public static String svg(List<Typed> commands) {
        List<List<Screen.Span>> rows = new ArrayList<>();
        for (Typed typed : commands) {
            if (!rows.isEmpty()) rows.add(List.of());
            rows.add(List.of(new Screen.Span(0, "$", 2), new Screen.Span(2, typed.command(), 1)));
            rows.addAll(typed.screen().spans());
            while (rows.get(rows.size() - 1).isEmpty()) rows.remove(rows.size() - 1);
        }
        String title = commands.stream().map(Typed::command).collect(Collectors.joining(", "));
        int columns = rows.stream()
                .flatMap(List::stream)
                .mapToInt(TerminalPicture::end)
                .max()
                .orElse(80);
        double width = Math.ceil(2 * MARGIN + columns * CELL);
        double height = BAR + rows.size() * LINE + MARGIN;
        StringBuilder svg = new StringBuilder(head(width, height, title));
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).isEmpty()) svg.append(row(rows.get(i), BAR + (i + 0.75) * LINE));
        }
        return svg.append("</svg>\n").toString();
    }

    private static int end(Screen.Span span) {
        return span.column() + span.text().stripTrailing().length();
    }

    private static String head(double width, double height, String title) {
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="%1$.0f" height="%2$.0f" viewBox="0 0 %1$.0f %2$.0f" role="img">
            <title>A terminal: %3$s</title>
            <style>
            .window{fill:#fbfbfc;stroke:#d5d9df} .dot{fill:#d5d9df} .row{fill:#24292f} .dim{fill:#6a737d}
            .red{fill:#b3261e} .green{fill:#117a37} .yellow{fill:#8a5a00} .blue{fill:#1f5fbf} .cyan{fill:#0b6e7d}
            .b{font-weight:600}
            @media (prefers-color-scheme:dark){
            .window{fill:#15181d;stroke:#343a43} .dot{fill:#343a43} .row{fill:#dfe3e8} .dim{fill:#8b949e}
            .red{fill:#ff7b72} .green{fill:#4ac26b} .yellow{fill:#e3b341} .blue{fill:#79b8ff} .cyan{fill:#56c8d8}}
            text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}
            </style>
            <rect class="window" x=".5" y=".5" width="%4$.0f" height="%5$.0f" rx="9"/>
            <circle class="dot" cx="20" cy="18" r="5"/><circle class="dot" cx="37" cy="18" r="5"/><circle class="dot" cx="54" cy="18" r="5"/>
            """.formatted(width, height, escaped(title), width - 1, height - 1);
    }

    /** Each span has its own place and length, so that columns stay columns in whatever font the reader has. */
    private static String row(List<Screen.Span> spans, double y) {
        StringBuilder row = new StringBuilder(
                String.format(Locale.ROOT, "<text class=\"row\" y=\"%.0f\" xml:space=\"preserve\">", y));
        for (Screen.Span span : spans) {
            int indent = span.text().length() - span.text().stripLeading().length();
            String text = span.text().strip();
            row.append(String.format(
                    Locale.ROOT,
                    "<tspan x=\"%.2f\" textLength=\"%.2f\" class=\"%s\">%s</tspan>",
                    MARGIN + (span.column() + indent) * CELL,
                    text.length() * CELL,
                    CLASSES.getOrDefault(span.style(), "plain"),
                    escaped(text)));
        }
        return row.append("</text>\n").toString();
    }

    /** The lines that a picture shows, from its SVG. */
    public static List<String> lines(String svg) {
        return ROW.matcher(svg).results().map(row -> line(row.group(1))).toList();
    }

    private static String line(String row) {
        StringBuilder line = new StringBuilder();
        SPAN.matcher(row).results().forEach(span -> {
            long column = Math.round((Double.parseDouble(span.group(1)) - MARGIN) / CELL);
            while (line.length() < column) line.append(' ');
            line.append(span.group(2).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
        });
        return line.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
