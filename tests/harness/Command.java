package harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An external process that is about to run: {@code Command.of("docker", "info").in(folder).run().succeeded()}.
 *
 * <p>It inherits this process's environment, and always has a time limit: two minutes unless told otherwise.
 */
public final class Command {
    private static final boolean RESETS_SIGNALS =
            new Command(List.of("env", "--default-signal=INT", "true")).run().exitCode() == 0;

    private final ProcessBuilder builder;
    private String stdin = "";
    private Duration limit = Duration.ofMinutes(2);

    private Command(List<String> words) {
        builder = new ProcessBuilder(new ArrayList<>(words));
    }

    public static Command of(String... words) {
        return new Command(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words);
    }

    /** Adds words at its end. */
    public Command with(String... more) {
        builder.command().addAll(List.of(more));
        return this;
    }

    /** Run by another command, such as {@code strace}, that takes it as its last words. */
    public Command behind(String... words) {
        builder.command().addAll(0, List.of(words));
        return this;
    }

    public Command in(Path folder) {
        builder.directory(folder.toFile());
        return this;
    }

    public Command env(String name, String value) {
        environment().put(name, value);
        return this;
    }

    /** Without these variables; {@code PREFIX_*} means all that begin so. */
    public Command without(String... names) {
        for (String name : names) {
            String prefix = name.endsWith("*") ? name.substring(0, name.length() - 1) : null;
            environment().keySet().removeIf(key -> prefix == null ? key.equals(name) : key.startsWith(prefix));
        }
        return this;
    }

    /** What it reads; else its standard input is empty. */
    public Command stdin(String text) {
        stdin = text;
        return this;
    }

    /**
     * With SIGINT as a terminal gives it. A shell's background jobs inherit it ignored, a JVM under such a job does too,
     * and a test of Ctrl-C would hang there. Where {@code env} cannot do that (macOS), nothing changes.
     */
    public Command interruptible() {
        if (RESETS_SIGNALS) builder.command().addAll(0, List.of("env", "--default-signal=INT"));
        return this;
    }

    public Command within(Duration longest) {
        limit = longest;
        return this;
    }

    /** Runs it to its end. */
    public Ran run() {
        try (Running running = start()) {
            return running.await();
        }
    }

    /** Starts it, for tests that act while it runs. */
    public Running start() {
        try {
            Process process = builder.start();
            Running running = new Running(List.copyOf(builder.command()), process, limit);
            try (OutputStream out = process.getOutputStream()) {
                out.write(stdin.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedWithoutReading) {
                // Its exit code and its messages tell the test more than this does.
            }
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment() {
        return builder.environment();
    }

    @Override
    public String toString() {
        return String.join(" ", builder.command());
    }
}
