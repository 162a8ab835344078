//SOURCES ../Environment.java
//SOURCES ../Parallel.java
//SOURCES ../Secret.java
package lib.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.Environment;
import lib.Parallel;
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

    /**
     * Runs commands as child processes: all three streams are served at once, nothing outlives an interrupt or its timeout,
     * and no child gets a secret of ours.
     *
     * @param display where the output of a command that is shown goes
     * @param log told each command line
     */
    public record ProcessRunner(Display display, Consumer<String> log) implements Command.Runner {
        /** Where a child's output is shown. */
        public interface Display {
            /** Whether it is this process's stderr, and that is a terminal which a child can draw on itself. */
            boolean isTerminal();

            /** Gets out of the way of a child, and shows what comes on one of its streams until that is closed. */
            OutputStream show();
        }

        /** What was started ahead, by its words. */
        private static final Map<List<String>, Parallel.Result<Optional<Result>>> AHEAD = new ConcurrentHashMap<>();

        private static final int KEPT = 256 << 10;
        private static final long GRACE_SECONDS = 5;
        private static final long SHORT_GRACE_SECONDS = 1;

        /** Starts a command that only asks, for whoever is the first to run it: what it answers is there sooner. */
        public static void startAhead(Command question) {
            Parallel thread = new Parallel("ahead", 1);
            AHEAD.put(question.words(), thread.start(() -> {
                try {
                    return Optional.of(
                            run(question, false, OutputStream.nullOutputStream(), OutputStream.nullOutputStream()));
                } catch (IOException e) {
                    return Optional.empty(); // who runs it meets the same
                }
            }));
        }

        @Override
        public Command.Result run(Command command) throws IOException, InterruptedException {
            log.accept(command.toString());
            Parallel.Result<Optional<Result>> ahead = AHEAD.remove(command.words());
            if (ahead != null) {
                Optional<Result> result = ahead.get();
                if (result.isPresent()) return result.get();
            }
            boolean shown = command.output() != Command.Output.KEPT;
            boolean draws = shown && display.isTerminal();
            OutputStream shownOut = shown ? display.show() : OutputStream.nullOutputStream();
            OutputStream shownErr = shown ? display.show() : OutputStream.nullOutputStream();
            try (shownOut;
                    shownErr) {
                return run(command, draws, shownOut, shownErr);
            }
        }

        private static Command.Result run(Command command, boolean draws, OutputStream shownOut, OutputStream shownErr)
                throws IOException, InterruptedException {
            Process process = start(command, draws);
            // What shows nothing has nothing to end in good order; docker login, for one, waits on for its engine.
            long grace = command.output() != Command.Output.KEPT ? GRACE_SECONDS : SHORT_GRACE_SECONDS;
            Thread atExit = new Thread(() -> kill(process), "kill-child");
            Runtime.getRuntime().addShutdownHook(atExit);
            Drain stdout = new Drain(process.getInputStream(), shownOut);
            Drain stderr = new Drain(process.getErrorStream(), shownErr);
            try {
                inBackground("feed", () -> feed(process, command));
                boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) stop(process, grace);
                stdout.join();
                stderr.join();
                int exitCode = ended ? process.exitValue() : Command.Result.TIMED_OUT;
                return draws
                        ? new Command.Result(exitCode, "", stdout.text())
                        : new Command.Result(exitCode, stdout.text(), stderr.text());
            } finally {
                stop(process, grace);
                forget(atExit);
            }
        }

        private static void forget(Thread atExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                // The virtual machine ends already, and the hook does no harm.
            }
        }

        private static Process start(Command command, boolean draws) throws IOException {
            List<String> words = new ArrayList<>();
            if (draws) words.addAll(List.of("sh", "-c", drawing(command.output()), "sh"));
            words.addAll(command.words());
            ProcessBuilder builder = Environment.childProcess(words);
            command.directory().ifPresent(folder -> builder.directory(folder.toFile()));
            builder.environment().keySet().removeAll(command.without());
            builder.environment().putAll(command.environment());
            if (draws) builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            // A person's choice for a terminal; without one, buildx refuses to build.
            else builder.environment().replace("BUILDKIT_PROGRESS", "tty", "plain");
            return builder.start();
        }

        // Our stdout is for the result, so what a command draws there goes to our stderr, which is the terminal. What
        // draws by its stdout leaves its stderr to us, by the pipe of its stdout: there is the sentence of an error.
        private static String drawing(Command.Output output) {
            return output == Command.Output.DRAWN_BY_STDOUT ? "exec \"$@\" 3>&1 1>&2 2>&3 3>&-" : "exec \"$@\" 1>&2";
        }

        private static void feed(Process process, Command command) {
            try (OutputStream stdin = process.getOutputStream()) {
                if (command.input().isPresent()) {
                    stdin.write(command.input().get().reveal().getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // It ended without reading; how it ended says why.
            }
        }

        private static Thread inBackground(String name, Runnable work) {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        // Children of the child too: a build runs plugins, and a login its helper.
        private static void stop(Process process, long grace) {
            if (!process.isAlive()) return;
            List<ProcessHandle> family = process.descendants().toList();
            process.destroy();
            family.forEach(ProcessHandle::destroy);
            boolean interrupted = Thread.interrupted();
            try {
                if (!process.waitFor(grace, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                interrupted = true;
            }
            family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
            if (interrupted) Thread.currentThread().interrupt();
        }

        // At the end of the virtual machine nobody waits any more.
        private static void kill(Process process) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }

        /** Reads one stream to its end beside the others, and keeps its last part. */
        private static final class Drain {
            private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
            private final Thread thread;

            Drain(InputStream stream, OutputStream shown) {
                thread = inBackground("drain", () -> read(stream, shown));
            }

            private void read(InputStream stream, OutputStream shown) {
                byte[] buffer = new byte[8192];
                try (stream;
                        shown) {
                    for (int length = stream.read(buffer); length >= 0; length = stream.read(buffer)) {
                        shown.write(buffer, 0, length);
                        keep(buffer, length);
                    }
                } catch (IOException e) {
                    // The process was stopped; what it said until then is kept.
                }
            }

            private synchronized void keep(byte[] buffer, int length) {
                if (kept.size() > 2 * KEPT) {
                    byte[] all = kept.toByteArray();
                    kept.reset();
                    kept.write(all, all.length - KEPT, KEPT);
                }
                kept.write(buffer, 0, length);
            }

            void join() throws InterruptedException {
                thread.join(TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
            }

            synchronized String text() {
                return kept.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
