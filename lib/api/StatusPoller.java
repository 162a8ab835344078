//SOURCES ../Failure.java
//SOURCES ../Retry.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../project/Tenant.java
//SOURCES ManagementApi.java
package lib.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Retry;
import lib.api.ManagementApi.Deployment;
import lib.project.Tenant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Looks at a tenant until it is up or has failed: after 1 s, then ever more seldom, at least every 10 s.
 *
 * @param sleep waits; an argument, so that tests don't
 * @param nanoTime a clock that never jumps, in nanoseconds
 */
public record StatusPoller(Look look, Retry.Sleeper sleep, LongSupplier nanoTime) {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** How long, as a person types it: seconds, or with a unit. */
    public static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            if (!text.matches("[0-9]{1,6}[smh]?"))
                throw new TypeConversionException("not a time such as 60, 90s, 5m or 1h: '" + text + "'");
            long number = Long.parseLong(text.replaceAll("[smh]", ""));
            return text.endsWith("h")
                    ? Duration.ofHours(number)
                    : text.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
        }
    }

    /** The option of what can wait for a deployment: a mixin. */
    public static final class Wait {
        @Option(
                names = "--wait",
                paramLabel = "TIME",
                arity = "0..1",
                fallbackValue = "300",
                converter = Time.class,
                description =
                        "Wait until the tenant runs or has failed: seconds, or such as 90s, 5m. Default: 300 at most.")
        Optional<Duration> timeout = Optional.empty();

        /** How long at most; empty when nobody waits. */
        public Optional<Duration> timeout() {
            return timeout;
        }
    }

    /** One look. */
    @FunctionalInterface
    public interface Look {
        Deployment now() throws InterruptedException;
    }

    public static StatusPoller of(ManagementApi api, Tenant.Id tenant) {
        return new StatusPoller(() -> api.status(tenant), time -> Thread.sleep(time.toMillis()), System::nanoTime);
    }

    /**
     * @param timeout how long at most; one look is taken in any case
     * @param onChange told the first status, and each that differs from the one before
     * @return the status of a tenant that is up
     * @throws Failure {@code deploy_failed} when the tenant has failed, {@code outcome_unknown} when the time ends;
     *     {@code auth} or {@code config} when the API refuses the question
     */
    public Deployment untilUp(Duration timeout, Consumer<Deployment> onChange) throws InterruptedException {
        long end = nanoTime.getAsLong() + timeout.toNanos();
        Optional<Deployment> before = Optional.empty();
        Optional<Failure> trouble = Optional.empty();
        for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                Deployment now = look.now();
                trouble = Optional.empty();
                if (!before.equals(Optional.of(now))) onChange.accept(now);
                if (now.isUp()) return now;
                if (now.hasFailed()) throw failed(now);
                before = Optional.of(now);
            } catch (Failure failure) {
                // A proxy that can't reach a tenant while it starts is no answer; a refusal or a failed tenant is.
                if (failure.code() != ErrorCode.UNAVAILABLE) throw failure;
                trouble = Optional.of(failure);
            }
            Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
            if (left.isNegative() || left.isZero()) throw stillNotUp(timeout, before, trouble);
            sleep.sleep(left.compareTo(pause) < 0 ? left : pause);
        }
    }

    /** The same poller, for what a deployment comes to that was just accepted. */
    public StatusPoller after(Deployment accepted) {
        return new StatusPoller(new LookAfterDeploy(look, accepted, nanoTime), sleep, nanoTime);
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.multipliedBy(3).dividedBy(2);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    private static Failure failed(Deployment status) {
        return new Failure(
                ErrorCode.DEPLOY_FAILED,
                "The tenant is '" + status.status() + "'"
                        + status.message().map(text -> ": " + text).orElse(""),
                "Correct what it says and deploy again; 'just tenant status' looks once more");
    }

    private static Failure stillNotUp(Duration timeout, Optional<Deployment> last, Optional<Failure> trouble) {
        String known = last.map(status -> "the tenant is still '" + status.status() + "'")
                .orElse("the tenant's status is not known");
        String why = trouble.map(failure -> ": " + failure.getMessage()).orElse("");
        return new Failure(
                ErrorCode.OUTCOME_UNKNOWN,
                "After " + timeout.toSeconds() + " s " + known + why,
                "Wait on with 'just tenant status --wait'");
    }

    /**
     * How a tenant is after a deploy call. The API has no id of a deployment, so for a moment {@code running} (or
     * {@code failed}) may still be said of the one before. Such a word is believed when the deploy call's own answer was of the
     * same kind, when another state has been seen since, or when it has held for 5 s; until then the deploy call's answer is
     * the newest that is known. A deployment that starts only after those 5 s cannot be told from one that is done.
     */
    private static final class LookAfterDeploy implements Look {
        private static final Duration DOUBT = Duration.ofSeconds(5);

        private final Look look;
        private final Deployment answered;
        private final LongSupplier nanoTime;
        private final long start;
        private boolean moved;

        /** @param nanoTime a clock that never jumps, in nanoseconds */
        LookAfterDeploy(Look look, Deployment deployment, LongSupplier nanoTime) {
            this.look = look;
            this.answered = deployment;
            this.nanoTime = nanoTime;
            this.start = nanoTime.getAsLong();
        }

        @Override
        public Deployment now() throws InterruptedException {
            Deployment now = look.now();
            boolean settled = now.isUp() || now.hasFailed();
            if (!settled) moved = true;
            boolean sameKind = now.isUp() && answered.isUp() || now.hasFailed() && answered.hasFailed();
            boolean held = nanoTime.getAsLong() - start >= DOUBT.toNanos();
            return !settled || moved || sameKind || held ? now : answered;
        }
    }
}
