package lib.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import lib.Printable;

/**
 * What a person reads, on stderr; stdout is for the result alone. Control characters are drawn only on a terminal.
 *
 * <p>Several targets may speak at once: every method is safe for that, and each line is written whole.
 */
public final class Console {
    /** How much is said. */
    public enum Voice {
        QUIET,
        NORMAL,
        VERBOSE
    }

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean interactive;
    private final boolean colored;
    private final Voice voice;
    private Spinner spinner = Spinner.none();

    /**
     * @param terminal whether stderr is one, and may be drawn on
     * @param interactive whether a person can be asked
     */
    Console(PrintStream out, PrintStream err, boolean terminal, boolean interactive, boolean colored, Voice voice) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.interactive = interactive;
        this.colored = colored;
        this.voice = voice;
    }

    static Console of(CommonOptions options) {
        boolean terminal = Terminal.isStderr();
        boolean plain = System.getenv("NO_COLOR") != null && !System.getenv("NO_COLOR").isEmpty();
        boolean colored =
                switch (options.color) {
                    case always -> true;
                    case never -> false;
                    case auto -> terminal && !plain;
                };
        Voice voice = options.verbose ? Voice.VERBOSE : options.quiet ? Voice.QUIET : Voice.NORMAL;
        boolean interactive = terminal && !options.json && Terminal.isStdin();
        return new Console(System.out, System.err, terminal, interactive, colored, voice);
    }

    public boolean isTerminal() {
        return terminal;
    }

    public boolean isVerbose() {
        return voice == Voice.VERBOSE;
    }

    public boolean isQuiet() {
        return voice == Voice.QUIET;
    }

    public boolean isInteractive() {
        return interactive;
    }

    /** The result, on stdout. */
    synchronized void result(String text) {
        stopSpinner();
        if (!text.isEmpty()) out.println(text);
        out.flush();
    }

    /** A plain line. */
    public void say(String line) {
        if (voice != Voice.QUIET) line(plain(line));
    }

    /** A line that only {@code --verbose} shows. */
    public void detail(String line) {
        if (isVerbose()) line(paint("2", "· " + plain(line)));
    }

    public void success(String line) {
        if (voice != Voice.QUIET) line(paint("32", "✓") + " " + plain(line));
    }

    public void warn(String line) {
        line(paint("33", "⚠") + " " + plain(line));
    }

    public void error(String line) {
        line(paint("31", "✗") + " " + plain(line));
    }

    /** What to type next, under an error. */
    public void hint(String line) {
        line("  " + paint("36", "→") + " " + plain(line));
    }

    // The name of a file, a profile or an image may hold anything. Lines stay lines.
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "?");
    }

    private synchronized void line(String line) {
        spinner.erase();
        err.println(line);
        err.flush();
    }

    /** Shows that something goes on, with its elapsed time, until the returned handle is closed. */
    synchronized Spinner spin(String doing) {
        stopSpinner();
        if (terminal && voice == Voice.NORMAL) spinner = Spinner.start(doing, err, this);
        return spinner;
    }

    /** What goes on now, where a spinner shows it. */
    public synchronized void progress(String doing) {
        spinner.say(doing);
    }

    /** Leaves stderr to somebody else's output, such as Docker's progress. */
    public synchronized void stopSpinner() {
        spinner.close();
        spinner = Spinner.none();
    }

    /** Bytes of a child's output, passed on as they are. */
    public synchronized void passOn(byte[] bytes, int length) {
        err.write(bytes, 0, length);
        err.flush();
    }

    /** Asks a person for one of several; empty where nobody can be asked or no answer comes. */
    public Optional<Integer> choose(String question, List<String> answers) {
        if (!interactive) return Optional.empty();
        stopSpinner();
        for (int i = 0; i < answers.size(); i++) err.printf("  %d) %s%n", i + 1, Printable.of(answers.get(i)));
        @SuppressWarnings("resource") // closing it would close stdin
        Scanner answer = new Scanner(System.in);
        for (int tries = 0; tries < 3; tries++) {
            err.print(question + " [1-" + answers.size() + "] ");
            err.flush();
            Optional<String> line = typed(answer);
            if (line.isEmpty()) return Optional.empty();
            String typed = line.get().strip();
            if (typed.matches("[0-9]{1,4}")) {
                int number = Integer.parseInt(typed);
                if (number >= 1 && number <= answers.size()) return Optional.of(number - 1);
            }
        }
        return Optional.empty();
    }

    // Reading a terminal cannot be interrupted, and waiting for somebody who reads can.
    private static Optional<String> typed(Scanner answer) {
        CompletableFuture<Optional<String>> line = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> line.complete(answer.hasNextLine() ? Optional.of(answer.nextLine()) : Optional.empty()), "answer");
        reader.setDaemon(true);
        reader.start();
        try {
            return line.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.empty();
        }
    }

    private String paint(String code, String text) {
        return colored ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    static String seconds(Duration time) {
        return Timings.seconds(time);
    }
}
