//SOURCES ../Json.java
//SOURCES ../Stage.java
package lib.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lib.Json;
import lib.Stage;

/** Where the time of a run went, a sum a stage. */
public final class Timings {
    private final Map<Stage, Duration> spent = new EnumMap<>(Stage.class);

    synchronized void add(Stage stage, Duration time) {
        spent.merge(stage, time, Duration::plus);
    }

    /** The same times as a starting point for a target of its own. */
    synchronized Timings copy() {
        Timings copy = new Timings();
        copy.spent.putAll(spent);
        return copy;
    }

    /** One key a stage, in milliseconds. */
    public synchronized ObjectNode json() {
        ObjectNode json = Json.object();
        spent.forEach((stage, time) -> json.put(stage.toString(), time.toMillis()));
        return json;
    }

    /** The stages that were gone through. */
    public synchronized Set<Stage> stages() {
        Set<Stage> stages = EnumSet.noneOf(Stage.class);
        stages.addAll(spent.keySet());
        return stages;
    }

    /** A line a stage, and the sum. */
    synchronized String table() {
        StringBuilder table = new StringBuilder();
        Duration sum = Duration.ZERO;
        for (Map.Entry<Stage, Duration> row : spent.entrySet()) {
            sum = sum.plus(row.getValue());
            table.append(String.format(Locale.ROOT, "  %-10s%9s%n", row.getKey(), seconds(row.getValue())));
        }
        return table.append(String.format(Locale.ROOT, "  %-10s%9s", "total", seconds(sum)))
                .toString();
    }

    static String seconds(Duration time) {
        // Not by String.format, which for a number loads the locales: 15 to 30 ms.
        return BigDecimal.valueOf(time.toMillis(), 3).setScale(1, RoundingMode.HALF_UP) + " s";
    }
}
