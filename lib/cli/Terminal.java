package lib.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.ChildProcess;

/** Whether one of this process's standard streams is a terminal, which Java itself cannot tell of each alone. */
final class Terminal {
    private Terminal() {}

    static boolean isStdin() {
        return is(0);
    }

    static boolean isStderr() {
        return is(2);
    }

    private static boolean is(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            if (Files.isSymbolicLink(link)) {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            }
            Process test = ChildProcess.of(List.of("test", "-t", Integer.toString(descriptor)))
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
}
