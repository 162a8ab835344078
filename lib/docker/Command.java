//SOURCES ../Secret.java
package lib.docker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Secret;

/**
 * A command as data: what is run, and not yet the running.
 *
 * @param words the program and its arguments; never a secret
 * @param environment variables that it gets besides this process's own; never a secret
 * @param without variables of this process that it does not get
 * @param input what it reads on stdin; nothing where empty
 * @param timeout after which it is stopped
 * @param output what becomes of its output
 */
public record Command(
        List<String> words,
        Map<String, String> environment,
        Set<String> without,
        Optional<Path> directory,
        Optional<Secret> input,
        Duration timeout,
        Output output) {

    /** What becomes of a command's output. */
    public enum Output {
        /** It is kept for this process, and nobody else sees it. */
        KEPT,
        /** A person sees it as it comes; on a terminal, the command draws its progress there by its stdout. */
        DRAWN_BY_STDOUT,
        /** A person sees it as it comes; on a terminal, the command draws its progress there by its stderr. */
        DRAWN_BY_STDERR
    }

    /** Runs commands. */
    @FunctionalInterface
    public interface Runner {
        /**
         * @throws IOException when the program cannot be started
         * @throws InterruptedException after the command was stopped, when this thread was interrupted
         */
        Result run(Command command) throws IOException, InterruptedException;
    }

    /**
     * How a command ended.
     *
     * @param stdout its last 256 KiB; empty where it was drawn on a terminal
     * @param stderr likewise
     */
    public record Result(int exitCode, String stdout, String stderr) {
        /** The exit code of a command that was stopped since it took too long, after timeout(1). */
        public static final int TIMED_OUT = 124;

        public boolean succeeded() {
            return exitCode == 0;
        }

        public boolean timedOut() {
            return exitCode == TIMED_OUT;
        }
    }

    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofHours(2);

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
        without = Set.copyOf(without);
    }

    /** A command that answers soon. */
    public static Command of(String... words) {
        return new Command(List.of(words), Map.of(), Set.of(), Optional.empty(), Optional.empty(), SHORT, Output.KEPT);
    }

    /** A command that takes its time, and shows what it does. */
    public static Command shown(Output output, List<String> words) {
        return new Command(words, Map.of(), Set.of(), Optional.empty(), Optional.empty(), LONG, output);
    }

    public Command in(Path folder) {
        return new Command(words, environment, without, Optional.of(folder), input, timeout, output);
    }

    public Command reading(Secret stdin) {
        return new Command(words, environment, without, directory, Optional.of(stdin), timeout, output);
    }

    /** The command with these variables set and those taken away, besides what it has. */
    public Command with(Map<String, String> variables, Set<String> removed) {
        Map<String, String> set = new HashMap<>(environment);
        set.putAll(variables);
        Set<String> unset = new HashSet<>(without);
        unset.addAll(removed);
        return new Command(words, set, unset, directory, input, timeout, output);
    }

    /** As one would type it, but for the values of build arguments: a person may have put a secret there. */
    @Override
    public String toString() {
        return words.stream()
                .map(word -> word.replaceFirst("(?s)^(--build-arg=[^=]*=).*", "$1****"))
                .collect(Collectors.joining(" "));
    }
}
