//SOURCES ../docker/Command.java
//SOURCES ../docker/CommandRunner.java
//SOURCES ../docker/Outcome.java
package lib.delivery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import lib.docker.Command;
import lib.docker.CommandRunner;
import lib.docker.Outcome;

/**
 * What of the source is built, as git knows it.
 *
 * @param commit the short id of the commit, with {@code -dirty} when files were changed since; {@code unknown} without git
 * @param committed when it was committed; empty when what is built is no commit
 */
public record Revision(String commit, Optional<Instant> committed) {
    private static final Revision UNKNOWN = new Revision("unknown", Optional.empty());

    public static Revision of(Path folder, CommandRunner runner) throws InterruptedException {
        try {
            Outcome head =
                    runner.run(Command.of("git", "log", "-1", "--format=%h %cI").in(folder));
            String[] said = head.stdout().strip().split(" ");
            if (!head.succeeded() || said.length != 2 || !said[0].matches("[0-9a-f]{4,64}")) return UNKNOWN;
            Outcome changes = runner.run(Command.of("git", "status", "--porcelain", "--untracked-files=no")
                    .in(folder));
            if (!changes.succeeded() || !changes.stdout().isBlank())
                return new Revision(said[0] + "-dirty", Optional.empty());
            return new Revision(
                    said[0], Optional.of(OffsetDateTime.parse(said[1]).toInstant()));
        } catch (IOException | DateTimeException e) {
            return UNKNOWN;
        }
    }

    @Override
    public String toString() {
        return commit;
    }
}
