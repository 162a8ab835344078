package lib.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import lib.ErrorCode;
import lib.Failure;
import lib.Finding;
import lib.HttpClients;
import lib.Json;
import lib.Printable;
import lib.project.Environment;
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

    private final Object script;
    private final List<String> arguments;

    private Cli(Object script, String... arguments) {
        this.script = script;
        this.arguments = List.of(arguments);
    }

    /** Runs the script and exits. */
    public static void run(Object script, String... arguments) {
        // A client opens while the arguments are parsed, which takes as long.
        if (Collections.disjoint(ASKING_NOBODY, List.of(arguments))) HttpClients.prepare();
        int exitCode = execute(script, arguments);
        System.out.flush();
        System.err.flush();
        HttpClients.closeAll();
        System.exit(exitCode);
    }

    /** Runs the script. @return its exit code */
    public static int execute(Object script, String... arguments) {
        return new Cli(script, arguments).execute();
    }

    private int execute() {
        CommandLine commandLine = new CommandLine(script);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            String help = "See '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
            return fail(new Failure(ErrorCode.USAGE, Printable.of(e.getMessage()), help), beforeOptions(), 0);
        }
        List<CommandLine> chain = parsed.asCommandLineList();
        Script leaf = chain.get(chain.size() - 1).getCommand();
        if (chain.stream().anyMatch(CommandLine::isUsageHelpRequested))
            commandLine.setColorScheme(colors(leaf.common()));
        Integer helped = CommandLine.executeHelpRequest(parsed);
        return helped != null ? helped : call(leaf);
    }

    private int call(Script leaf) {
        Console console = Console.of(leaf.common());
        Signals signals = Signals.interrupting(Thread.currentThread());
        Run run = new Run(console, Environment.ofThisProcess(), Clock.systemUTC());
        try {
            Answer answer = leaf.call(run);
            console.summarize(answer.json());
            console.result(leaf.common().json ? Json.line(answer.json()) : answer.text());
            return answer.exitCode();
        } catch (Failure failure) {
            return fail(
                    signals.exitCode() == 0 ? failure : run.interrupted(failure),
                    new Ending(console, leaf.common().json),
                    signals.exitCode());
        } catch (InterruptedException e) {
            return fail(run.interrupted(e), new Ending(console, leaf.common().json), Math.max(signals.exitCode(), 130));
        } catch (RuntimeException e) {
            Failure defect = new Failure(
                            ErrorCode.INTERNAL,
                            "Something went wrong that should not: "
                                    + e.getClass().getSimpleName(),
                            "Run it again with --verbose and report what it prints")
                    .causedBy(e);
            return fail(defect, new Ending(console, leaf.common().json), 0);
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

    private static int fail(Failure failure, Ending ending, int signalCode) {
        int exitCode = signalCode != 0 ? signalCode : failure.code().exitCode();
        Console console = ending.console();
        console.stopSpinner();
        if (failure.findings().size() > 1) failure.findings().forEach(finding -> tell(finding, console));
        console.error(failure.getMessage());
        if (!failure.hint().isEmpty()) console.hint(failure.hint());
        if (console.isVerbose()) console.say(trace(failure));
        failure.resume().ifPresent(command -> console.hint("Resume with: " + command));
        console.annotate(failure);
        if (ending.json()) console.result(Json.line(Answer.json(failure, exitCode)));
        return exitCode;
    }

    private static void tell(Finding finding, Console console) {
        console.error(finding.message());
        if (!finding.hint().isEmpty()) console.hint(finding.hint());
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString().stripTrailing();
    }
}
