package harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An external process while it runs. Both its streams are read at once, so that neither can fill and stop it. */
public final class Running implements AutoCloseable {
    private final List<String> words;
    private final Process process;
    private final long startedAt = System.nanoTime();
    private final Duration limit;
    private final Gathered out;
    private final Gathered err;

    Running(List<String> words, Process process, Duration limit) {
        this.words = words;
        this.process = process;
        this.limit = limit;
        out = new Gathered(process.getInputStream());
        err = new Gathered(process.getErrorStream());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The processes that it started itself and that live. */
    public List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** All that live of those it started, and of those that these started. */
    public List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    /** What it has written to stdout so far. */
    public String out() {
        return out.text();
    }

    /** What it has written to stderr so far. */
    public String err() {
        return err.text();
    }

    /** Waits until stdout holds this text. */
    public Running awaitOut(String text) {
        return await(out, "stdout", text);
    }

    /** Waits until stderr holds this text. */
    public Running awaitErr(String text) {
        return await(err, "stderr", text);
    }

    private Running await(Gathered stream, String name, String text) {
        while (!stream.text().contains(text)) {
            boolean alive = process.isAlive();
            if (!alive) stream.join();
            if (stream.text().contains(text)) break;
            if (!alive) throw new AssertionError("It ended before " + name + " held '" + text + "'. " + this);
            if (remaining().isNegative()) {
                close();
                throw new AssertionError("No '" + text + "' on " + name + " within " + limit + ". " + this);
            }
            pause();
        }
        return this;
    }

    /** Sends a signal to this process alone: {@code INT}, {@code TERM}, {@code KILL}. */
    public Running signal(String name) {
        Command.of("kill", "-" + name, Long.toString(pid())).run().succeeded();
        return this;
    }

    /** Sends SIGINT to this process and its children at once, as a terminal does for Ctrl-C. */
    public Running ctrlC() {
        List<String> group = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(each -> Long.toString(each.pid()))
                .toList();
        Command.of("kill", "-INT").with(group.toArray(String[]::new)).run(); // one may have ended meanwhile
        return this;
    }

    /** Waits for the end; a process over its limit is killed, and that fails the test with what it said. */
    public Ran await() {
        try {
            if (!process.waitFor(Math.max(0, remaining().toMillis()), TimeUnit.MILLISECONDS)) {
                close();
                throw new AssertionError("Still running after " + limit + ". " + this);
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was stopped while this ran. " + this, e);
        }
        out.join();
        err.join();
        return new Ran(words, process.exitValue(), out.text(), err.text(), elapsed());
    }

    /** Kills it and its children, if it still runs. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        if (process.isAlive()) children.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly()
                .onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(slow -> process)
                .join();
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private Duration remaining() {
        return limit.minus(elapsed());
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("The test was stopped while it waited", e);
        }
    }

    @Override
    public String toString() {
        return Ran.describe(words, "running", out.text(), err.text());
    }

    /** A stream that a thread of its own reads to the end. */
    private static final class Gathered {
        private final StringBuffer text = new StringBuffer();
        private final Thread thread;

        Gathered(InputStream stream) {
            thread = new Thread(() -> read(stream), "gather");
            thread.setDaemon(true);
            thread.start();
        }

        private void read(InputStream stream) {
            char[] buffer = new char[8192];
            try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) text.append(buffer, 0, n);
            } catch (IOException killed) {
                // The stream of a killed process closes under its reader; what came until then is kept.
            }
        }

        String text() {
            return text.toString();
        }

        /** A background child that the process left behind may hold the stream open: a second is enough. */
        void join() {
            try {
                thread.join(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
