//SOURCES ../Failure.java
//SOURCES PassingTrouble.java
//SOURCES Patience.java
//SOURCES RefusedException.java
package lib.registry;

import lib.Failure;
import lib.Failure.ErrorCode;

/** Three tries for what passes. */
final class Retry {
    /** One try of a call. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws PassingTrouble, RefusedException, InterruptedException;
    }

    private final Patience patience;

    Retry(Patience patience) {
        this.patience = patience;
    }

    /** @throws Failure {@code UNAVAILABLE} after the last try */
    <T> T of(Attempt<T> attempt) throws RefusedException, InterruptedException {
        boolean renewed = false;
        int failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (PassingTrouble trouble) {
                boolean free = trouble.isFree() && !renewed;
                renewed |= trouble.isFree();
                if (free) continue;
                if (++failures == Patience.TRIES) throw unavailable(trouble);
                patience.pause(failures, trouble);
            }
        }
    }

    private static Failure unavailable(PassingTrouble trouble) {
        String message = trouble.getMessage() + " (tried " + Patience.TRIES + " times)";
        String hint = "Check the network and the registry's health, then run the same command again";
        return new Failure(ErrorCode.UNAVAILABLE, message, hint).causedBy(trouble);
    }
}
