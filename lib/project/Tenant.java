//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES Project.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.project.Project.ProjectFile;

/**
 * What is known of a tenant on this machine.
 *
 * @param name as people call it; empty when {@code tenants.json} does not know the tenant
 * @param appId the name of its app at the platform, which older servers need in the image's name
 */
public record Tenant(Id id, Optional<String> name, Optional<String> appId) {
    /**
     * A tenant, by its id alone where the {@code tenants.json} or its entry is missing: a deploy can do without.
     *
     * @throws lib.Failure {@code config} when the file is malformed
     */
    public static Tenant find(Path file, Id id) {
        for (JsonNode entry : entries(file)) {
            if (!ProjectFile.value(entry, "id").equals(Optional.of(id.value()))) continue;
            Optional<String> appId = ProjectFile.value(entry, "app_id").filter(ImageReference::isRepository);
            return new Tenant(id, ProjectFile.value(entry, "name").map(Printable::of), appId);
        }
        return new Tenant(id, Optional.empty(), Optional.empty());
    }

    /** The entries of a {@code tenants.json}; none where there is no file. @throws lib.Failure when it is malformed */
    public static JsonNode entries(Path file) {
        if (!Files.exists(file)) return Json.object();
        ProjectFile source = new ProjectFile(file, "Run 'just login' to fetch the tenants again, or delete the file");
        return source.json().path("tenants");
    }

    /** The name for people, else the id. */
    public String label() {
        return name.orElse(id.value());
    }

    /** A tenant's id. It becomes a segment of a URL and part of a name, so nothing else than a plain word passes. */
    public record Id(String value) {
        private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

        public Id {
            if (!isTenantId(value))
                throw new IllegalArgumentException("not a tenant id: '" + Printable.of(value) + "'");
        }

        public static boolean isTenantId(String text) {
            return GRAMMAR.matcher(text).matches();
        }

        /** Whether it names a tenant of this machine alone. */
        public boolean isLocal() {
            return value.startsWith("local_");
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
