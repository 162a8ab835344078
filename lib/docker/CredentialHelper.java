package lib.docker;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import lib.Json;
import lib.api.RegistryToken;

/**
 * A Docker credential helper that gets the password from this process, through a FIFO: what goes through a FIFO never
 * reaches a disk. {@code store} and {@code erase} keep nothing.
 *
 * <p>Source: docker-credential-helpers, protocol: {@code get} answers one JSON object on stdout.
 */
final class CredentialHelper implements AutoCloseable {
    /** Docker runs {@code docker-credential-NAME}. */
    static final String NAME = "systemprompt-memory";

    private final Path fifo;
    private final AtomicBoolean closed = new AtomicBoolean();

    private CredentialHelper(Path fifo) {
        this.fifo = fifo;
    }

    /**
     * @param folder a private one; the helper and the FIFO are made in it
     * @param mkfifo how a FIFO of mode 0600 is made at a path
     */
    static CredentialHelper install(Path folder, RegistryToken token, FifoMaker mkfifo)
            throws IOException, InterruptedException {
        Path fifo = folder.resolve("password.fifo");
        mkfifo.make(fifo);
        Path script = folder.resolve("docker-credential-" + NAME);
        Files.createFile(script, PrivateFolder.onlyOwner("rwx------"));
        Files.writeString(script, script(fifo));
        CredentialHelper helper = new CredentialHelper(fifo);
        helper.serve(token);
        return helper;
    }

    /** Makes a FIFO. */
    @FunctionalInterface
    interface FifoMaker {
        void make(Path path) throws IOException, InterruptedException;
    }

    // One line is taken and no more: a writer that comes back early would otherwise be read twice.
    private static String script(Path fifo) {
        String quoted = "'" + fifo.toString().replace("'", "'\\''") + "'";
        return """
            #!/bin/sh
            case "$1" in
            get) exec head -n 1 %s ;;
            list) echo '{}' ;;
            *) exec cat >/dev/null ;;
            esac
            """.formatted(quoted);
    }

    // Docker asks more than once in a push, and buildx too: any number of readers is served, each with the whole.
    private void serve(RegistryToken token) {
        Thread thread = new Thread(
                () -> {
                    while (!closed.get()) {
                        try (OutputStream pipe = new FileOutputStream(fifo.toFile())) {
                            if (!closed.get()) pipe.write(answer(token));
                        } catch (IOException e) {
                            // The reader left early, or the folder is gone and with it everybody who could ask.
                            if (!Files.exists(fifo)) return;
                        }
                    }
                },
                "credential-helper");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] answer(RegistryToken token) {
        String json = Json.line(Json.object()
                .put("ServerURL", token.registry())
                .put("Username", token.username())
                .put("Secret", token.password().reveal()));
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
