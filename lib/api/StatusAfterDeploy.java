//SOURCES Deployment.java
//SOURCES StatusPoller.java
//SOURCES TenantStatus.java
package lib.api;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How a tenant is after a deploy call. The API has no id of a deployment, so for a moment {@code running} (or
 * {@code failed}) may still be said of the one before. Such a word is believed when the deploy call's own answer was of the
 * same kind, when another state has been seen since, or when it has held for 5 s; until then the deploy call's answer is
 * the newest that is known. A deployment that starts only after those 5 s cannot be told from one that is done.
 */
public final class StatusAfterDeploy implements StatusPoller.Look {
    static final Duration DOUBT = Duration.ofSeconds(5);

    private final StatusPoller.Look look;
    private final TenantStatus answered;
    private final LongSupplier nanoTime;
    private final long start;
    private boolean moved;

    /** @param nanoTime a clock that never jumps, in nanoseconds */
    StatusAfterDeploy(StatusPoller.Look look, Deployment deployment, LongSupplier nanoTime) {
        this.look = look;
        this.answered = new TenantStatus(deployment.status(), Optional.empty(), deployment.url());
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** A poller for what this deployment comes to. */
    public static StatusPoller poller(StatusPoller usual, Deployment deployment) {
        return new StatusPoller(
                new StatusAfterDeploy(usual.look(), deployment, usual.nanoTime()), usual.sleep(), usual.nanoTime());
    }

    @Override
    public TenantStatus now() throws InterruptedException {
        TenantStatus now = look.now();
        boolean settled = now.isUp() || now.hasFailed();
        if (!settled) moved = true;
        boolean sameKind = now.isUp() && answered.isUp() || now.hasFailed() && answered.hasFailed();
        boolean held = nanoTime.getAsLong() - start >= DOUBT.toNanos();
        return !settled || moved || sameKind || held ? now : answered;
    }
}
