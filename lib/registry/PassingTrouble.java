package lib.registry;

import java.time.Duration;
import java.util.Optional;

/** A failure that another try may cure: 429, 5xx, a reset, a timeout, a lost upload session. */
final class PassingTrouble extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;
    private final boolean free;

    PassingTrouble(String message, Optional<Duration> retryAfter, Throwable cause) {
        this(message, retryAfter, false, cause);
    }

    private PassingTrouble(String message, Optional<Duration> retryAfter, boolean free, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
        this.free = free;
    }

    /** The authorization had ended and a new one is there: the next try counts as the first and needs no pause. */
    static PassingTrouble renewed(String message) {
        return new PassingTrouble(message, Optional.empty(), true, null);
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }

    boolean isFree() {
        return free;
    }
}
