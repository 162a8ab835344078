package harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** A command in a terminal of its own, which {@code script} makes: keys go in, and what is drawn can be looked at. */
public final class Pty implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(40);

    private final Path folder;
    private final Running running;
    private final OutputStream keys;
    private int columns;
    private int resizedAt;

    private Pty(Path folder, Running running, OutputStream keys, int columns) {
        this.folder = folder;
        this.running = running;
        this.keys = keys;
        this.columns = columns;
    }

    /**
     * Starts it, or skips the test, visibly, where no terminal can be made.
     *
     * @param command of words without spaces, which a shell reads anew
     * @param folder an empty one, for what the test needs besides
     */
    public static Pty start(Command command, Path folder, int columns, int rows) {
        Tool.orSkip("script", "stty", "mkfifo");
        try {
            Files.createDirectories(folder);
            Path fifo = folder.resolve("keys");
            Command.of("mkfifo", fifo.toString()).run().succeeded();
            String inside = "tty >" + folder + "/tty; stty rows " + rows + " cols " + columns + "; exec $*";
            String outside = "exec script -qefc \"" + inside + "\" /dev/null <" + fifo;
            Running running = command.behind("sh", "-c", outside, "sh").start();
            return new Pty(folder, running, Files.newOutputStream(fifo), columns);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types these keys, as a terminal sends them. */
    public Pty type(String text) {
        try {
            keys.write(text.getBytes(StandardCharsets.UTF_8));
            keys.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What can be seen now, from the first line on; after a resize, what was drawn since. */
    public String screen() {
        String drawn = running.out().substring(resizedAt);
        return String.join("\n", Screen.after(drawn, columns).lines());
    }

    /** All that was ever written to it. */
    public String written() {
        return running.out();
    }

    /** Waits until this can be seen. */
    public Pty await(String text) {
        return await("'" + text + "'", screen -> screen.contains(text));
    }

    /** Waits until what can be seen is as expected. */
    public Pty await(String expectation, Predicate<String> holds) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!holds.test(screen())) {
            if (System.nanoTime() > end || !running.isAlive()) {
                if (holds.test(screen())) return this;
                throw new AssertionError("expected " + expectation + " on the screen:\n" + screen());
            }
            pause(20);
        }
        return this;
    }

    /** Waits for so long that what comes of a key, if anything, has come. */
    public Pty settle() {
        String before;
        do {
            before = running.out();
            pause(400);
        } while (!before.equals(running.out()));
        return this;
    }

    /** What {@code stty} says of it, asked from outside; {@code rows R cols C} sets it. */
    public String stty(String... arguments) {
        try {
            String name = Files.readString(folder.resolve("tty")).strip();
            return Command.of("stty", "-F", name)
                    .with(arguments)
                    .run()
                    .succeeded()
                    .out();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Pty resize(int newColumns, int rows) {
        columns = newColumns;
        resizedAt = running.out().length();
        stty("rows", Integer.toString(rows), "cols", Integer.toString(newColumns));
        return this;
    }

    /** Waits for the end; the output is all that was written to the terminal. */
    public Ran end() {
        return running.await();
    }

    public Running running() {
        return running;
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was stopped while it waited", e);
        }
    }

    @Override
    public void close() {
        running.close();
        try {
            keys.close();
        } catch (IOException ended) {
            // Nobody reads it any more.
        }
    }
}
