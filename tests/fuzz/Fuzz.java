package fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;

/**
 * Tries a reader with damaged inputs: {@code java -Xmx128m fuzz.Fuzz SECONDS SEED SUBJECT}, where a subject is a class and
 * each input has a seed of its own. The seed of the first that brings out more than a sentence is told.
 */
final class Fuzz {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST = 20_000;

    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "reader");
        thread.setDaemon(true);
        return thread;
    });
    private final Path folder;
    private int sentences;

    private Fuzz(Path folder) {
        this.folder = folder;
    }

    public static void main(String... arguments) throws Exception {
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[0]));
        new Fuzz(Files.createTempDirectory("fuzz")).run(arguments[2], Long.parseLong(arguments[1]), time);
    }

    private void run(String name, long first, Duration limit) throws Exception {
        Subject subject = subject(name);
        long end = System.nanoTime() + limit.toNanos();
        long seed = first;
        while (System.nanoTime() < end && seed < first + MOST) attempt(name, subject, seed++);
        System.out.println(name + ": " + (seed - first) + " inputs from seed " + first + ", " + sentences + " refused");
        clear();
        Files.delete(folder);
    }

    private static Subject subject(String name) throws ReflectiveOperationException {
        try {
            return (Subject) Class.forName(name).getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name, e.getCause());
        }
    }

    private void attempt(String name, Subject subject, long seed) throws IOException, InterruptedException {
        byte[] input = subject.input(new Random(seed));
        Throwable met = met(subject, input);
        clear();
        if (met == null) return;
        if (met instanceof Failure failure && isSentence(failure)) {
            sentences++;
            return;
        }
        met.printStackTrace(System.out);
        System.out.println(name + ": " + met + "; again with FUZZ_SEED=" + seed);
        System.exit(1);
    }

    private Throwable met(Subject subject, byte[] input) throws InterruptedException {
        try {
            reader.submit(() -> {
                        subject.read(input, folder);
                        return null;
                    })
                    .get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return e;
        }
    }

    private static boolean isSentence(Failure failure) {
        boolean expected = failure.code() == ErrorCode.CONFIG || failure.code() == ErrorCode.PROTOCOL;
        return expected
                && !failure.getMessage().matches("(?s).*[\\p{Cc}].*")
                && !failure.hint().isEmpty();
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(folder))
                    .forEach(file -> {
                        try {
                            Files.delete(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }
}
