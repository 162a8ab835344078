//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES Console.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Json;
import lib.Secret;

/** One run of a script: who listens, where it happens, what time it is, and where that time went. */
public final class Run {
    /** What a stage does. */
    public interface Work<T> {
        T get() throws InterruptedException;
    }

    private final Console console;
    private final Environment environment;
    private final Clock clock;
    private final String prefix;
    private final EnumMap<Stage, Duration> timings = new EnumMap<>(Stage.class);
    private final Map<String, String> known = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile List<Run> targets = List.of();
    private volatile Optional<Failure> own = Optional.empty();

    Run(Console console, Environment environment, Clock clock) {
        this(console, environment, clock, "");
    }

    private Run(Console console, Environment environment, Clock clock, String prefix) {
        this.console = console;
        this.environment = environment;
        this.clock = clock;
        this.prefix = prefix;
    }

    /** The same run for one of several targets, whose lines begin with its label and whose times are its own. */
    public Run forTarget(String label) {
        Run its = new Run(console, environment, clock, label + ": ");
        its.timings.putAll(timings());
        return its;
    }

    /** Does a stage, tells of it in one line, and puts its name into any failure. */
    public <T> T stage(Stage stage, Work<T> work, Function<T, ?> detail) throws InterruptedException {
        long start = System.nanoTime();
        console.spin(prefix + stage.doing());
        try {
            T result = within(stage, work);
            String line = prefix + stage.done() + "  " + seconds(since(start)) + "  " + detail.apply(result);
            console.stopSpinner();
            console.success(line.strip());
            return result;
        } finally {
            console.stopSpinner();
            synchronized (timings) {
                timings.merge(stage, since(start), Duration::plus);
            }
        }
    }

    /** Does a part of a stage that is not told of, and puts the stage's name into any failure. */
    public <T> T within(Stage stage, Work<T> work) throws InterruptedException {
        try {
            return work.get();
        } catch (Failure failure) {
            throw failure.during(stage);
        } catch (InterruptedException e) {
            throw interrupted("during", stage).causedBy(e);
        }
    }

    /** What a run that was interrupted has done. A failure that is met while a signal ends it is a consequence of that. */
    Failure interrupted(Exception met) {
        if (met instanceof Failure failure) {
            if (failure.code() == ErrorCode.INTERRUPTED) return failure;
            if (failure.stage().isPresent())
                return interrupted("during", failure.stage().get()).causedBy(failure);
        }
        return timings().keySet().stream()
                .max(Comparator.naturalOrder())
                .map(last -> interrupted("after", last))
                .orElseGet(() -> new Failure(ErrorCode.INTERRUPTED, "Interrupted; nothing was done", ""))
                .causedBy(met);
    }

    private static Failure interrupted(String when, Stage stage) {
        String message = "Interrupted " + when + " " + stage + ": " + stage.whenInterrupted();
        boolean maySee = stage.compareTo(Stage.DEPLOY) >= 0;
        String hint = maySee ? "See what becomes of it with 'just tenant status --wait'" : "";
        return new Failure(ErrorCode.INTERRUPTED, message, hint).during(stage);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Tells a failure that does not end the run, and how to go on after it. */
    public void tell(Failure failure) {
        console.failed(prefix, failure);
    }

    /** Notes what a machine should know of this run if it fails from now on, such as the tenant's id. */
    public void know(String key, String value) {
        known.put(key, value);
    }

    /** What a machine is told of a failure: what is known by now, and the failure. */
    public Result failed(Failure failure) {
        return failed(failure, failure.code().exitCode());
    }

    Result failed(Failure failure, int exitCode) {
        if (targets.isEmpty()) return Result.of(failure, exitCode, known);
        ArrayNode each = Json.object().arrayNode();
        for (Run target : targets) {
            Result result = target.own.map(target::failed).orElseGet(() -> target.failed(failure, exitCode));
            each.add(result.json());
        }
        return new Result("", each, exitCode);
    }

    /** Lets a failure of the whole run be an array for machines too, as what becomes of several targets is. */
    public void answerForEach(List<Run> several) {
        targets = several;
    }

    /** Lets a failure of the whole run be this one where it is told of this target. */
    public void answerWith(Failure failure) {
        own = Optional.of(failure);
    }

    public Console console() {
        return console;
    }

    public Environment environment() {
        return environment;
    }

    public Clock clock() {
        return clock;
    }

    /** Where the time went, a sum for each stage that was gone through. */
    public Map<Stage, Duration> timings() {
        synchronized (timings) {
            return timings.clone();
        }
    }

    /** The same in milliseconds. */
    public ObjectNode timingsJson() {
        ObjectNode json = Json.object();
        timings().forEach((stage, time) -> json.put(stage.toString(), time.toMillis()));
        return json;
    }

    /** Whether it is for one of several targets. */
    public boolean isForOneOfSeveral() {
        return !prefix.isEmpty();
    }

    public static String seconds(Duration time) {
        // Not by String.format, which for a number loads the locales: 15 to 30 ms.
        return BigDecimal.valueOf(time.toMillis(), 3).setScale(1, RoundingMode.HALF_UP) + " s";
    }

    /**
     * What a script answers on stdout.
     *
     * @param text for people and pipes; empty for nothing
     * @param json the same, and all that is worth knowing besides, with {@code --json}
     * @param exitCode 0, or what a finding that is no failure calls for
     * @param shown the one secret that the person asked to see
     * @param conclusion what a person is told last, of a result that is a failure in part
     */
    public record Result(
            String text, JsonNode json, int exitCode, Optional<Secret> shown, Optional<String> conclusion) {
        public Result(String text, JsonNode json, int exitCode) {
            this(text, json, exitCode, Optional.empty(), Optional.empty());
        }

        public Result(String text, JsonNode json) {
            this(text, json, 0);
        }

        public Result showing(Secret secret) {
            return new Result(text, json, exitCode, Optional.of(secret), conclusion);
        }

        public Result concluding(String line) {
            return new Result(text, json, exitCode, shown, Optional.of(line));
        }

        static Result of(Failure failure, int exitCode, Map<String, String> known) {
            return new Result("", json(failure, exitCode, known), exitCode);
        }

        private static ObjectNode json(Failure failure, int exitCode, Map<String, String> known) {
            ObjectNode json = Json.object();
            known.forEach(json::put);
            ObjectNode error = json.putObject("error")
                    .put("stage", failure.stage().map(Stage::toString).orElse(null))
                    .put("code", failure.code().toString())
                    .put("message", failure.getMessage())
                    .put("hint", failure.hint())
                    .put("exit_code", exitCode)
                    .put("resume", failure.resume().orElse(null));
            if (!failure.findings().isEmpty()) {
                ArrayNode findings = error.putArray("findings");
                failure.findings().forEach(finding -> findings.add(finding.json()));
            }
            return json;
        }

        /** With {@code --show-password} it is a secret. */
        @Override
        public String toString() {
            return "Result[" + exitCode + "]";
        }
    }
}
