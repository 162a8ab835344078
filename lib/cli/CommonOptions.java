//DEPS info.picocli:picocli:4.7.7
//COMPILE_OPTIONS -encoding UTF-8 -XDstringConcat=inline -XDignore.symbol.file
//SOURCES ../Failure.java
package lib.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that every script has; a subcommand takes them before or after its name.
 *
 * <p>Every script names them, so how all are compiled stands here: string concatenation inline, because indy concatenation
 * costs up to 0.1 s of start-up; and without the warning about the one class that tells which signal came.
 */
public final class CommonOptions {
    /** The one place that names this collection's version. */
    public static final class Version implements IVersionProvider {
        public static final String NUMBER = "0.1.0";

        @Override
        public String[] getVersion() {
            return new String[] {"${COMMAND-FULL-NAME} " + NUMBER};
        }
    }

    /** When colours are used. */
    public enum Color {
        auto,
        always,
        never;

        /**
         * Whether a stream is coloured: as the option says, else as {@code FORCE_COLOR}, {@code NO_COLOR},
         * {@code CLICOLOR_FORCE} and {@code CLICOLOR} do, in this order.
         *
         * @param draws whether the stream is a terminal that knows colours
         */
        boolean isUsed(boolean draws, Map<String, String> variables) {
            if (this != auto) return this == always;
            if (!variables.getOrDefault("FORCE_COLOR", "").isEmpty()) return true;
            if (!variables.getOrDefault("NO_COLOR", "").isEmpty()) return false;
            String forced = variables.getOrDefault("CLICOLOR_FORCE", "");
            if (!forced.isEmpty() && !forced.equals("0")) return true;
            return draws && !variables.getOrDefault("CLICOLOR", "1").equals("0");
        }
    }

    @Option(
            names = {"-p", "--profile"},
            paramLabel = "NAME|PATH",
            scope = ScopeType.INHERIT,
            description =
                    "The profile. Default: SYSTEMPROMPT_PROFILE, else the only cloud profile, else you are asked.")
    List<String> profiles = List.of();

    @Option(
            names = {"-C", "--project"},
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The tenant project. Default: the nearest folder upwards that holds .systemprompt/")
    Optional<Path> project = Optional.empty();

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON object on stdout, on success and on failure.")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Show only the result, warnings and errors.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Show each request and command, and stack traces.")
    boolean verbose;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description = "auto, always or never. Default: auto, and as NO_COLOR, FORCE_COLOR or CLICOLOR say.")
    Color color = Color.auto;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show the version.")
    boolean version;

    public List<String> profiles() {
        return profiles;
    }

    /** The one profile named. @throws Failure {@code usage} when there are several */
    public Optional<String> profile() {
        if (profiles.size() > 1) {
            throw new Failure(ErrorCode.USAGE, "Only one --profile can be given here", "Name one profile");
        }
        return profiles.stream().findFirst();
    }

    /** What these options say of a project, for one profile of several. */
    public CommonOptions forProfile(String name) {
        CommonOptions options = new CommonOptions();
        options.profiles = List.of(name);
        options.project = project;
        return options;
    }

    public Optional<Path> project() {
        return project;
    }
}
