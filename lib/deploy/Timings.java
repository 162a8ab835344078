//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../cli/Run.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lib.Failure.Stage;
import lib.cli.Run;

/** Where the time of a deployment went, as people and machines are told. */
public final class Timings {
    private Timings() {}

    /** Shows where the time of a deployment went; of one among several, whose tables nobody could tell apart, nothing. */
    public static void tell(Run run) {
        if (run.isForOneOfSeveral()) return;
        StringBuilder table = new StringBuilder();
        Duration sum = Duration.ZERO;
        for (Map.Entry<Stage, Duration> row : run.timings().entrySet()) {
            sum = sum.plus(row.getValue());
            table.append(String.format(Locale.ROOT, "  %-10s%9s%n", row.getKey(), Run.seconds(row.getValue())));
        }
        run.console().say(table + String.format(Locale.ROOT, "  %-10s%9s", "total", Run.seconds(sum)));
    }

    /** Adds where the time went, and the stages that were not gone through but those that somebody must ask for. */
    public static ObjectNode addTo(ObjectNode json, Run run) {
        Set<Stage> skipped = EnumSet.allOf(Stage.class);
        skipped.removeAll(run.timings().keySet());
        skipped.removeAll(EnumSet.of(Stage.SECRETS, Stage.WAIT));
        ArrayNode names = json.putArray("skipped");
        skipped.forEach(stage -> names.add(stage.toString()));
        return json.set("timings_ms", run.timingsJson());
    }
}
