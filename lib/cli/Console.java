//SOURCES ../Failure.java
//SOURCES ../Invocation.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES CommonOptions.java
//SOURCES Output.java
//SOURCES Prompt.java
//SOURCES Run.java
//SOURCES Terminal.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Invocation;
import lib.Printable;
import lib.cli.Prompt.Choice;
import lib.cli.Run.Result;

/** What a person reads, on stderr; stdout is for the result alone. Several targets may speak at once, each line whole. */
public final class Console {
    /** How much is said. */
    public enum Voice {
        QUIET,
        NORMAL,
        VERBOSE
    }

    /** Who hears of a run besides those who read its log. */
    public interface Listener {
        Listener NOBODY = new Listener() {};

        default void warned(String text) {}

        /** @param whose of which target it is; empty where there is one */
        default void failed(String whose, Failure failure) {}

        default void answered(JsonNode answer) throws IOException {}

        /** From now on a child writes to the log, beside others that may already. */
        default void childStarted() {}

        default void childEnded() {}
    }

    /** How a person is asked for one of several answers. */
    public interface Chooser {
        /** @return the place of the answer; empty for none */
        Optional<Integer> choose(Prompt prompt, String question, List<Choice> answers, Optional<Integer> current)
                throws InterruptedException;
    }

    private final Output out;
    private final Output err;
    private final boolean terminal;
    private final boolean interactive;
    private final boolean colored;
    private final Voice voice;
    private final Prompt prompt;
    private Listener listener = Listener.NOBODY;
    private Chooser chooser = Prompt::choose;
    private Spinner spinner;
    private boolean drawn;

    /** @param terminal whether stderr is one that can be drawn on @param interactive whether a person can be asked */
    Console(Output out, Output err, boolean terminal, boolean interactive, boolean colored, Voice voice) {
        this.prompt = new Prompt(err, System.in, terminal);
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.interactive = interactive;
        this.colored = colored;
        this.voice = voice;
    }

    static Console of(CommonOptions options) {
        Map<String, String> variables = System.getenv();
        boolean terminal = Terminal.isStderr();
        boolean draws = terminal && !Terminal.isDumb(variables);
        boolean interactive =
                terminal && !options.json && variables.getOrDefault("CI", "").isBlank() && Terminal.isStdin();
        Voice voice = options.verbose ? Voice.VERBOSE : options.quiet ? Voice.QUIET : Voice.NORMAL;
        return new Console(
                Output.stdout(variables),
                Output.stderr(variables),
                draws,
                interactive,
                options.color.isUsed(draws, variables),
                voice);
    }

    /** @param listener made with a way to write a line that is a command to what reads the log */
    void heardBy(Function<Consumer<String>, Listener> listener) {
        this.listener = listener.apply(this::command);
    }

    void choosingBy(Chooser other) {
        chooser = other;
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
    synchronized void result(Result answer, boolean asJson) {
        stopSpinner();
        answer.shown().ifPresent(err::mask);
        if (asJson) out.json(answer.json(), answer.shown());
        else if (!answer.text().isEmpty()) out.text(answer.text(), answer.shown());
    }

    /** @throws Failure {@code unavailable} where the result could not be written, as on a full disk */
    synchronized void requireWritten() {
        if (!out.isLost()) return;
        throw new Failure(
                ErrorCode.UNAVAILABLE,
                "It is done, but its result cannot be written to stdout",
                "See that stdout is open and its disk has room");
    }

    /** How a script is used, on stdout: text of ours, in its own colours. */
    synchronized void usage(String text) {
        out.print(text);
    }

    public void say(String line) {
        if (voice != Voice.QUIET) line(Output.plain(line));
    }

    /** A line that only {@code --verbose} shows. */
    public void detail(String line) {
        if (isVerbose()) line(paint("2", "· " + Output.plain(line)));
    }

    public void success(String line) {
        if (voice != Voice.QUIET) line(paint("32", "✓") + " " + Output.plain(line));
    }

    public synchronized void warn(String line) {
        line(paint("33", "⚠") + " " + Output.plain(line));
        listener.warned(Output.plain(line));
    }

    /**
     * Tells a failure in one piece: what was found, what happened, what to do, how to go on; and the same to the listener.
     *
     * @param whose before each line, which target it is of; empty where there is one
     */
    synchronized void failed(String whose, Failure failure) {
        stopSpinner();
        if (failure.findings().size() > 1)
            failure.findings().forEach(finding -> failed(whose, finding.message(), finding.hint()));
        failed(whose, failure.getMessage(), failure.hint());
        failure.resumeLine().ifPresent(line -> hint(whose + line));
        listener.failed(whose, failure);
    }

    private void failed(String whose, String message, String hint) {
        error(whose + message);
        if (!hint.isEmpty()) hint(whose + hint);
    }

    /** Tells the listener what the run answers. */
    void answered(JsonNode answer) {
        try {
            listener.answered(answer);
        } catch (IOException e) {
            warn("No summary of the step was written: " + e.getClass().getSimpleName() + " "
                    + Printable.of(e.getMessage()));
        }
    }

    public void error(String line) {
        line(paint("31", "✗") + " " + Output.plain(line));
    }

    /** What to type next, under an error. */
    public void hint(String line) {
        line("  " + paint("36", "→") + " " + Output.plain(Invocation.typed(line)));
    }

    /** What a person must act on, such as an address to open: said even when little is. */
    public void tell(String line) {
        line(Output.plain(line));
    }

    /** A line that the next one takes the place of, on a terminal; nothing elsewhere. */
    public synchronized void fleeting(String line) {
        if (terminal && voice != Voice.QUIET)
            draw(Terminal.cut(Output.plain(line), Terminal.size().columns() - 1));
    }

    Prompt prompt() {
        stopSpinner();
        return prompt;
    }

    private synchronized void line(String line) {
        clear();
        err.line(line);
    }

    private synchronized void command(String command) {
        clear();
        err.command(Output.plain(command));
    }

    private void draw(String text) {
        err.print("\r\u001b[K" + text);
        drawn = true;
    }

    private void clear() {
        if (drawn) err.print("\r\u001b[K");
        drawn = false;
    }

    /** Shows that something goes on, with its elapsed time, until it is stopped. */
    synchronized void spin(String doing) {
        stopSpinner();
        if (!terminal || voice != Voice.NORMAL) return;
        spinner = new Spinner(Output.plain(doing));
        spinner.start();
    }

    /** What goes on now, where a spinner shows it. */
    public synchronized void progress(String doing) {
        if (spinner != null) spinner.doing = Output.plain(doing);
    }

    /** Leaves stderr to somebody else's output, such as Docker's progress. */
    public synchronized void stopSpinner() {
        spinner = null;
        clear();
    }

    /** Shows what a child says on one of its streams, to the byte but for secrets, until that is closed. */
    public synchronized OutputStream showChild() {
        stopSpinner();
        if (voice == Voice.QUIET) return OutputStream.nullOutputStream();
        listener.childStarted();
        return err.ofChild(this, listener::childEnded);
    }

    /** Asks a person for one of several; empty where nobody can be asked or no answer comes. */
    public Optional<Integer> choose(String question, List<Choice> answers) {
        return choose(question, answers, Optional.empty());
    }

    /** The same, with one answer marked as the one that holds now. */
    public Optional<Integer> choose(String question, List<Choice> answers, Optional<Integer> current) {
        if (!interactive) return Optional.empty();
        try {
            return chooser.choose(prompt(), Output.plain(question), answers, current);
        } catch (InterruptedException e) {
            throw new Failure(ErrorCode.INTERRUPTED, "Interrupted; nothing was done", "").causedBy(e);
        }
    }

    private String paint(String code, String text) {
        return colored ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** A turning mark with the elapsed time, until it is not the console's any more. */
    private final class Spinner extends Thread {
        private static final String FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
        private static final long PAUSE_MILLISECONDS = 120;

        private final long start = System.nanoTime();
        private volatile String doing;

        private Spinner(String doing) {
            super("spinner");
            setDaemon(true);
            this.doing = doing;
        }

        @Override
        public void run() {
            try {
                for (int turn = 0; draw(turn); turn++) sleep(PAUSE_MILLISECONDS);
            } catch (InterruptedException e) {
                // It ends, as it would at its next turn.
            }
        }

        private boolean draw(int turn) {
            int columns = Terminal.size().columns() - 3;
            String time = "  " + Run.seconds(Duration.ofNanos(System.nanoTime() - start));
            synchronized (Console.this) {
                if (spinner != this) return false;
                // What goes on is cut sooner than for how long.
                String text = Terminal.cut(Terminal.cut(doing, columns - time.length()) + time, columns);
                Console.this.draw(FRAMES.charAt(turn % FRAMES.length()) + " " + text);
                return true;
            }
        }
    }
}
