//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES PrivateFolder.java
package lib.docker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import lib.Json;
import lib.Secret.Credential;

/**
 * A Docker credential helper that gets the password from this process, through a FIFO: what goes through a FIFO never
 * reaches a disk. {@code store} and {@code erase} keep nothing.
 *
 * <p>Source: docker-credential-helpers, protocol: {@code get} answers one JSON object on stdout.
 */
final class CredentialHelper implements AutoCloseable {
    private static final long MILLISECONDS_TO_END = 500;
    private static final long PAUSE_NANOS = 10_000_000;

    /** Of one reader, for its turn and for a whole line: 10 s at least where its turn never comes. */
    private static final int TRIES = 200;

    private final Path fifo;
    private final Thread writer;
    private volatile boolean asked;
    private volatile boolean closed;

    private CredentialHelper(Path fifo, Credential credential) {
        this.fifo = fifo;
        this.writer = new Thread(() -> serve(credential), "credential-helper");
        writer.setDaemon(true);
    }

    /**
     * @param folder a private one; the helper and the FIFO are made in it
     * @param name Docker runs {@code docker-credential-NAME}
     * @param mkfifo how a FIFO of mode 0600 is made at a path
     */
    static CredentialHelper install(Path folder, String name, Credential credential, FifoMaker mkfifo)
            throws IOException, InterruptedException {
        Path fifo = folder.resolve(name + ".fifo");
        mkfifo.make(fifo);
        Path script = folder.resolve("docker-credential-" + name);
        Files.createFile(script, PrivateFolder.onlyOwner("rwx------"));
        Files.writeString(script, script(fifo));
        CredentialHelper helper = new CredentialHelper(fifo, credential);
        helper.writer.start();
        return helper;
    }

    /** Makes a FIFO. */
    @FunctionalInterface
    interface FifoMaker {
        void make(Path path) throws IOException, InterruptedException;
    }

    // Readers come in turns, since two at once would share the line between them. Each takes one line and no more:
    // a writer that comes back early would otherwise be read twice. Of that second line the reader before may have
    // taken the beginning, or the pipe may have kept the beginning alone. So only a line is taken that begins once
    // and ends, which no password can feign, since its quotes are escaped; else it is asked again. Where this process
    // was killed, nobody would ever write; where the folder is read-only by now, nobody ever gets a turn.
    private static String script(Path fifo) {
        return """
            #!/bin/sh
            fifo=%s turn=%s tries=0
            served() { kill -0 %d 2>/dev/null && [ -p "$fifo" ]; }
            once_more() { [ $((tries += 1)) -lt %d ] || { echo "${0##*/}: $1" >&2; exit 1; }; }
            case "$1" in
            get)
                until said=$(mkdir "$turn" 2>&1); do
                    served || exit 1
                    once_more "it was never its turn: $said"
                    sleep 0.05
                done
                trap 'rmdir "$turn"' EXIT
                trap 'exit 1' HUP INT TERM
                while served; do
                    LC_ALL=C sed -n '/.{"Username":/d;/^{"Username":.*,"ServerURL":"[^"]*"}$/{p;q;}' "$fifo" |
                        LC_ALL=C grep . && exit
                    once_more "no whole answer came through $fifo"
                done
                exit 1
                ;;
            list) echo '{}' ;;
            *) exec cat >/dev/null ;;
            esac
            """.formatted(
                        quoted(fifo),
                        quoted(fifo.resolveSibling(fifo.getFileName() + ".turn")),
                        ProcessHandle.current().pid(),
                        TRIES);
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }

    // Docker asks more than once in a push, and buildx too: any number of readers is served, each with the whole.
    private void serve(Credential credential) {
        while (!closed) {
            // It is opened and never created: with the FIFO gone, the password would make a file.
            try (OutputStream pipe = Files.newOutputStream(fifo, StandardOpenOption.WRITE)) {
                if (closed) return;
                // Before the answer is there: nobody who has it can look too early.
                asked = true;
                pipe.write(answer(credential));
            } catch (IOException e) {
                // The reader left early, or the folder is gone and with it everybody who could ask.
                if (!Files.exists(fifo)) return;
                // Where it is there and cannot be opened, a loop would take a whole processor.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Whether anybody has asked for the password so far. */
    boolean wasAsked() {
        return asked;
    }

    private static byte[] answer(Credential credential) {
        String json = Json.line(Json.object()
                .put("Username", credential.username())
                .put("Secret", credential.password().reveal())
                .put("ServerURL", credential.server()));
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Ends the writer, which waits for a reader in the system and would make the virtual machine wait for it at exit.
     * Opening both ends waits for nobody, and lets everybody go who waits for one; nobody new comes to a path that is gone.
     */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = Thread.interrupted();
        try (FileChannel bothEnds = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Files.delete(fifo);
            if (bothEnds.isOpen()) writer.join(MILLISECONDS_TO_END);
        } catch (IOException e) {
            // The FIFO is gone: what waits there is a daemon.
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
