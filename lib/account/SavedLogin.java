//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Project.java
//SOURCES ../project/ProjectWriter.java
//SOURCES ../project/Tenant.java
//SOURCES TenantList.java
package lib.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lib.Failure;
import lib.Json;
import lib.project.ApiCredentials;
import lib.project.Project;
import lib.project.Project.ProjectFile;
import lib.project.ProjectWriter;
import lib.project.Tenant;

/**
 * What a login leaves in a project: {@code credentials.json} and {@code tenants.json}. Fields and tenants that are not known
 * here stay as they are.
 *
 * @param warn told of a file that could not be read and was set aside
 */
public record SavedLogin(Project project, Consumer<String> warn) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /**
     * Writes the credentials of an account that the API has just confirmed: five fields, all always there.
     *
     * @return the file
     * @throws Failure {@code config} when it cannot be written; the old file is then unchanged
     */
    public Path saveCredentials(ApiCredentials credentials, String email, Instant now) {
        Path file = project.credentials();
        ObjectNode json = kept(file, old -> true, now);
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        json.put("api_token", credentials.apiToken().reveal())
                .put("api_url", credentials.apiUrl().toString())
                .put("authenticated_at", time)
                .put("user_email", email)
                .put("last_validated_at", time);
        writer().writePrivate(file, Json.pretty(json));
        return file;
    }

    /** What the file holds; empty when there is none, or none that can be read: a new login repairs that. */
    public Optional<ApiCredentials> credentials() {
        try {
            return Files.exists(project.credentials())
                    ? Optional.of(ApiCredentials.read(project.credentials()))
                    : Optional.empty();
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Puts an account's tenants into the project's file; local tenants and those of other accounts stay.
     *
     * @param tenants each as the server sent it
     * @return the file
     * @throws Failure {@code config} when it cannot be written; the old file is then unchanged
     */
    public Path saveTenants(List<JsonNode> tenants, Instant now) {
        Path file = project.tenants();
        ObjectNode json = kept(file, SavedLogin::hasTenants, now);
        ArrayNode entries = json.withArrayProperty("tenants");
        for (JsonNode tenant : tenants) TenantList.Entry.update(entryOf(tenant, entries), tenant);
        json.put("synced_at", now.truncatedTo(ChronoUnit.SECONDS).toString());
        writer().writePrivate(file, Json.pretty(json));
        return file;
    }

    /** Every tenant of the file that can be shown, in its order. @throws Failure {@code config} when the file is malformed */
    public List<TenantList.Entry> tenants() {
        return TenantList.Entry.of(Tenant.entries(project.tenants()), false);
    }

    /**
     * Removes the credentials, those included that were set aside as corrupt: they may still hold a token.
     *
     * @param all the tenants too, which may include local ones
     * @return what was removed, in no need of being there
     * @throws Failure {@code config} when a file cannot be removed
     */
    public List<Path> forget(boolean all) {
        List<Path> removed = new ArrayList<>();
        for (Path file : files(all)) {
            if (writer().delete(file)) removed.add(file);
        }
        return removed;
    }

    private List<Path> files(boolean all) {
        if (!Files.isDirectory(project.folder())) return List.of();
        try (Stream<Path> files = Files.list(project.folder())) {
            return files.filter(file -> isOurs(file, project.credentials()) || all && isOurs(file, project.tenants()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path file, Path named) {
        String name = file.getFileName().toString();
        String usual = named.getFileName().toString();
        boolean leftOver = name.startsWith("." + usual) && name.endsWith(".tmp");
        return name.equals(usual) || name.startsWith(usual + ".corrupt-") || leftOver;
    }

    private ProjectWriter writer() {
        return new ProjectWriter(project, warn);
    }

    /**
     * The object of a file that is about to be changed; a new one when there is no file, or when it is corrupt and so gets
     * another name.
     *
     * @param isSound whether the object has the shape that the change needs
     */
    private ObjectNode kept(Path file, Predicate<JsonNode> isSound, Instant now) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return Json.object();
        try {
            JsonNode json = new ProjectFile(file, "Move it away, then run it again").json();
            if (isSound.test(json)) return (ObjectNode) json;
        } catch (Failure unreadable) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) throw unreadable;
        }
        Path aside = writer().setAside(file, ".corrupt-" + STAMP.format(now));
        warn.accept(file + " was corrupt and is now " + aside.getFileName()
                + "; delete it once you have looked at it, since it may hold a secret");
        return Json.object();
    }

    private static boolean hasTenants(JsonNode json) {
        JsonNode tenants = json.path("tenants");
        return tenants.isMissingNode()
                || tenants.isArray()
                        && StreamSupport.stream(tenants.spliterator(), false).allMatch(JsonNode::isObject);
    }

    private static ObjectNode entryOf(JsonNode tenant, ArrayNode entries) {
        for (JsonNode entry : entries) {
            if (entry.path("id").equals(tenant.path("id"))) return (ObjectNode) entry;
        }
        return entries.addObject();
    }
}
