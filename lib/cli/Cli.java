//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Invocation.java
//SOURCES ../Printable.java
//SOURCES Answer.java
//SOURCES CommonOptions.java
//SOURCES Console.java
//SOURCES Run.java
//SOURCES Script.java
//SOURCES Signals.java
//SOURCES Terminal.java
//SOURCES Version.java
package lib.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Http;
import lib.Invocation;
import lib.Printable;
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

    private final Object script;
    private final List<String> arguments;

    private Cli(Object script, String... arguments) {
        this.script = script;
        this.arguments = List.of(arguments);
    }

    /** Runs the script and exits. */
    public static void run(Object script, String... arguments) {
        Cli cli = new Cli(script, arguments);
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> cli.ended(thread, e));
        // A client opens while the arguments are parsed, which takes as long.
        if (Collections.disjoint(ASKING_NOBODY, List.of(arguments))) Http.prepare();
        int exitCode = ErrorCode.INTERNAL.exitCode();
        try {
            exitCode = cli.execute();
            Http.closeAll();
        } catch (RuntimeException | Error e) {
            cli.ended(Thread.currentThread(), e);
        } finally {
            System.exit(exitCode);
        }
    }

    /** Runs the script. @return its exit code */
    public static int execute(Object script, String... arguments) {
        return new Cli(script, arguments).execute();
    }

    private int execute() {
        Optional<Script> leaf;
        try {
            leaf = leaf();
        } catch (ParameterException e) {
            String help = "See '"
                    + Invocation.recipe(e.getCommandLine().getCommandSpec().qualifiedName()) + " --help'";
            // What it quotes may be a build argument that lost its option, and its value a secret.
            String message = Printable.of(e.getMessage().replaceAll("(?s)=.*'", "=****'"));
            return fail(new Failure(ErrorCode.USAGE, message, help), beforeOptions(), 0);
        } catch (RuntimeException | Error e) {
            return fail(defect(e), beforeOptions(), 0);
        }
        return leaf.map(this::call).orElse(0);
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
        if (chain.stream().anyMatch(CommandLine::isUsageHelpRequested))
            commandLine.setColorScheme(colors(leaf.common()));
        if (CommandLine.executeHelpRequest(parsed) != null) {
            beforeOptions().console().usage(usage.toString());
            return Optional.empty();
        }
        return Optional.of(leaf);
    }

    private int call(Script leaf) {
        Ending ending = new Ending(Console.of(leaf.common()), leaf.common().json);
        Console console = ending.console();
        Signals signals = Signals.interrupting(Thread.currentThread());
        Run run = new Run(console, Environment.ofThisProcess(), Clock.systemUTC());
        try {
            Answer answer = leaf.call(run);
            console.summarize(answer.json());
            console.result(answer, ending.json());
            return answer.exitCode();
        } catch (Failure failure) {
            return fail(signals.exitCode() == 0 ? failure : run.interrupted(failure), ending, signals.exitCode());
        } catch (InterruptedException e) {
            return fail(run.interrupted(e), ending, Math.max(signals.exitCode(), 130));
        } catch (RuntimeException | Error e) {
            return fail(defect(e), ending, 0);
        }
    }

    private record Ending(Console console, boolean json) {}

    /** What can be understood of arguments that are wrong. */
    private Ending beforeOptions() {
        CommonOptions common = new CommonOptions();
        CommandLine lenient = new CommandLine(common).setCaseInsensitiveEnumValuesAllowed(true);
        lenient.getCommandSpec().parser().collectErrors(true);
        lenient.parseArgs(arguments.toArray(String[]::new));
        return new Ending(Console.of(common), common.json);
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

    private static int fail(Failure failure, Ending ending, int signalCode) {
        int exitCode = signalCode != 0 ? signalCode : failure.code().exitCode();
        Console console = ending.console();
        console.stopSpinner();
        if (failure.findings().size() > 1) failure.findings().forEach(finding -> tell(finding, console));
        console.error(failure.getMessage());
        if (!failure.hint().isEmpty()) console.hint(failure.hint());
        if (console.isVerbose()) console.say(trace(failure));
        failure.resumeLine().ifPresent(console::hint);
        console.annotate(failure);
        if (ending.json()) console.result(Answer.of(failure, exitCode), true);
        return exitCode;
    }

    private static void tell(Finding finding, Console console) {
        console.error(finding.message());
        if (!finding.hint().isEmpty()) console.hint(finding.hint());
    }

    /** Tells of a thread that ended so; what waits for it knows what that means for the run. */
    private void ended(Thread thread, Throwable e) {
        Failure defect = defect(e);
        Console console = beforeOptions().console();
        console.error(defect.getMessage() + " in thread " + thread.getName());
        if (console.isVerbose()) console.say(trace(defect));
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString().stripTrailing();
    }
}
