//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Project.java
package lib.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.cli.Run;
import lib.project.Project;

/**
 * One deploy of a project at a time: a locked file beside the credentials says who deploys and since when. The system
 * frees the lock of a process that died, however it died; its file is then taken over.
 */
public final class DeployLock {
    // Beyond the text, since some systems let nobody read what is locked.
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private DeployLock() {}

    /** Does the work while no other deploy of the project runs. @throws Failure {@code unavailable} when one does */
    public static <T> T during(Run run, Project project, Run.Work<T> work) throws InterruptedException {
        Path file = project.folder().resolve("deploy.lock");
        Optional<Held> held = take(file, run);
        try {
            return work.get();
        } finally {
            held.ifPresent(Held::release);
        }
    }

    /** @param mine the file as it is written and locked; {@code proof} the same, found under its name */
    private record Held(Path file, FileChannel mine, FileChannel proof) {
        // Before the lock goes, so that nobody finds a file whose holder is done.
        void release() {
            try (mine;
                    proof) {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // What is left is not locked, and the next deploy takes it over.
            }
        }
    }

    private static Optional<Held> take(Path file, Run run) {
        try {
            while (true) {
                FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
                if (lock == null) {
                    try (channel) {
                        throw busy(text(channel), file);
                    }
                }
                Optional<Held> held = written(file, channel, run);
                if (held.isPresent()) return held;
            }
        } catch (IOException e) {
            run.console()
                    .warn("No lock in " + file + " (" + e.getClass().getSimpleName()
                            + "): another deploy of this project would not be noticed");
            return Optional.empty();
        }
    }

    // The holder before may have removed the file between our opening and our locking it: then another one is there.
    // Both channels stay open, since closing one would free the lock on the other.
    private static Optional<Held> written(Path file, FileChannel channel, Run run) throws IOException {
        String text = Json.pretty(Json.object()
                .put("user", System.getProperty("user.name"))
                .put("host", host(run))
                .put("pid", ProcessHandle.current().pid())
                .put(
                        "since",
                        run.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString()));
        channel.truncate(0).write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        try {
            FileChannel proof = FileChannel.open(file, StandardOpenOption.READ);
            if (text(proof).equals(text)) return Optional.of(new Held(file, channel, proof));
            proof.close();
        } catch (NoSuchFileException e) {
            // Removed, and nobody has made another yet.
        }
        channel.close();
        return Optional.empty();
    }

    private static String host(Run run) {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return run.environment()
                    .variable("HOSTNAME")
                    .or(() -> run.environment().variable("COMPUTERNAME"))
                    .orElse("?");
        }
    }

    private static String text(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        int length = channel.read(bytes, 0);
        return new String(bytes.array(), 0, Math.max(0, length), StandardCharsets.UTF_8);
    }

    private static Failure busy(String text, Path file) {
        JsonNode holder;
        try {
            holder = Json.parse(text);
        } catch (JsonProcessingException e) {
            holder = Json.object(); // just taken, and not yet written
        }
        String who = Printable.of(holder.path("user").asText("somebody")) + " on "
                + Printable.of(holder.path("host").asText("some machine"));
        String since = Printable.of(holder.path("since").asText("a moment ago"));
        return new Failure(
                ErrorCode.UNAVAILABLE,
                "This project is being deployed already: by " + who + ", since " + since + " (process "
                        + holder.path("pid").asLong() + ")",
                "Wait for it to end, or stop that process; " + file + " goes with it");
    }
}
