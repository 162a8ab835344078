package lib.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Standard input, read by a thread of its own from the first question on. A read of a terminal or a pipe cannot be
 * interrupted; waiting for that thread can, and so Ctrl-C ends a question at once.
 */
public final class Input {
    private static final int END = -1;
    private static final int LONGEST_LINE = 65_536;

    private final InputStream stream;
    private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>(65_536);
    private Thread reader;

    Input(InputStream stream) {
        this.stream = stream;
    }

    /** The next byte; negative at the end. */
    synchronized int read() throws InterruptedException {
        start();
        int next = bytes.take();
        if (next == END) bytes.put(END);
        return next;
    }

    /** The next byte, if it comes at once, as the rest of a key's sequence does; negative if not. */
    synchronized int readSoon() throws InterruptedException {
        start();
        Integer next = bytes.poll(50, TimeUnit.MILLISECONDS);
        return next == null ? END : next;
    }

    /** A line without its end; empty when the input has ended and there is none. */
    Optional<String> line() throws InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = read();
        if (next == END) return Optional.empty();
        for (; next != END && next != '\n' && line.size() < LONGEST_LINE; next = read()) line.write(next);
        return Optional.of(line.toString(StandardCharsets.UTF_8).strip());
    }

    /** All that comes until the end, of so many bytes at most. */
    public String rest(int limit) throws InterruptedException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int next = read(); next != END && rest.size() < limit; next = read()) rest.write(next);
        return rest.toString(StandardCharsets.UTF_8);
    }

    private void start() {
        if (reader != null) return;
        reader = new Thread(this::pump, "stdin");
        reader.setDaemon(true);
        reader.start();
    }

    private void pump() {
        try {
            int next;
            do {
                next = readOne();
                bytes.put(next);
            } while (next != END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int readOne() {
        try {
            return stream.read();
        } catch (IOException closed) {
            return END;
        }
    }
}
