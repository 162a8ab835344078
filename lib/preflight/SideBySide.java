package lib.preflight;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Work that goes on at once, each in a thread of its own. What is left when it is closed is interrupted. */
final class SideBySide implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "check");
        thread.setDaemon(true);
        return thread;
    });

    /** What will come of it. */
    @FunctionalInterface
    interface Later<T> {
        /** Waits for it; what it threw is thrown here. */
        T get() throws InterruptedException;
    }

    <T> Later<T> start(Callable<T> work) {
        Future<T> future = threads.submit(work);
        return () -> {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException unexpected) throw unexpected;
                if (e.getCause() instanceof InterruptedException) throw new InterruptedException();
                throw new IllegalStateException(e.getCause());
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
