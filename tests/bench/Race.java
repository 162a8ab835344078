package bench;

import harness.Command;
import harness.Ran;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Several ways to do the same, run in turns, so that what else the machine does falls on all of them. */
final class Race {
    private final Map<String, Supplier<Command>> ways = new LinkedHashMap<>();
    private final Runnable before;
    private LongSupplier bytes = () -> 0;

    /** The median time in seconds, and the bytes that were sent in the last run; 0 where nobody counts them. */
    record Result(double seconds, long bytes) {}

    /** @param before makes what each run starts from; its time does not count */
    Race(Runnable before) {
        this.before = before;
    }

    Race way(String name, Supplier<Command> command) {
        ways.put(name, command);
        return this;
    }

    /** @param sent the bytes that the run before has sent */
    Race counting(LongSupplier sent) {
        bytes = sent;
        return this;
    }

    /** What each way took. A first round warms up and does not count. */
    Map<String, Result> run(int rounds) {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        Map<String, Long> sent = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, Supplier<Command>> way : ways.entrySet()) {
                before.run();
                Ran ran =
                        way.getValue().get().within(Duration.ofMinutes(5)).run().succeeded();
                sent.put(way.getKey(), bytes.getAsLong());
                if (round > 0) {
                    times.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(ran.took().toNanos() / 1e9);
                }
            }
        }
        Map<String, Result> results = new LinkedHashMap<>();
        times.forEach((name, all) -> results.put(name, new Result(median(all), sent.get(name))));
        return results;
    }

    private static double median(List<Double> times) {
        List<Double> sorted = times.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
