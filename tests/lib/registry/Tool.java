package lib.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A program of this machine. */
final class Tool {
    private static final long SECONDS = 120;

    private Tool() {}

    static boolean isThere(String name) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Its stdout. */
    static String run(String input, String... command) {
        try {
            Path out = Files.createTempFile("tool", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            process.getOutputStream().write((input + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended) process.destroyForcibly();
            String text = Files.readString(out);
            Files.delete(out);
            if (!ended || process.exitValue() != 0) throw new IllegalStateException(command[0] + " failed: " + text);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
