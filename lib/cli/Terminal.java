//SOURCES ../Environment.java
package lib.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.Environment;
import sun.misc.Signal;

/** Whether this process's standard streams are terminals, which Java cannot tell of each alone; and what theirs is like. */
final class Terminal {
    /** In characters. */
    record Size(int columns, int rows) {
        private static final Size USUAL = new Size(80, 24);

        /** As {@code stty size} says it, of which a terminal that nobody has measured says 0. */
        private static Optional<Size> of(String text) {
            String[] numbers = text.strip().split(" ");
            if (!text.strip().matches("[1-9][0-9]{0,4} [1-9][0-9]{0,4}")) return Optional.empty();
            return Optional.of(new Size(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0])));
        }
    }

    private static Size size;
    private static volatile boolean measured;
    private static volatile boolean watched;

    private Terminal() {}

    static boolean isStdin() {
        return is(0);
    }

    static boolean isStdout() {
        return is(1);
    }

    static boolean isStderr() {
        return is(2);
    }

    /** Whether it knows no control sequences, as far as {@code TERM} says so. Windows has no such variable. */
    static boolean isDumb(Map<String, String> variables) {
        String term = variables.getOrDefault("TERM", "");
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        return term.equals("dumb") || term.isEmpty() && !windows;
    }

    /** How large it is now; 80 × 24 where that is not known. */
    static synchronized Size size() {
        if (measured) return size;
        if (!watched) whenResized(() -> {});
        // Before it is measured, so that a change meanwhile is not overlooked.
        measured = true;
        Redirect terminal = isStdin() ? Redirect.INHERIT : Redirect.from(new File("/dev/stderr"));
        size = stty(terminal, "size").flatMap(Size::of).orElse(Size.USUAL);
        if (Thread.currentThread().isInterrupted()) measured = false;
        return size;
    }

    /** Runs this, and nothing else, whenever it gets another size. */
    static void whenResized(Runnable action) {
        watched = true;
        onSignal("WINCH", () -> {
            measured = false;
            action.run();
        });
    }

    /** What {@code stty} says of it; empty when it fails. An interrupt is kept for later: a terminal is restored first. */
    static Optional<String> stty(Redirect terminal, String... arguments) {
        List<String> words =
                Stream.concat(Stream.of("stty"), Stream.of(arguments)).toList();
        boolean interrupted = Thread.interrupted();
        try {
            Process process = Environment.childProcess(words)
                    .redirectInput(terminal)
                    .redirectError(Redirect.DISCARD)
                    .start();
            // Less than a pipe holds, so it is read when all of it is there.
            if (!process.waitFor(2, TimeUnit.SECONDS)) process.destroyForcibly();
            else if (process.exitValue() == 0)
                return Optional.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // There is no such program, or no such terminal.
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    /** The text in at most so many columns; a longer one ends with an ellipsis. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) return text;
        int width = 1;
        StringBuilder cut = new StringBuilder();
        for (int at = 0, point; at < text.length(); at += Character.charCount(point)) {
            point = text.codePointAt(at);
            width += width(point);
            if (width > columns) break;
            cut.appendCodePoint(point);
        }
        return columns < 1 ? "" : cut + "…";
    }

    static int width(String text) {
        return text.codePoints().map(Terminal::width).sum();
    }

    /** At most so many columns: where terminals differ, as with emoji, the wider, since what is too long wraps. */
    private static int width(int point) {
        if (point < 0x300) return 1;
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK)
            return point == 0xfe0f ? 1 : 0; // which makes an emoji of the character before it
        // The scripts and symbols that are wide, and rare ones between them that are not.
        boolean wide = point >= 0x1100 && point <= 0x115f
                || point >= 0x231a && point <= 0x27bf
                || point >= 0x2b1b && point <= 0xd7a3
                || point >= 0xf900;
        return wide ? 2 : 1;
    }

    private static boolean is(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
            Process test = Environment.childProcess(List.of("test", "-t", Integer.toString(descriptor)))
                    .inheritIO()
                    .start();
            return test.waitFor(2, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Does this at each such signal, in a thread of its own, instead of what happened before. */
    static void onSignal(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // A platform without this signal, or a machine that keeps it for itself: the default handling stays.
        }
    }
}
