//SOURCES RefusedException.java
package lib.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads for one push, which end with it. */
final class Crew implements AutoCloseable {
    private static final long SECONDS_TO_END = 10;

    private final ExecutorService threads;

    Crew(String name, int size) {
        threads = Executors.newFixedThreadPool(size, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    ExecutorService threads() {
        return threads;
    }

    /** All results in the tasks' order; the first failure, or an interrupt, stops all others. */
    <T> List<T> all(List<Callable<T>> tasks) throws RefusedException, InterruptedException {
        CompletionService<T> completion = new ExecutorCompletionService<>(threads);
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) futures.add(completion.submit(task));
        try {
            for (int i = 0; i < tasks.size(); i++) completion.take().get();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) results.add(future.get());
            return results;
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    private static IllegalStateException rethrown(Throwable cause) throws RefusedException, InterruptedException {
        if (cause instanceof RefusedException refused) throw refused;
        if (cause instanceof InterruptedException interrupted) throw interrupted;
        if (cause instanceof RuntimeException unchecked) throw unchecked;
        if (cause instanceof Error error) throw error;
        return new IllegalStateException(cause);
    }

    /** Waits until no thread is left, even when the caller is being interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
