package secrecy;

import harness.Command;
import harness.Ran;
import harness.Running;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Runs commands under {@code strace}, over the whole tree of their processes. */
record Strace(Path prefix) {
    private static final String LONGEST_STRING = "16777216";

    /** @param folder where the traces go; it must be none that is searched for secrets */
    static Strace into(Path folder) throws IOException {
        Tool.orSkip("strace");
        return new Strace(Files.createTempDirectory(folder, "trace-").resolve("of"));
    }

    Running start(Command command) {
        return command.behind(
                        "strace",
                        "-ff",
                        "-ttt",
                        "-yy",
                        "-xx",
                        "-v",
                        "--seccomp-bpf",
                        "-s",
                        LONGEST_STRING,
                        "-e",
                        "trace=" + Trace.CALLS,
                        "-e",
                        "signal=none",
                        "-o",
                        prefix.toString())
                .within(Duration.ofSeconds(100))
                .start();
    }

    Ran run(Command command) {
        try (Running running = start(command)) {
            return running.await();
        }
    }

    Trace trace() throws IOException {
        return Trace.read(prefix);
    }
}
