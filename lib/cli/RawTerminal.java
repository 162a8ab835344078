//SOURCES ../Environment.java
//SOURCES ../Secret.java
//SOURCES Console.java
//SOURCES Prompt.java
//SOURCES Terminal.java
package lib.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import lib.Environment;
import lib.Secret;
import lib.cli.Prompt.Input;

/**
 * A terminal that hands over each key at once and shows none, until it is closed. Signals, such as Ctrl-C, stay; Ctrl-Z
 * is a key like others, so that the terminal can be put in order before this process stops.
 */
public final class RawTerminal implements AutoCloseable {
    /** Takes what is typed until it is closed. */
    public interface Listening extends AutoCloseable {
        /** Where there is nobody to listen to. */
        Listening DEAF = () -> {};

        @Override
        void close();
    }

    private static final String[] RAW = {"-icanon", "-echo", "min", "1", "time", "0", "susp", "undef"};

    final Keys keys;
    private final Prompt prompt;
    private final String before;
    private final Thread atExit = new Thread(this::restore, "terminal-restore");
    private boolean open = true;

    private RawTerminal(Prompt prompt, String before) {
        this.prompt = prompt;
        this.keys = new Keys(prompt.in);
        this.before = before;
    }

    /** Empty where there is no {@code stty}. */
    static Optional<RawTerminal> open(Prompt prompt) {
        Optional<String> state = Terminal.stty(Redirect.INHERIT, "-g")
                .map(String::strip)
                .filter(text -> text.matches("[0-9a-zA-Z:=,-]+"));
        if (state.isEmpty()) return Optional.empty();
        RawTerminal terminal = new RawTerminal(prompt, state.get());
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        if (terminal.takeOver()) {
            // Somebody else may have stopped this process, and had the terminal meanwhile.
            Terminal.onSignal("CONT", terminal::takeOver);
            Terminal.whenResized(prompt.in::wake);
            return Optional.of(terminal);
        }
        terminal.close();
        return Optional.empty();
    }

    /**
     * A secret that a person types or pastes and nobody sees, else all that another program pipes in; empty for none, and at
     * once where stdin is a terminal with nobody at it.
     *
     * @param limit so many bytes at most are read from a pipe
     */
    public static Optional<Secret> secret(Console console, String question, int limit) throws InterruptedException {
        if (!console.isInteractive() && Terminal.isStdin()) return Optional.empty();
        Prompt prompt = console.prompt();
        Optional<String> text = console.isInteractive() ? asked(prompt, question) : Optional.of(prompt.in.rest(limit));
        return text.map(String::strip).filter(line -> !line.isEmpty()).map(Secret::of);
    }

    /** Empty when the person leaves, or the terminal would show it. */
    private static Optional<String> asked(Prompt prompt, String question) throws InterruptedException {
        Optional<RawTerminal> raw = open(prompt);
        if (raw.isEmpty()) return Optional.empty();
        prompt.err.print(question);
        try (RawTerminal terminal = raw.get()) {
            return terminal.line(question);
        } finally {
            prompt.err.print("\n");
        }
    }

    /**
     * From now on until the returned is closed nothing that is typed is shown, or left to whoever reads the terminal next.
     *
     * @param taker told each line that a person types, by a thread of its own
     */
    public static Listening listen(Console console, Consumer<String> taker) {
        if (!console.isInteractive()) return Listening.DEAF;
        Optional<RawTerminal> raw = open(console.prompt());
        if (raw.isEmpty()) return Listening.DEAF;
        Thread listener = new Thread(() -> raw.get().listen(taker), "listener");
        listener.setDaemon(true);
        listener.start();
        return () -> {
            listener.interrupt();
            raw.get().close();
        };
    }

    private void listen(Consumer<String> taker) {
        try {
            while (!prompt.in.hasEnded()) {
                line("").map(String::strip).filter(line -> !line.isEmpty()).ifPresent(taker);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> line(String question) throws InterruptedException {
        StringBuilder line = new StringBuilder();
        for (; ; ) {
            Keys.Key key = keys.next();
            switch (key.action()) {
                case TYPE -> line.append(key.text());
                case ERASE -> line.setLength(line.isEmpty() ? 0 : line.offsetByCodePoints(line.length(), -1));
                case CLEAR -> line.setLength(0);
                case ENTER -> {
                    return Optional.of(line.toString());
                }
                case LEAVE, END -> {
                    return Optional.empty();
                }
                case SUSPEND -> {
                    prompt.err.print("\n");
                    suspend();
                    prompt.err.print(question);
                }
                default -> {}
            }
        }
    }

    /** Stops this process and its job, as Ctrl-Z does, with the terminal as it was before. Returns when they go on. */
    void suspend() {
        Terminal.stty(Redirect.INHERIT, before);
        try {
            Process stop = Environment.childProcess(List.of("sh", "-c", "kill -TSTP 0"))
                    .start();
            stop.waitFor();
        } catch (IOException e) {
            // Without a shell to go back to there is no need to stop.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        takeOver();
    }

    private synchronized boolean takeOver() {
        if (!open || !isOurs()) return false;
        boolean taken = Terminal.stty(Redirect.INHERIT, RAW).isPresent();
        prompt.in.wake();
        return taken;
    }

    /** Whether this process may change it: of a job in the background that stops the whole job. */
    private static boolean isOurs() {
        try {
            String[] fields = Files.readString(Path.of("/proc/self/stat"))
                    .replaceFirst("(?s).*\\) ", "")
                    .split(" ");
            return fields[2].equals(fields[5]);
        } catch (IOException e) {
            return true;
        }
    }

    /** Puts it back as it was. What was typed and not asked for goes to nobody, and so not to the shell. */
    @Override
    public void close() {
        Terminal.whenResized(() -> {});
        boolean interrupted = Thread.interrupted();
        try {
            keys.forget();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        restore();
        if (interrupted) Thread.currentThread().interrupt();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The hook runs or has run, and does the same.
        }
    }

    private synchronized void restore() {
        open = false;
        if (isOurs()) Terminal.stty(Redirect.INHERIT, before);
    }

    /** What is typed at a terminal, key by key. */
    static final class Keys {
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

        private static final int ESCAPE = 27;

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
                Map.entry(Input.WAKE, Action.REDRAW),
                Map.entry(Input.END, Action.END));

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

        private final Input in;

        /** A byte that is no part of the sequence before it. */
        private int pushedBack = Input.NOTHING;

        Keys(Input in) {
            this.in = in;
        }

        /** The next key, read to the end of its sequence. */
        Key next() throws InterruptedException {
            int first = within(Integer.MAX_VALUE);
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
            while (!text.endsWith(end) && pasted.size() < Input.LONGEST_LINE) {
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

        /** Forgets what was typed and not asked for, until nothing more comes. */
        void forget() throws InterruptedException {
            int next;
            do {
                next = within(QUIET_MILLISECONDS);
            } while (next != Input.NOTHING && next != Input.END);
        }

        /** The next byte, if it comes at once, as the rest of a key's sequence does. */
        private int soon() throws InterruptedException {
            int next = within(SEQUENCE_MILLISECONDS);
            if (next != Input.WAKE) return next;
            int after = soon();
            in.wake();
            return after;
        }

        private int within(int milliseconds) throws InterruptedException {
            int next = pushedBack >= 0 ? pushedBack : in.within(milliseconds);
            pushedBack = Input.NOTHING;
            return next;
        }

        private static int control(char letter) {
            return letter & 0x1f;
        }
    }
}
