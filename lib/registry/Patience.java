//SOURCES PassingTrouble.java
package lib.registry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongUnaryOperator;

/**
 * How long a registry is waited for, and how: tests bring their own sleep and jitter.
 *
 * @param request from the start of a request to the end of its answer
 * @param stall without a byte of an upload being taken
 * @param commit for a registry to put an uploaded blob in its place, which object stores take minutes for
 * @param jitter a random number from 0 to below its argument
 */
public record Patience(Duration request, Duration stall, Duration commit, Sleeper sleeper, LongUnaryOperator jitter) {

    /** In all, not on top of the first. */
    static final int TRIES = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_ASKED_PAUSE = Duration.ofSeconds(10);

    /** Waits for a while. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    public static Patience ordinary() {
        return new Patience(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                time -> Thread.sleep(time.toMillis()),
                bound -> ThreadLocalRandom.current().nextLong(bound));
    }

    /**
     * Sleeps before the next try: what the server asked for, up to 10 s, else 100 ms × 2ⁿ and up to half of that
     * again.
     */
    void pause(int failures, PassingTrouble trouble) throws InterruptedException {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << (failures - 1));
        Duration jittered = pause.plusMillis(jitter.applyAsLong(Math.max(1, pause.toMillis() / 2)));
        Duration asked = trouble.retryAfter().orElse(jittered);
        sleeper.sleep(asked.compareTo(LONGEST_ASKED_PAUSE) > 0 ? LONGEST_ASKED_PAUSE : asked);
    }
}
