//SOURCES ../Environment.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Choice.java
//SOURCES Console.java
//SOURCES Keys.java
//SOURCES Menu.java
//SOURCES Output.java
//SOURCES Signals.java
//SOURCES Terminal.java
package lib.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import lib.Environment;
import lib.Printable;
import lib.Secret;

/** Asks a person, who is known to be there: for one of several answers, or for what nobody else may see. */
final class Prompt {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final int LONGEST_LIST = 20;
    private static final int TRIES = 3;

    private final Output err;
    private final Keys keys;
    private final boolean draws;

    /** @param draws whether the terminal knows control sequences */
    Prompt(Output err, InputStream in, boolean draws) {
        this.err = err;
        this.keys = new Keys(in);
        this.draws = draws;
    }

    /** The place of the answer that is chosen. @param current the answer that holds now @return empty for none */
    Optional<Integer> choose(String question, List<Choice> choices, Optional<Integer> current)
            throws InterruptedException {
        if (choices.isEmpty()) return Optional.empty();
        Optional<RawTerminal> raw = draws && Terminal.size().rows() > 3 ? RawTerminal.open(keys) : Optional.empty();
        if (raw.isEmpty()) return chooseByLine(question, choices, current);
        try (RawTerminal terminal = raw.get()) {
            return new Menu(question, choices, current, Terminal::size).ask(err, keys, terminal::suspend);
        }
    }

    /** Asks in lines, where nothing can be drawn. */
    Optional<Integer> chooseByLine(String question, List<Choice> choices, Optional<Integer> current)
            throws InterruptedException {
        for (int i = 0; i < Math.min(LONGEST_LIST, choices.size()); i++) {
            String mark = current.equals(Optional.of(i)) ? "  (current)" : "";
            tell("  " + (i + 1) + ") " + choices.get(i).shown() + mark + "\n");
        }
        int more = choices.size() - LONGEST_LIST;
        if (more > 0) tell("  … and " + more + " more\n");
        for (int tries = 0; tries < TRIES; tries++) {
            tell(Printable.of(question) + " [number, name or id] ");
            Optional<String> typed = keys.line();
            if (typed.isEmpty()) return Optional.empty();
            if (typed.get().isEmpty() && current.isPresent()) return current;
            List<Integer> meant = meant(typed.get(), choices);
            if (meant.size() == 1) return Optional.of(meant.get(0));
            if (meant.size() > 1) tell("Several are called so: " + ids(meant, choices) + "\n");
            else if (!typed.get().isEmpty()) tell("Not one of them: " + Printable.of(typed.get()) + "\n");
        }
        return Optional.empty();
    }

    private static List<Integer> meant(String typed, List<Choice> choices) {
        List<Integer> called = Choice.called(typed, choices);
        if (!called.isEmpty() || !NUMBER.matcher(typed).matches()) return called;
        int number = Integer.parseInt(typed);
        return number >= 1 && number <= choices.size() ? List.of(number - 1) : List.of();
    }

    private static String ids(List<Integer> places, List<Choice> choices) {
        return places.stream()
                .limit(LONGEST_LIST)
                .map(place -> choices.get(place).id())
                .collect(Collectors.joining(", "));
    }

    /** A line that is typed or pasted and not shown; empty when the person leaves, or the terminal would show it. */
    Optional<Secret> secret(String question) throws InterruptedException {
        Optional<RawTerminal> raw = RawTerminal.open(keys);
        if (raw.isEmpty()) return Optional.empty();
        tell(question);
        try (RawTerminal terminal = raw.get()) {
            return unseenLine(terminal, question)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Secret::of);
        } finally {
            tell("\n");
        }
    }

    /**
     * Shows nothing that is typed from now on and leaves none of it to who reads the terminal next, until the returned is
     * closed.
     *
     * @param taker told each line, by a thread of its own
     */
    Console.Listening listen(Consumer<String> taker) {
        Optional<RawTerminal> raw = RawTerminal.open(keys);
        if (raw.isEmpty()) return Console.Listening.DEAF;
        Thread listener = new Thread(() -> listen(raw.get(), taker), "listener");
        listener.setDaemon(true);
        listener.start();
        return () -> {
            listener.interrupt();
            raw.get().close();
        };
    }

    private void listen(RawTerminal terminal, Consumer<String> taker) {
        try {
            while (!keys.hasEnded()) {
                unseenLine(terminal, "")
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .ifPresent(taker);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<String> unseenLine(RawTerminal terminal, String question) throws InterruptedException {
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
                    tell("\n");
                    terminal.suspend();
                    tell(question);
                }
                default -> {}
            }
        }
    }

    /** All that another program pipes in, of so many bytes at most. */
    String piped(int limit) throws InterruptedException {
        return keys.rest(limit);
    }

    private void tell(String text) {
        err.print(text);
    }
}

/**
 * A terminal that hands over each key at once and shows none, until it is closed. Signals, such as Ctrl-C, stay; Ctrl-Z
 * is a key like others, so that the terminal can be put in order before this process stops.
 */
final class RawTerminal implements AutoCloseable {
    private static final String[] RAW = {"-icanon", "-echo", "min", "1", "time", "0", "susp", "undef"};

    private final Keys keys;
    private final String before;
    private final Thread atExit = new Thread(this::restore, "terminal-restore");
    private Runnable forgetContinued = () -> {};
    private boolean open = true;

    private RawTerminal(Keys keys, String before) {
        this.keys = keys;
        this.before = before;
    }

    /** Empty where there is no {@code stty}. */
    static Optional<RawTerminal> open(Keys keys) {
        Optional<String> state = Terminal.stty(Redirect.INHERIT, "-g")
                .map(String::strip)
                .filter(text -> text.matches("[0-9a-zA-Z:=,-]+"));
        if (state.isEmpty()) return Optional.empty();
        RawTerminal terminal = new RawTerminal(keys, state.get());
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        if (terminal.takeOver()) {
            // Somebody else may have stopped this process, and had the terminal meanwhile.
            terminal.forgetContinued = Signals.on("CONT", terminal::takeOver);
            Terminal.whenResized(keys::redraw);
            return Optional.of(terminal);
        }
        terminal.close();
        return Optional.empty();
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
        if (!open || !Terminal.isOurs()) return false;
        boolean taken = Terminal.stty(Redirect.INHERIT, RAW).isPresent();
        keys.redraw();
        return taken;
    }

    /** Puts it back as it was. What was typed and not asked for goes to nobody, and so not to the shell. */
    @Override
    public void close() {
        forgetContinued.run();
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
        if (Terminal.isOurs()) Terminal.stty(Redirect.INHERIT, before);
    }
}
