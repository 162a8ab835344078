//SOURCES ../Environment.java
//SOURCES Command.java
package lib.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lib.Environment;

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

    private static final int KEPT = 256 << 10;
    private static final long GRACE_SECONDS = 5;
    private static final long SHORT_GRACE_SECONDS = 1;

    @Override
    public Command.Result run(Command command) throws IOException, InterruptedException {
        log.accept(command.toString());
        boolean shown = command.output() != Command.Output.KEPT;
        boolean draws = shown && display.isTerminal();
        OutputStream shownOut = shown ? display.show() : OutputStream.nullOutputStream();
        OutputStream shownErr = shown ? display.show() : OutputStream.nullOutputStream();
        try (shownOut;
                shownErr) {
            return run(command, draws, shownOut, shownErr);
        }
    }

    private Command.Result run(Command command, boolean draws, OutputStream shownOut, OutputStream shownErr)
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
    private final class Drain {
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
