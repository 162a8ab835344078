//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES Console.java
//SOURCES Timings.java
package lib.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.Function;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Stage;

/** One run of a script: who listens, where it happens, what time it is, and where that time went. */
public final class Run {
    /** What a stage does. */
    @FunctionalInterface
    public interface Work<T> {
        T get() throws InterruptedException;
    }

    private final Console console;
    private final Environment environment;
    private final Clock clock;
    private final Timings timings;
    private final String prefix;

    Run(Console console, Environment environment, Clock clock) {
        this(console, environment, clock, new Timings(), "");
    }

    private Run(Console console, Environment environment, Clock clock, Timings timings, String prefix) {
        this.console = console;
        this.environment = environment;
        this.clock = clock;
        this.timings = timings;
        this.prefix = prefix;
    }

    /** The same run for one of several targets, whose lines begin with its label and whose times are its own. */
    public Run forTarget(String label) {
        return new Run(console, environment, clock, timings.copy(), label + ": ");
    }

    /** Does a stage, tells of it in one line, and puts its name into any failure. */
    public <T> T stage(Stage stage, Work<T> work, Function<T, ?> detail) throws InterruptedException {
        long start = System.nanoTime();
        console.spin(prefix + stage.doing());
        try {
            T result = within(stage, work);
            String line = prefix + stage.done() + "  " + Timings.seconds(since(start)) + "  " + detail.apply(result);
            console.stopSpinner();
            console.success(line.strip());
            return result;
        } finally {
            console.stopSpinner();
            timings.add(stage, since(start));
        }
    }

    /**
     * Does a part of a stage, before or after its telling part: puts the stage's name into any failure.
     */
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
        return timings.stages().stream()
                .max(Comparator.naturalOrder())
                .map(last -> interrupted("after", last))
                .orElseGet(() -> new Failure(ErrorCode.INTERRUPTED, "Interrupted; nothing was done", ""))
                .causedBy(met);
    }

    private static Failure interrupted(String when, Stage stage) {
        String message = "Interrupted " + when + " " + stage + ": " + stage.whenInterrupted();
        return new Failure(ErrorCode.INTERRUPTED, message, "").during(stage);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Tells a failure that does not end the run, and how to go on after it. */
    public void tell(Failure failure) {
        console.error(prefix + failure.getMessage());
        if (!failure.hint().isEmpty()) console.hint(failure.hint());
        failure.resumeLine().ifPresent(console::hint);
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

    public Timings timings() {
        return timings;
    }

    /** Shows where the time went; of one target among several, whose tables nobody could tell apart, in JSON alone. */
    public void tellTimings() {
        if (prefix.isEmpty()) console.say(timings.table());
    }
}
