package lib.preflight;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Work that goes on at once, each in a thread of its own. What is left when it is closed is interrupted. */
public final class SideBySide implements AutoCloseable {
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    private final ExecutorService threads;

    /** @param atOnce how many at most; the rest waits */
    public SideBySide(int atOnce) {
        threads = Executors.newFixedThreadPool(atOnce, work -> {
            Thread thread = new Thread(work, "side by side");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What will come of it. */
    @FunctionalInterface
    public interface Later<T> {
        /** Waits for it; what it threw is thrown here. */
        T get() throws InterruptedException;
    }

    public <T> Later<T> start(Callable<T> work) {
        Future<T> future = threads.submit(work);
        return () -> {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException unexpected) throw unexpected;
                if (e.getCause() instanceof Error error) throw error;
                if (e.getCause() instanceof InterruptedException) throw new InterruptedException();
                throw new IllegalStateException(e.getCause());
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            // What is interrupted still puts away what it holds.
            threads.awaitTermination(TIME_TO_END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
