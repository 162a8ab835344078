//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ApiCredentials.java
//SOURCES KeptObject.java
//SOURCES Project.java
//SOURCES ProjectWriter.java
package lib.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import lib.Failure;
import lib.Json;

/**
 * {@code credentials.json} as both generations read it (contract 2.3): five fields, all always there; what else a file
 * holds stays.
 *
 * @param warn told of a file that could not be read and was set aside
 */
public record CredentialsFile(Project project, Consumer<String> warn) {
    /**
     * Writes the credentials of an account that the API has just confirmed.
     *
     * @return the file
     * @throws Failure {@code config} when it cannot be written; the old file is then unchanged
     */
    public Path save(ApiCredentials credentials, String email, Instant now) {
        Path file = project.credentials();
        ProjectWriter writer = new ProjectWriter(project, warn);
        ObjectNode json = KeptObject.of(file, old -> true).orSetAside(writer, now, warn);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        json.put("api_token", credentials.apiToken().reveal())
                .put("api_url", credentials.apiUrl().toString())
                .put("authenticated_at", time)
                .put("user_email", email)
                .put("last_validated_at", time);
        writer.writePrivate(file, Json.pretty(json));
        return file;
    }

    /** What the file holds; empty when there is none, or none that can be read: a new login repairs that. */
    public Optional<ApiCredentials> previous() {
        try {
            return Files.exists(project.credentials())
                    ? Optional.of(ApiCredentials.read(project.credentials()))
                    : Optional.empty();
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }
}
