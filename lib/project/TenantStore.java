package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.Json;
import lib.Printable;
import lib.Reference;

/** {@code tenants.json}: names and app ids of tenants. A deploy can do without it. */
public record TenantStore(Path file) {
    /** The tenant's entry; empty when the file or the entry is missing. @throws lib.Failure when the file is malformed */
    public Optional<Tenant> find(TenantId id) {
        if (!Files.exists(file)) return Optional.empty();
        ProjectFile source = new ProjectFile(file, "Run 'just login' to fetch the tenants again, or delete the file");
        for (JsonNode entry : source.json().path("tenants")) {
            if (entry.path("id").asText().equals(id.value())) {
                Optional<String> appId = Json.text(entry, "app_id").filter(Reference::isRepository);
                return Optional.of(new Tenant(id, Json.text(entry, "name").map(Printable::of), appId));
            }
        }
        return Optional.empty();
    }
}
