package lib.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Standard input, by bytes, lines or keys. A thread of its own reads it from the first question on: a read of a terminal
 * or a pipe cannot be interrupted; waiting for that thread can, and so Ctrl-C ends a question at once.
 */
final class Keys {
    /** What a key means. */
    enum Action {
        TYPE,
        ERASE,
        CLEAR,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        FIRST,
        LAST,
        ENTER,
        LEAVE,
        SUSPEND,
        /** No key: the terminal has another size, or was somebody else's for a while. */
        REDRAW,
        IGNORE,
        END
    }

    /** @param text what is typed or pasted; empty for other actions */
    record Key(Action action, String text) {
        private static Key of(Action action) {
            return new Key(action, "");
        }
    }

    private static final int END = -1;
    private static final int REDRAW = -2;
    private static final int NOTHING = -3;
    private static final int ESCAPE = 27;
    private static final int LONGEST_LINE = 65_536;

    // Long enough for a sequence that comes over a network in two parts; a lone Escape is felt as immediate.
    private static final int SEQUENCE_MILLISECONDS = 100;
    private static final int QUIET_MILLISECONDS = 20;

    private static final Map<Integer, Action> CONTROLS = Map.ofEntries(
            Map.entry((int) '\r', Action.ENTER),
            Map.entry((int) '\n', Action.ENTER),
            Map.entry(127, Action.ERASE),
            Map.entry(control('H'), Action.ERASE),
            Map.entry(control('U'), Action.CLEAR),
            Map.entry(control('P'), Action.UP),
            Map.entry(control('N'), Action.DOWN),
            Map.entry(control('D'), Action.LEAVE),
            Map.entry(control('Z'), Action.SUSPEND),
            Map.entry(control('L'), Action.REDRAW),
            Map.entry(REDRAW, Action.REDRAW),
            Map.entry(END, Action.END));

    /** What follows {@code ESC [} or {@code ESC O}. With a modifier, such as Shift, it is another key. */
    private static final Map<String, Action> SEQUENCES = Map.ofEntries(
            Map.entry("A", Action.UP),
            Map.entry("B", Action.DOWN),
            Map.entry("5~", Action.PAGE_UP),
            Map.entry("6~", Action.PAGE_DOWN),
            Map.entry("H", Action.FIRST),
            Map.entry("1~", Action.FIRST),
            Map.entry("7~", Action.FIRST),
            Map.entry("F", Action.LAST),
            Map.entry("4~", Action.LAST),
            Map.entry("8~", Action.LAST));

    private final InputStream stream;
    private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>(LONGEST_LINE);
    private Thread reader;

    /** A byte that is no part of the sequence before it. */
    private int pushedBack = NOTHING;

    Keys(InputStream stream) {
        this.stream = stream;
    }

    /** Makes the next key {@link Action#REDRAW}. */
    void redraw() {
        bytes.offer(REDRAW);
    }

    /** The next key, read to the end of its sequence. */
    Key next() throws InterruptedException {
        int first = read();
        if (first == ESCAPE) return escape();
        Action control = CONTROLS.get(first);
        if (control != null) return Key.of(control);
        return first < ' ' ? Key.of(Action.IGNORE) : typed(character(first));
    }

    private Key escape() throws InterruptedException {
        int next = soon();
        // Some terminals send Alt as an Escape before the key's own sequence.
        while (next == ESCAPE) next = soon();
        if (next < 0) return Key.of(Action.LEAVE);
        switch (next) {
            case '[' -> {
                return sequence();
            }
            case 'O' -> {
                String rest = parameters();
                return rest.equals("M") ? Key.of(Action.ENTER) : known(rest);
            }
            case ']', 'P', 'X', '^', '_' -> skipReport();
            default -> character(next);
        }
        return Key.of(Action.IGNORE);
    }

    /** What follows {@code ESC [}: ECMA-48's control sequences, and two kinds of older terminals. */
    private Key sequence() throws InterruptedException {
        String rest = parameters();
        switch (rest) {
            case "200~" -> {
                return pasted();
            }
            case "[" -> soon(); // a function key of the Linux console
            case "M" -> { // the mouse, as X10 reports it
                for (int i = 0; i < 3; i++) soon();
            }
            default -> {
                return known(rest);
            }
        }
        return Key.of(Action.IGNORE);
    }

    /** Parameters, intermediates, and the final byte. */
    private String parameters() throws InterruptedException {
        StringBuilder rest = new StringBuilder();
        int next = soon();
        for (; next >= 0x20 && next <= 0x3f; next = soon()) rest.append((char) next);
        if (next >= 0x40 && next <= 0x7e) return rest.append((char) next).toString();
        pushedBack = next;
        return "";
    }

    private static Key known(String rest) {
        return Key.of(SEQUENCES.getOrDefault(rest, Action.IGNORE));
    }

    /** A report that nobody asked for, such as a terminal's answer about its colours: to BEL, or ESC and a backslash. */
    private void skipReport() throws InterruptedException {
        int next = soon();
        while (next >= 0 && next != 7 && next != ESCAPE) next = soon();
        if (next == ESCAPE) soon();
    }

    /** What a terminal brackets as pasted: a line end in it takes no answer. */
    private Key pasted() throws InterruptedException {
        String end = "\u001b[201~";
        ByteArrayOutputStream pasted = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith(end) && pasted.size() < LONGEST_LINE) {
            int next = soon();
            if (next < 0) break;
            pasted.write(next);
            if (next == '~') text = pasted.toString(StandardCharsets.UTF_8);
        }
        return typed(pasted.toString(StandardCharsets.UTF_8).replace(end, ""));
    }

    private static Key typed(String text) {
        String clean = text.replaceAll("[\\p{Cc}\ufffd]", "");
        return clean.isEmpty() ? Key.of(Action.IGNORE) : new Key(Action.TYPE, clean);
    }

    /** A character of UTF-8 that begins with this byte. */
    private String character(int first) throws InterruptedException {
        ByteArrayOutputStream character = new ByteArrayOutputStream();
        int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
        int next = first;
        for (int i = 1; next >= 0; next = soon(), i++) {
            character.write(next);
            if (i == length) break;
        }
        return character.toString(StandardCharsets.UTF_8);
    }

    /** A line without its end; empty when the input has ended and there is none. */
    Optional<String> line() throws InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = read();
        if (next == END) return Optional.empty();
        for (; next != END && next != '\n' && line.size() < LONGEST_LINE; next = read())
            if (next >= 0) line.write(next);
        return Optional.of(line.toString(StandardCharsets.UTF_8).strip());
    }

    /** All that comes until the end, of so many bytes at most. */
    String rest(int limit) throws InterruptedException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int next = read(); next != END && rest.size() < limit; next = read()) if (next >= 0) rest.write(next);
        return rest.toString(StandardCharsets.UTF_8);
    }

    /** Forgets what was typed and not asked for, until nothing more comes. */
    void forget() throws InterruptedException {
        int next;
        do {
            next = within(QUIET_MILLISECONDS);
        } while (next != NOTHING && next != END);
    }

    boolean hasEnded() {
        return Integer.valueOf(END).equals(bytes.peek());
    }

    private int read() throws InterruptedException {
        return within(Integer.MAX_VALUE);
    }

    /** The next byte, if it comes at once, as the rest of a key's sequence does. */
    private int soon() throws InterruptedException {
        int next = within(SEQUENCE_MILLISECONDS);
        if (next != REDRAW) return next;
        int after = soon();
        redraw();
        return after;
    }

    private int within(int milliseconds) throws InterruptedException {
        start();
        if (pushedBack >= 0) {
            int next = pushedBack;
            pushedBack = NOTHING;
            return next;
        }
        Integer next = bytes.poll(milliseconds, TimeUnit.MILLISECONDS);
        if (next == null) return NOTHING;
        if (next == END) bytes.put(END);
        return next;
    }

    private synchronized void start() {
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

    private static int control(char letter) {
        return letter & 0x1f;
    }
}
