//SOURCES ../Failure.java
//SOURCES ApiAnswer.java
//SOURCES ApiCall.java
//SOURCES Http.java
//SOURCES LimitedBody.java
package lib.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLException;
import lib.Failure;
import lib.Failure.ErrorCode;

/**
 * The retry rule: 3 tries, 100 ms × 2ⁿ apart with jitter, {@code Retry-After} honoured up to 10 s; after connect errors,
 * timeouts, resets and, for GETs alone, the statuses 429, 502, 503 and 504. A 503 with an error envelope is the API's own
 * word, and final.
 *
 * @param sleep waits; an argument, so that tests don't
 * @param jitter a factor for each pause, 0.5 to 1.5
 */
public record Retry(Sleep sleep, DoubleSupplier jitter) {
    private static final int TRIES = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_WISH = Duration.ofSeconds(10);
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);

    /** Waits. */
    @FunctionalInterface
    public interface Sleep {
        Sleep REAL = time -> Thread.sleep(time.toMillis());

        void of(Duration time) throws InterruptedException;
    }

    /** One try. */
    @FunctionalInterface
    interface Try {
        ApiAnswer send() throws IOException, InterruptedException;
    }

    public static Retry real() {
        return new Retry(Sleep.REAL, () -> ThreadLocalRandom.current().nextDouble(0.5, 1.5));
    }

    /** @throws Failure {@code unavailable} with the last error, when every try failed for a passing reason */
    ApiAnswer send(ApiCall call, Try attempt) throws InterruptedException {
        for (int number = 1; ; number++) {
            Duration wish = Duration.ZERO;
            String error;
            try {
                ApiAnswer answer = attempt.send();
                if (!call.method().equals("GET") || !isPassing(answer)) return answer;
                error = answer.sentence();
                wish = answer.retryAfter().orElse(wish);
            } catch (IOException e) {
                if (isFinal(e)) throw Http.unreachable(call, e);
                error = Http.sentence(e);
            }
            if (number == TRIES) {
                throw new Failure(
                        ErrorCode.UNAVAILABLE,
                        "Failed after 3 retries: " + call.label() + ": " + error,
                        "Check the network and the API's address, then try again; 'just doctor' looks at each part");
            }
            sleep.of(pause(number - 1, wish));
        }
    }

    private Duration pause(int doublings, Duration wish) {
        Duration usual = FIRST_PAUSE.multipliedBy(1L << doublings);
        Duration jittered = Duration.ofNanos((long) (usual.toNanos() * jitter.getAsDouble()));
        Duration granted = wish.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wish;
        return granted.compareTo(jittered) > 0 ? granted : jittered;
    }

    private static boolean isPassing(ApiAnswer answer) {
        if (answer.status() == 503 && answer.errorSentence().isPresent()) return false;
        return PASSING.contains(answer.status());
    }

    // A certificate or an endless answer is no better the next time.
    private static boolean isFinal(IOException e) {
        return e instanceof LimitedBody.TooLarge || e instanceof SSLException;
    }
}
