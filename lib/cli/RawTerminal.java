package lib.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lib.ChildProcess;

/** A terminal that hands over each key at once and shows none, until it is closed. Signals, such as Ctrl-C, stay. */
final class RawTerminal implements AutoCloseable {
    private final String before;
    private final Thread atExit;

    private RawTerminal(String before) {
        this.before = before;
        this.atExit = new Thread(this::restore, "terminal-restore");
    }

    /** Empty where there is no {@code stty}; questions are then answered with a number and Enter. */
    static Optional<RawTerminal> open() {
        Optional<String> state = stty("-g").map(String::strip).filter(text -> text.matches("[0-9a-zA-Z:=,-]+"));
        if (state.isEmpty()) return Optional.empty();
        RawTerminal terminal = new RawTerminal(state.get());
        Runtime.getRuntime().addShutdownHook(terminal.atExit);
        if (stty("-icanon", "-echo", "min", "1", "time", "0").isPresent()) return Optional.of(terminal);
        terminal.close();
        return Optional.empty();
    }

    /** How many lines it has; 24 where that is not known. */
    static int height() {
        return stty("size")
                .map(text -> text.replaceFirst(" .*", "").strip())
                .filter(text -> text.matches("[1-9][0-9]{0,3}"))
                .map(Integer::parseInt)
                .orElse(24);
    }

    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            // The hook runs or has run, and does the same.
        }
    }

    private void restore() {
        stty(before);
    }

    /** What it says; empty when it fails. An interrupt is kept for later, since a terminal must be restored first. */
    private static Optional<String> stty(String... arguments) {
        List<String> words = new ArrayList<>(List.of("stty"));
        words.addAll(List.of(arguments));
        boolean interrupted = Thread.interrupted();
        try {
            Process process = ChildProcess.of(words)
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.DISCARD)
                    .start();
            // Less than a pipe holds, so it is read when all of it is there.
            if (!process.waitFor(2, TimeUnit.SECONDS)) process.destroyForcibly();
            else if (process.exitValue() == 0)
                return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            interrupted = true;
            return Optional.empty();
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }
}
