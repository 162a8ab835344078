package lib.registry;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A request's body that the uploading thread itself hands over, as fast as the connection takes it: so a stall is
 * seen, an interrupt stops it, and no thread of the client waits for our data.
 */
final class StreamedBody implements Flow.Publisher<ByteBuffer> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Flow.Subscriber<? super ByteBuffer> subscriber;
    private long demand;
    private boolean ended;

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> wanting) {
        boolean first;
        lock.lock();
        try {
            first = subscriber == null;
            if (first) subscriber = wanting;
        } finally {
            lock.unlock();
        }
        wanting.onSubscribe(new Demand());
        if (!first) wanting.onError(new IOException("a streamed body can't be sent twice"));
    }

    /**
     * Hands one buffer over once it is asked for.
     *
     * @return whether it was taken; false when the exchange has ended, so that its answer tells why
     */
    boolean send(ByteBuffer buffer, Duration stall) throws HttpTimeoutException, InterruptedException {
        long left = stall.toNanos();
        lock.lockInterruptibly();
        try {
            while (demand == 0 && !ended) {
                if (left <= 0) throw new HttpTimeoutException("no progress for " + stall.toSeconds() + " s");
                left = changed.awaitNanos(left);
            }
            if (ended) return false;
            demand--;
        } finally {
            lock.unlock();
        }
        subscriber.onNext(buffer);
        return true;
    }

    /** After the last buffer. Waits for the client to have begun, so that an empty body ends too. */
    void complete(Duration stall) throws HttpTimeoutException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = stall.toNanos();
            while (subscriber == null && !ended) {
                if (left <= 0) throw new HttpTimeoutException("no connection within " + stall.toSeconds() + " s");
                left = changed.awaitNanos(left);
            }
            if (ended) return;
        } finally {
            lock.unlock();
        }
        subscriber.onComplete();
    }

    /** The exchange is over, whatever its end: nobody waits for demand any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Demand implements Flow.Subscription {
        @Override
        public void request(long count) {
            lock.lock();
            try {
                demand = Math.min(Integer.MAX_VALUE, demand + Math.min(count, Integer.MAX_VALUE));
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            end();
        }
    }
}
