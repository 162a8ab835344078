//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Reference.java
//SOURCES KeptObject.java
//SOURCES Project.java
//SOURCES ProjectFile.java
//SOURCES ProjectWriter.java
//SOURCES Tenant.java
//SOURCES TenantEntry.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import lib.Json;
import lib.Printable;
import lib.Reference;

/** {@code tenants.json}: names and app ids of tenants. A deploy can do without it. */
public record TenantStore(Path file) {
    /** The tenant's entry; empty when the file or the entry is missing. @throws lib.Failure when the file is malformed */
    public Optional<Tenant> find(Tenant.Id id) {
        for (JsonNode entry : read()) {
            if (entry.path("id").asText().equals(id.value())) {
                Optional<String> appId = Json.text(entry, "app_id").filter(Reference::isRepository);
                return Optional.of(new Tenant(id, Json.text(entry, "name").map(Printable::of), appId));
            }
        }
        return Optional.empty();
    }

    /** Every entry that can be shown, in the file's order. @throws lib.Failure when the file is malformed */
    public List<TenantEntry> entries() {
        return StreamSupport.stream(read().spliterator(), false)
                .flatMap(entry -> TenantEntry.of(entry, false).stream())
                .toList();
    }

    private JsonNode read() {
        if (!Files.exists(file)) return Json.object();
        ProjectFile source = new ProjectFile(file, "Run 'just login' to fetch the tenants again, or delete the file");
        return source.json().path("tenants");
    }

    /**
     * Puts an account's tenants into the project's file. Local tenants, tenants of other accounts and fields that are not
     * known here stay as they are.
     *
     * @param tenants each as the server sent it
     * @param warn told of a file that could not be read and was set aside
     * @return the file
     * @throws lib.Failure {@code config} when it cannot be written; the old file is then unchanged
     */
    public static Path merge(Project project, List<JsonNode> tenants, Instant now, Consumer<String> warn) {
        Path file = project.tenants();
        ProjectWriter writer = new ProjectWriter(project, warn);
        ObjectNode json = KeptObject.of(file, TenantStore::isSound).orSetAside(writer, now, warn);
        ArrayNode entries = json.withArrayProperty("tenants");
        for (JsonNode tenant : tenants) TenantEntry.update(entryOf(tenant, entries), tenant);
        json.put("synced_at", now.truncatedTo(ChronoUnit.SECONDS).toString());
        writer.writePrivate(file, Json.pretty(json));
        return file;
    }

    private static boolean isSound(JsonNode json) {
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
