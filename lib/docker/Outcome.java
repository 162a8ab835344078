//SOURCES ../Printable.java
package lib.docker;

import java.util.List;
import java.util.function.Predicate;
import lib.Printable;

/**
 * How a command ended.
 *
 * @param stdout its last 256 KiB; empty where it was drawn on a terminal
 * @param stderr likewise
 */
public record Outcome(int exitCode, String stdout, String stderr) {
    /** The exit code of a command that was stopped since it took too long, after timeout(1). */
    public static final int TIMED_OUT = 124;

    public boolean succeeded() {
        return exitCode == 0;
    }

    public boolean timedOut() {
        return exitCode == TIMED_OUT;
    }

    /** What it said last, in one line: of stderr, else of stdout, else nothing but its exit code. */
    public String lastSentence() {
        List<String> lines =
                stderr.lines().filter(Predicate.not(String::isBlank)).toList();
        if (lines.isEmpty())
            lines = stdout.lines().filter(Predicate.not(String::isBlank)).toList();
        if (timedOut()) return "it took too long and was stopped";
        return lines.isEmpty() ? "exit code " + exitCode : Printable.of(lines.get(lines.size() - 1));
    }
}
