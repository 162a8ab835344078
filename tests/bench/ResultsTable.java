package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The table of results: a row for what was compared, a column for a JDK. */
final class ResultsTable {
    private static final String FROM = "<!-- bench -->\n";
    private static final String TO = "<!-- /bench -->\n";

    private final Path page;
    private final String before;
    private final List<List<String>> rows = new ArrayList<>();
    private final String after;

    /** @throws IOException when the page has no such table */
    ResultsTable(Path page) throws IOException {
        this.page = page;
        String text = Files.readString(page);
        int from = text.indexOf(FROM) + FROM.length();
        int to = text.indexOf(TO);
        if (from < FROM.length() || to < from) throw new IOException(page + " lacks " + FROM.strip());
        before = text.substring(0, from);
        after = text.substring(to);
        text.substring(from, to).lines().forEach(line -> rows.add(cells(line)));
    }

    private static List<String> cells(String line) {
        return new ArrayList<>(Arrays.stream(line.strip().substring(1).split("\\|"))
                .map(String::strip)
                .toList());
    }

    /**
     * Fills a column, and makes it where it is new; other columns stay.
     *
     * @param results for a row's first two cells, as they stand in a line of the table
     */
    void write(String column, Map<String, String> results) throws IOException {
        List<String> head = rows.get(0);
        if (!head.contains(column)) {
            head.add(column);
            rows.get(1).add("---");
        }
        results.forEach((what, result) -> {
            List<String> row = row(what);
            row.addAll(Collections.nCopies(Math.max(0, head.size() - row.size()), ""));
            row.set(head.indexOf(column), result);
        });
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        Files.writeString(page, before + table + after);
    }

    private List<String> row(String what) {
        for (List<String> row : rows) {
            if ((row.get(0) + " | " + row.get(1)).equals(what)) return row;
        }
        List<String> added = cells("| " + what + " |");
        rows.add(added);
        return added;
    }
}
