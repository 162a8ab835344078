//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Reference.java
//SOURCES Tenant.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Json;
import lib.Printable;
import lib.Reference;

/**
 * A tenant as a list shows it, read from {@code tenants.json} or from the API: both use the same names.
 *
 * @param name as it was said; {@link #shownName()} is for people
 * @param hostname a host alone, never a URL
 * @param status of the account's tenants alone; the file holds none
 */
public record TenantEntry(
        Tenant.Id id,
        String name,
        boolean local,
        Optional<String> hostname,
        Optional<String> region,
        Optional<String> status) {

    private static final Pattern MASKED = Pattern.compile(":\\*+@");
    private static final List<String> COPIED = List.of("name", "app_id", "region");

    /** Empty when it has no usable id or no name. */
    static Optional<TenantEntry> of(JsonNode entry, boolean fromApi) {
        return Json.text(entry, "id")
                .filter(Tenant.Id::isTenantId)
                .map(Tenant.Id::new)
                .flatMap(id -> Json.text(entry, "name")
                        .map(name -> new TenantEntry(
                                id,
                                name,
                                !fromApi
                                        && !entry.path("tenant_type")
                                                .asText("local")
                                                .equals("cloud"),
                                hostname(entry),
                                Json.text(entry, "region").map(Printable::of),
                                Json.text(entry, "status", "subscription_status")
                                        .map(Printable::of))));
    }

    /** A tenant of an account, as {@code /auth/me} sends it. */
    public static Optional<TenantEntry> ofAccount(JsonNode tenant) {
        return of(tenant, true);
    }

    public TenantEntry withStatus(String other) {
        return new TenantEntry(id, name, local, hostname, region, Optional.of(other));
    }

    public String shownName() {
        return Printable.of(name);
    }

    /** For people: the name, the id, and what is known besides. */
    public String label() {
        String more = Stream.of(Optional.of(id.value()), Optional.of("local").filter(any -> local), region, status)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        return shownName() + "  (" + more + ")";
    }

    public ObjectNode json() {
        return Json.object()
                .put("id", id.value())
                .put("name", shownName())
                .put("type", local ? "local" : "cloud")
                .put("hostname", hostname.orElse(null))
                .put("region", region.orElse(null))
                .put("status", status.orElse(null));
    }

    // One client of old stored a whole URL here.
    private static Optional<String> hostname(JsonNode entry) {
        return Json.text(entry, "hostname", "fly_hostname")
                .map(text -> text.replaceFirst("^https?://", "").replaceFirst("/.*$", ""))
                .filter(Reference::isRegistry);
    }

    /**
     * Puts what the server says of a tenant into its entry of {@code tenants.json}; what the server doesn't say stays, and
     * a masked database URL never takes the place of a real one.
     */
    static void update(ObjectNode entry, JsonNode server) {
        entry.put("id", server.path("id").asText());
        for (String field : COPIED) Json.text(server, field).ifPresent(text -> entry.put(field, text));
        hostname(server).ifPresent(host -> entry.put("hostname", host));
        entry.put("tenant_type", "cloud");
        JsonNode external = server.path("external_db_access");
        if (external.isBoolean()) entry.put("external_db_access", external.booleanValue());
        else if (!entry.has("external_db_access")) entry.put("external_db_access", false);
        Json.text(server, "database_url")
                .filter(url -> !MASKED.matcher(url).find())
                .ifPresent(url -> entry.put("internal_database_url", url));
    }
}
