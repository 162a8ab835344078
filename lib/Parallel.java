package lib;

import java.time.Duration;
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

/** Runs work concurrently. What is still running when it is closed is interrupted and waited for. */
public final class Parallel implements AutoCloseable {
    /** For interrupted work to put away what it holds. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    private final ExecutorService threads;

    /**
     * @param name of the threads
     * @param atOnce how much runs at the same time; the rest waits
     */
    public Parallel(String name, int atOnce) {
        threads = Executors.newFixedThreadPool(atOnce, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The result of work that was started. */
    @FunctionalInterface
    public interface Result<T> {
        /** Waits for the work; what it threw is thrown here. */
        T get() throws InterruptedException;
    }

    public <T> Result<T> start(Callable<T> work) {
        Future<T> future = threads.submit(work);
        return () -> result(future);
    }

    /** Returns all results in the order of the work; the first failure, or an interrupt, stops the rest. */
    public <T> List<T> all(List<Callable<T>> work) throws InterruptedException {
        CompletionService<T> completion = new ExecutorCompletionService<>(threads);
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> each : work) futures.add(completion.submit(each));
        try {
            for (int i = 0; i < futures.size(); i++) result(completion.take());
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) results.add(result(future));
            return results;
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) throw unchecked;
            if (e.getCause() instanceof Error error) throw error;
            if (e.getCause() instanceof InterruptedException) throw new InterruptedException();
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The threads themselves, for work that is submitted piece by piece. */
    public ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(TIME_TO_END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
