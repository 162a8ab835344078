//SOURCES Failure.java
package lib;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Tries again what may pass by itself, after a pause that doubles each time.
 *
 * @param sleeper waits; an argument, so that tests don't
 * @param jitter a factor for each pause, 0.5 to 1.5: whoever failed together should not come back together
 */
public record Retry(Sleeper sleeper, DoubleSupplier jitter) {
    /** Of what a server asks for: a person who waits for longer than that should know why. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** GitHub's registry says it with a 403, and Docker repeats the words without the status. */
    private static final Pattern RATE_LIMIT = Pattern.compile("(?i)rate.?limit|too.?many.?requests");

    /** How often something is tried, the first time included, and how long after the first try the second comes. */
    public enum Pace {
        /** A request: what three do not cure within half a second is no hiccup. */
        REQUEST(3, Duration.ofMillis(100)),
        /** A command, which takes seconds itself, as does whatever it met. */
        COMMAND(3, Duration.ofSeconds(1)),
        /** A request that came too soon: limits are counted by the second, or by parts of a minute. */
        RATE_LIMIT(6, Duration.ofSeconds(1)),
        /** A request whose authorization had ended, and was renewed. */
        RENEWED(3, Duration.ZERO);

        private final int tries;
        private final Duration pause;

        Pace(int tries, Duration pause) {
            this.tries = tries;
            this.pause = pause;
        }
    }

    /** Waits for a while. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** One try. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws RetryableException, InterruptedException;
    }

    /** What another try may cure. */
    public static final class RetryableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Pace pace;
        private final transient Optional<Duration> asked;
        private final transient IntFunction<Failure> failure;

        /**
         * @param asked the pause that the other side asks for
         * @param failure what it is after so many tries, if none helps
         */
        public RetryableException(Pace pace, Optional<Duration> asked, IntFunction<Failure> failure) {
            super(pace.name());
            this.pace = pace;
            this.asked = asked;
            this.failure = failure;
        }
    }

    public static Retry usual() {
        return new Retry(
                time -> Thread.sleep(time.toMillis()),
                () -> ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    }

    /** Whether what the other side says is that it was asked too often: a wait, whatever else it calls it. */
    public static boolean isRateLimit(String said) {
        return RATE_LIMIT.matcher(said).find();
    }

    /** @throws Failure that of the last try; it does not sleep after that one */
    public <T> T of(Attempt<T> attempt) throws InterruptedException {
        return of(attempt, failure -> {});
    }

    /** @param again told what failed before each pause, after which there is another try */
    public <T> T of(Attempt<T> attempt, Consumer<Failure> again) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return attempt.run();
            } catch (RetryableException e) {
                if (tries >= e.pace.tries) throw e.failure.apply(tries);
                Duration pause = pause(e, tries - 1);
                if (pause.isZero()) continue;
                again.accept(e.failure.apply(tries));
                sleeper.sleep(pause);
            }
        }
    }

    private Duration pause(RetryableException e, int doublings) {
        Duration usual = e.pace.pause.multipliedBy(1L << doublings);
        Duration jittered = Duration.ofNanos((long) (usual.toNanos() * jitter.getAsDouble()));
        Duration asked = e.asked.orElse(Duration.ZERO);
        Duration longer = asked.compareTo(jittered) > 0 ? asked : jittered;
        return longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }
}
