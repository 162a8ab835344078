//SOURCES ../ErrorCode.java
//SOURCES ../Failure.java
//SOURCES ../project/Tenant.java
//SOURCES ManagementApi.java
//SOURCES Retry.java
//SOURCES TenantStatus.java
package lib.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lib.ErrorCode;
import lib.Failure;
import lib.project.Tenant;

/**
 * Looks at a tenant until it is up or has failed: after 1 s, then ever more seldom, at least every 10 s.
 *
 * @param sleep waits; an argument, so that tests don't
 * @param nanoTime a clock that never jumps, in nanoseconds
 */
public record StatusPoller(Look look, Retry.Sleep sleep, LongSupplier nanoTime) {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** One look. */
    @FunctionalInterface
    public interface Look {
        TenantStatus now() throws InterruptedException;
    }

    public static StatusPoller of(ManagementApi api, Tenant.Id tenant) {
        return new StatusPoller(() -> api.status(tenant), time -> Thread.sleep(time.toMillis()), System::nanoTime);
    }

    /**
     * @param patience how long at most; one look is taken in any case
     * @param onChange told the first status, and each that differs from the one before
     * @return the status of a tenant that is up
     * @throws Failure {@code deploy_failed} when the tenant has failed, {@code outcome_unknown} when the patience ends;
     *     {@code auth} or {@code config} when the API refuses the question
     */
    public TenantStatus untilUp(Duration patience, Consumer<TenantStatus> onChange) throws InterruptedException {
        long end = nanoTime.getAsLong() + patience.toNanos();
        Optional<TenantStatus> before = Optional.empty();
        Optional<Failure> trouble = Optional.empty();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                TenantStatus now = look.now();
                trouble = Optional.empty();
                if (!before.equals(Optional.of(now))) onChange.accept(now);
                if (now.isUp()) return now;
                if (now.hasFailed()) throw failed(now);
                before = Optional.of(now);
            } catch (Failure failure) {
                // The weather while a tenant starts is no answer; a refusal or a failed tenant is.
                if (failure.code() != ErrorCode.UNAVAILABLE) throw failure;
                trouble = Optional.of(failure);
            }
            Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
            if (left.isNegative() || left.isZero()) throw stillNotUp(patience, before, trouble);
            sleep.of(left.compareTo(pause) < 0 ? left : pause);
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    private static Failure failed(TenantStatus status) {
        return new Failure(
                ErrorCode.DEPLOY_FAILED,
                "The tenant is '" + status.status() + "'"
                        + status.message().map(text -> ": " + text).orElse(""),
                "Correct what it says and deploy again; 'just tenant status' looks once more");
    }

    private static Failure stillNotUp(Duration patience, Optional<TenantStatus> last, Optional<Failure> trouble) {
        String known = last.map(status -> "the tenant is still '" + status.status() + "'")
                .orElse("the tenant's status is not known");
        String why = trouble.map(failure -> ": " + failure.getMessage()).orElse("");
        return new Failure(
                ErrorCode.OUTCOME_UNKNOWN,
                "After " + patience.toSeconds() + " s " + known + why,
                "Wait on with 'just tenant status --wait'");
    }
}
