//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Invocation.java
//SOURCES ../Printable.java
//SOURCES CommonOptions.java
//SOURCES Console.java
//SOURCES Prompt.java
//SOURCES Run.java
//SOURCES Terminal.java
package lib.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Invocation;
import lib.Printable;
import lib.cli.Run.Result;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Runs a script and ends the process: the one place where a failure becomes a message, a hint and an exit code. */
public final class Cli {
    /** Options of a run that asks no server, so that nothing is loaded for it. */
    private static final List<String> ASKING_NOBODY =
            List.of("-h", "--help", "-V", "--version", "--dry-run", "--build-only");

    /** Given back where the memory is full, so that there is enough to say so. */
    private static byte[] reserve = new byte[1 << 20];

    /** One command of a script: its options are its fields, its work is {@link #call(Run)}. */
    public interface Script {
        CommonOptions common();

        /** @throws lib.Failure when it cannot go on */
        Result call(Run run) throws InterruptedException;
    }

    private final Object script;
    private Console.Chooser chooser = Prompt::choose;
    private Function<Consumer<String>, Console.Listener> listener = commands -> Console.Listener.NOBODY;
    private Consumer<List<String>> preparation = words -> Http.prepare();
    private List<String> arguments = List.of();

    private Cli(Object script) {
        this.script = script;
    }

    /** @param script a {@link Script}, or a command whose subcommands are */
    public static Cli of(Object script) {
        return new Cli(script);
    }

    /** Asks a person so, instead of in lines. */
    public Cli choosingBy(Console.Chooser other) {
        chooser = other;
        return this;
    }

    /** @param other made with a way to write a line that is a command to what reads the log */
    public Cli heardBy(Function<Consumer<String>, Console.Listener> other) {
        listener = other;
        return this;
    }

    /** Starts something else than a client while the arguments are parsed, which takes as long. */
    public Cli preparing(Consumer<List<String>> other) {
        preparation = other;
        return this;
    }

    /** Runs the script and exits. */
    public void run(String... words) {
        Thread.setDefaultUncaughtExceptionHandler(this::ended);
        // In Persian or Arabic a formatted number has other digits, which no shell, JSON or program reads.
        Locale.setDefault(Locale.ROOT);
        if (Collections.disjoint(ASKING_NOBODY, List.of(words))) {
            preparation.accept(List.of(words));
        }
        int exitCode = ErrorCode.INTERNAL.exitCode();
        try {
            exitCode = execute(words);
            Http.closeAll();
        } catch (RuntimeException | Error e) {
            ended(Thread.currentThread(), e);
        } finally {
            System.exit(exitCode);
        }
    }

    /** Runs the script. @return its exit code */
    public int execute(String... words) {
        arguments = List.of(words);
        try {
            Optional<Script> leaf = leaf();
            return leaf.isPresent() ? call(leaf.get(), Environment.ofThisProcess()) : 0;
        } catch (ParameterException e) {
            String help = "See '"
                    + Invocation.recipe(e.getCommandLine().getCommandSpec().qualifiedName()) + " --help'";
            // What it quotes may be a build argument that lost its option, and its value a secret.
            String message = Printable.of(e.getMessage().replaceAll("(?s)=.*'", "=****'"));
            return failBefore(new Failure(ErrorCode.USAGE, message, help));
        } catch (Failure failure) {
            return failBefore(failure);
        } catch (RuntimeException | Error e) {
            return failBefore(defect(e));
        }
    }

    /** The command that is meant, with its options; empty where its usage or version was asked for, which is then shown. */
    private Optional<Script> leaf() {
        CommandLine commandLine = new CommandLine(script);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        StringWriter usage = new StringWriter();
        commandLine.setOut(new PrintWriter(usage));
        ParseResult parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
        List<CommandLine> chain = parsed.asCommandLineList();
        Script leaf = chain.get(chain.size() - 1).getCommand();
        if (chain.stream().anyMatch(command -> command.isUsageHelpRequested()))
            commandLine.setColorScheme(colors(leaf.common()));
        if (CommandLine.executeHelpRequest(parsed) == null) return Optional.of(leaf);
        console(leaf.common()).usage(usage.toString());
        return Optional.empty();
    }

    private int call(Script leaf, Environment environment) {
        Console console = console(leaf.common());
        Interrupts interrupts = new Interrupts(Thread.currentThread());
        Run run = new Run(console, environment, Clock.systemUTC());
        try {
            Result answer = leaf.call(run);
            console.answered(answer.json());
            console.result(answer, leaf.common().json);
            console.requireWritten();
            answer.conclusion().ifPresent(console::error);
            return answer.exitCode();
        } catch (InterruptedException | RuntimeException | Error e) {
            int signal = interrupts.exitCode();
            Failure failure = failure(e, run, signal != 0);
            boolean signalled = failure.code() == ErrorCode.INTERRUPTED && signal != 0;
            int exitCode = signalled ? signal : failure.code().exitCode();
            return fail(failure, console, leaf.common().json, run.failed(failure, exitCode));
        }
    }

    private static Failure failure(Throwable e, Run run, boolean signalled) {
        if (e instanceof InterruptedException interrupt) return run.interrupted(interrupt);
        if (!(e instanceof Failure failure)) return defect(e);
        return signalled ? run.interrupted(failure) : failure;
    }

    private Console console(CommonOptions common) {
        Console console = Console.of(common);
        console.choosingBy(chooser);
        console.heardBy(listener);
        return console;
    }

    /** What can be understood of arguments that are wrong. */
    private CommonOptions understood() {
        CommonOptions common = new CommonOptions();
        CommandLine lenient = new CommandLine(common).setCaseInsensitiveEnumValuesAllowed(true);
        lenient.getCommandSpec().parser().collectErrors(true);
        lenient.parseArgs(arguments.toArray(String[]::new));
        return common;
    }

    /** Of the help, which goes to stdout. */
    private static ColorScheme colors(CommonOptions common) {
        boolean draws = Terminal.isStdout() && !Terminal.isDumb(System.getenv());
        return Help.defaultColorScheme(common.color.isUsed(draws, System.getenv()) ? Ansi.ON : Ansi.OFF);
    }

    private static Failure defect(Throwable e) {
        reserve = null;
        return new Failure(
                        ErrorCode.INTERNAL,
                        "Internal error: " + e.getClass().getSimpleName(),
                        "Run it again with --verbose and report what it prints")
                .causedBy(e);
    }

    private int failBefore(Failure failure) {
        CommonOptions common = understood();
        Result result = Result.of(failure, failure.code().exitCode(), Map.of());
        return fail(failure, console(common), common.json, result);
    }

    private static int fail(Failure failure, Console console, boolean json, Result result) {
        console.failed("", failure);
        if (console.isVerbose()) console.say(trace(failure));
        console.answered(result.json());
        if (json) console.result(result, true);
        return result.exitCode();
    }

    /** Tells of a thread that ended so; what waits for it knows what that means for the run. */
    private void ended(Thread thread, Throwable e) {
        Failure defect = defect(e);
        Console console = console(understood());
        console.error(defect.getMessage() + " in thread " + thread.getName());
        if (console.isVerbose()) console.say(trace(defect));
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString().stripTrailing();
    }

    /**
     * Turns SIGINT, SIGTERM and SIGHUP into an interrupt of the main thread, so that a run ends as it does on any failure.
     * A second signal ends the process without waiting for it, though not before children are stopped and private folders
     * are gone; a third one at once. Whoever signals a group may reach this process twice: what comes right after the first
     * is the same.
     */
    private static final class Interrupts {
        private static final long SAME_NANOSECONDS = 500_000_000;

        private final AtomicInteger received = new AtomicInteger();
        private final AtomicInteger times = new AtomicInteger();
        private volatile long first;

        Interrupts(Thread main) {
            Map.of("INT", 2, "TERM", 15, "HUP", 1)
                    .forEach((name, number) -> Terminal.onSignal(name, () -> receive(number, main)));
        }

        /** 128 and the signal's number, as shells count it; 0 when there was none. */
        int exitCode() {
            return received.get() == 0 ? 0 : 128 + received.get();
        }

        private void receive(int number, Thread main) {
            if (received.compareAndSet(0, number)) {
                first = System.nanoTime();
                main.interrupt();
            } else if (System.nanoTime() - first > SAME_NANOSECONDS) {
                if (times.incrementAndGet() > 1) Runtime.getRuntime().halt(exitCode());
                System.exit(exitCode());
            }
        }
    }
}
