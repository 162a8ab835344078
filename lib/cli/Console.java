//SOURCES ../Failure.java
//SOURCES ../Invocation.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Answer.java
//SOURCES Choice.java
//SOURCES CommonOptions.java
//SOURCES GitHubActions.java
//SOURCES Output.java
//SOURCES Prompt.java
//SOURCES Spinner.java
//SOURCES Terminal.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Invocation;
import lib.Printable;
import lib.Secret;

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

    /** What listens to a person until it is closed. */
    public interface Listening extends AutoCloseable {
        Listening DEAF = () -> {};

        @Override
        void close();
    }

    private final Output out;
    private final Output err;
    private final boolean terminal;
    private final boolean interactive;
    private final boolean colored;
    private final Voice voice;
    private final Optional<GitHubActions> actions;
    private final InputStream in = System.in;
    private Prompt prompt;
    private Spinner spinner = Spinner.none();
    private boolean fleeting;
    private int children;
    private String stopWord = "";

    /**
     * @param terminal whether stderr is one that can be drawn on
     * @param interactive whether a person can be asked
     */
    Console(
            Output out,
            Output err,
            boolean terminal,
            boolean interactive,
            boolean colored,
            Voice voice,
            Optional<GitHubActions> actions) {
        this.actions = actions;
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
        Optional<GitHubActions> actions = GitHubActions.of(variables);
        return new Console(
                Output.stdout(actions.isPresent()),
                Output.stderr(actions.isPresent()),
                draws,
                interactive,
                options.color.isUsed(draws, variables),
                voice,
                actions);
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
    synchronized void result(Answer answer, boolean asJson) {
        stopSpinner();
        if (asJson) out.json(answer.json(), answer.shown());
        else if (!answer.text().isEmpty()) out.text(answer.text(), answer.shown());
    }

    /** How a script is used, on stdout: text of ours, in its own colours. */
    synchronized void usage(String text) {
        out.print(text);
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
        if (actions.isPresent()) command(GitHubActions.warning(plain(line)));
    }

    /** Where a run is looked at elsewhere than in its log: a failure, there too. */
    void annotate(Failure failure) {
        if (actions.isPresent()) command(GitHubActions.error(failure));
    }

    /** Where a run is looked at elsewhere than in its log: the result, there too. */
    void summarize(JsonNode answer) {
        if (actions.isEmpty()) return;
        try {
            actions.get().summarize(answer);
        } catch (IOException e) {
            warn("No summary of the step was written: " + e.getClass().getSimpleName() + " "
                    + Printable.of(e.getMessage()));
        }
    }

    public void error(String line) {
        line(paint("31", "✗") + " " + plain(line));
    }

    /** What to type next, under an error. */
    public void hint(String line) {
        line("  " + paint("36", "→") + " " + plain(Invocation.typed(line)));
    }

    private static String plain(String text) {
        return Output.plain(text);
    }

    /** What a person must act on, such as an address to open: said even when little is. */
    public void tell(String line) {
        line(plain(line));
    }

    /** A line that the next one takes the place of, on a terminal; nothing elsewhere. */
    public synchronized void fleeting(String line) {
        if (!terminal || voice == Voice.QUIET) return;
        err.print("\r\u001b[K" + Terminal.cut(plain(line), Terminal.size().columns() - 1));
        fleeting = true;
    }

    /**
     * A secret that a person types or pastes unseen, else all that another program pipes in; empty for none, and at once
     * where stdin is a terminal with nobody at it.
     *
     * @param limit so many bytes at most are read from a pipe
     */
    public Optional<Secret> secret(String question, int limit) throws InterruptedException {
        stopSpinner();
        if (interactive) return prompt().secret(question);
        if (Terminal.isStdin()) return Optional.empty();
        String piped = prompt().piped(limit).strip();
        return piped.isEmpty() ? Optional.empty() : Optional.of(Secret.of(piped));
    }

    /**
     * From now on until the returned is closed nothing that is typed is shown, or left to whoever reads the terminal next.
     *
     * @param taker told each line that a person types, by a thread of its own
     */
    public Listening listen(Consumer<String> taker) {
        return interactive ? prompt().listen(taker) : Listening.DEAF;
    }

    private synchronized Prompt prompt() {
        if (prompt == null) prompt = new Prompt(err, in, terminal);
        return prompt;
    }

    private synchronized void line(String line) {
        clear();
        err.line(line);
    }

    private synchronized void command(String command) {
        clear();
        boolean stopped = children > 0;
        if (stopped) err.command(GitHubActions.goOn(stopWord));
        err.command(plain(command));
        if (stopped) stopCommands();
    }

    private void stopCommands() {
        stopWord = UUID.randomUUID().toString();
        err.command(GitHubActions.stop(stopWord));
    }

    private void clear() {
        spinner.erase();
        if (fleeting) err.print("\r\u001b[K");
        fleeting = false;
    }

    /** Shows that something goes on, with its elapsed time, until the returned handle is closed. */
    synchronized Spinner spin(String doing) {
        stopSpinner();
        if (terminal && voice == Voice.NORMAL) spinner = Spinner.start(plain(doing), err, this);
        return spinner;
    }

    /** What goes on now, where a spinner shows it. */
    public synchronized void progress(String doing) {
        spinner.say(plain(doing));
    }

    /** Leaves stderr to somebody else's output, such as Docker's progress. */
    public synchronized void stopSpinner() {
        spinner.close();
        spinner = Spinner.none();
    }

    /**
     * Shows what a child says on one of its streams, to the byte but for secrets, until that is closed. So long, GitHub
     * Actions takes nothing for a command.
     */
    public synchronized OutputStream showChild() {
        stopSpinner();
        if (voice == Voice.QUIET) return OutputStream.nullOutputStream();
        if (children++ == 0 && actions.isPresent()) stopCommands();
        return err.ofChild(this, this::childEnded);
    }

    private void childEnded() {
        if (--children == 0 && actions.isPresent()) err.command(GitHubActions.goOn(stopWord));
    }

    /** Asks a person for one of several; empty where nobody can be asked or no answer comes. */
    public Optional<Integer> choose(String question, List<Choice> answers) {
        return choose(question, answers, Optional.empty());
    }

    /** The same, with one answer marked as the one that holds now. */
    public Optional<Integer> choose(String question, List<Choice> answers, Optional<Integer> current) {
        if (!interactive) return Optional.empty();
        stopSpinner();
        try {
            return prompt().choose(plain(question), answers, current);
        } catch (InterruptedException e) {
            throw new Failure(ErrorCode.INTERRUPTED, "Interrupted; nothing was done", "").causedBy(e);
        }
    }

    private String paint(String code, String text) {
        return colored ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
