//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../api/Account.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Menu.java
//SOURCES ../cli/Prompt.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Project.java
//SOURCES ../project/Tenant.java
//SOURCES SavedLogin.java
package lib.account;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.api.Account;
import lib.api.ManagementApi;
import lib.cli.Menu;
import lib.cli.Prompt.Choice;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.Project;
import lib.project.Project.ProjectFile;
import lib.project.Tenant;

/**
 * The tenants that a person can choose among.
 *
 * @param fromApi whether the API was asked just now; else they are what the file holds
 */
public record TenantList(List<Entry> entries, boolean fromApi) {
    private static final int FEW = 3;
    private static final int MANY = 10;

    public TenantList {
        entries = List.copyOf(entries);
    }

    /**
     * Asks the API and puts its answer into {@code tenants.json}; where the API cannot be reached, the file alone, with a
     * warning.
     *
     * @throws Failure {@code auth} when the credentials are refused
     */
    public static TenantList load(Run run, Project project, ApiCredentials credentials) throws InterruptedException {
        credentials.requireUnexpired(run.clock().instant());
        SavedLogin saved = new SavedLogin(project, run.console()::warn);
        Account account;
        try {
            account = Account.of(ManagementApi.of(credentials, run));
        } catch (Failure failure) {
            if (failure.code() == ErrorCode.AUTH) throw failure;
            run.console()
                    .warn("Failed to sync cloud tenants: " + failure.getMessage() + ". This is what "
                            + project.tenants() + " holds");
            return new TenantList(saved.tenants(), false);
        }
        return new TenantList(joined(Entry.of(account), kept(saved, account, run)), true);
    }

    /** What the file holds once it has the account's tenants. To look at them needs no folder that can be written. */
    private static List<Entry> kept(SavedLogin saved, Account account, Run run) {
        try {
            saved.saveTenants(account.tenants(), run.clock().instant());
            return saved.tenants();
        } catch (Failure unwritten) {
            run.console().warn("The tenants are not kept on this machine: " + unwritten.getMessage());
            return List.of();
        }
    }

    /** The account's own, then those that only the file knows. */
    private static List<Entry> joined(List<Entry> theirs, List<Entry> stored) {
        List<Entry> all = new ArrayList<>(theirs);
        for (Entry entry : stored) {
            if (theirs.stream().anyMatch(other -> other.id().equals(entry.id()))) continue;
            all.add(entry.local() ? entry : entry.withStatus("not in this account"));
        }
        return all;
    }

    /** Those that can be deployed to. */
    public TenantList ofTheCloud() {
        return new TenantList(entries.stream().filter(tenant -> !tenant.local()).toList(), fromApi);
    }

    /** As a person is asked. */
    public static Choice choice(Entry tenant) {
        return new Choice(tenant.label(), tenant.id().value(), tenant.name());
    }

    /**
     * The tenant that is called so.
     *
     * @throws Failure {@code config} when there is none, several, or only a local one
     */
    public Entry find(String wanted) {
        List<Entry> found =
                Choice.called(wanted, choices()).stream().map(entries::get).toList();
        String shown = "'" + Printable.of(wanted) + "'";
        if (found.isEmpty())
            throw new Failure(
                    ErrorCode.CONFIG, "Tenant not found: " + shown, ofTheCloud().nearest(wanted));
        if (found.size() > 1)
            throw new Failure(
                    ErrorCode.CONFIG, "Several tenants are called " + shown, "Name one by its id: " + named(found));
        if (found.get(0).local()) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Cannot deploy to the local tenant " + shown,
                    ofTheCloud().nearest(wanted));
        }
        return found.get(0);
    }

    private List<Choice> choices() {
        return entries.stream().map(TenantList::choice).toList();
    }

    private String nearest(String wanted) {
        if (entries.isEmpty()) return "Create a tenant at https://systemprompt.io, then run 'just tenant'";
        List<Entry> nearest =
                Menu.nearest(wanted, choices(), FEW).stream().map(entries::get).toList();
        return "Name one by its id, such as " + named(nearest) + "; 'just tenant list' shows all";
    }

    private static String named(List<Entry> among) {
        return among.stream()
                        .limit(MANY)
                        .map(tenant -> tenant.id() + " (" + tenant.shownName() + ")")
                        .collect(Collectors.joining(", "))
                + (among.size() > MANY ? ", …" : "");
    }

    /** A line a tenant, the current one marked. */
    public String text(Optional<Tenant.Id> current) {
        return entries.stream()
                .map(tenant -> (current.equals(Optional.of(tenant.id())) ? "* " : "  ") + tenant.label())
                .collect(Collectors.joining("\n"));
    }

    public ObjectNode json(Optional<Tenant.Id> current) {
        ObjectNode json = Json.object()
                .put("from_api", fromApi)
                .put("current", current.map(Tenant.Id::value).orElse(null));
        ArrayNode list = json.putArray("tenants");
        entries.forEach(tenant -> list.add(tenant.json().put("current", current.equals(Optional.of(tenant.id())))));
        return json;
    }

    /**
     * A tenant as a list shows it, read from {@code tenants.json} or from the API: both use the same names.
     *
     * @param name as it was said, or the id where none was; {@link #shownName()} is for people
     * @param hostname a host alone, never a URL
     * @param status of the account's tenants alone; the file holds none
     */
    public record Entry(
            Tenant.Id id,
            String name,
            boolean local,
            Optional<String> hostname,
            Optional<String> region,
            Optional<String> status) {

        private static final Pattern MASKED = Pattern.compile(":\\*+@");
        private static final List<String> COPIED = List.of("name", "app_id", "region");

        /** The tenants of an account. */
        public static List<Entry> of(Account account) {
            return of(account.tenants(), true);
        }

        /** Those that have a usable id, each once: where it comes twice, nobody could choose. */
        static List<Entry> of(Iterable<JsonNode> entries, boolean fromApi) {
            Map<Tenant.Id, Entry> byId = new LinkedHashMap<>();
            for (JsonNode entry : entries) {
                ProjectFile.value(entry, "id")
                        .filter(Tenant.Id::isTenantId)
                        .map(Tenant.Id::new)
                        .ifPresent(id -> byId.putIfAbsent(id, of(id, entry, fromApi)));
            }
            return List.copyOf(byId.values());
        }

        private static Entry of(Tenant.Id id, JsonNode entry, boolean fromApi) {
            return new Entry(
                    id,
                    ProjectFile.value(entry, "name").orElse(id.value()),
                    !fromApi && !entry.path("tenant_type").asText("local").equals("cloud"),
                    hostname(entry),
                    ProjectFile.value(entry, "region").map(Printable::of),
                    ProjectFile.value(entry, "status", "subscription_status").map(Printable::of));
        }

        public Entry withStatus(String other) {
            return new Entry(id, name, local, hostname, region, Optional.of(other));
        }

        public String shownName() {
            return Printable.of(name);
        }

        /** For people: the name, the id, and what is known besides. */
        public String label() {
            String more = Stream.of(
                            Optional.of(id.value()), Optional.of("local").filter(any -> local), region, status)
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
            return ProjectFile.value(entry, "hostname", "fly_hostname")
                    .map(text -> text.replaceFirst("^https?://", "").replaceFirst("/.*$", ""))
                    .filter(ImageReference::isRegistry);
        }

        /**
         * Puts what the server says of a tenant into its entry of {@code tenants.json}; what the server doesn't say stays, and
         * a masked database URL never takes the place of a real one.
         */
        static void update(ObjectNode entry, JsonNode server) {
            entry.put("id", server.path("id").asText());
            for (String field : COPIED) ProjectFile.value(server, field).ifPresent(text -> entry.put(field, text));
            if (!entry.has("name")) entry.set("name", entry.get("id"));
            hostname(server).ifPresent(host -> entry.put("hostname", host));
            entry.put("tenant_type", "cloud");
            JsonNode external = server.path("external_db_access");
            if (external.isBoolean()) entry.put("external_db_access", external.booleanValue());
            else if (!entry.has("external_db_access")) entry.put("external_db_access", false);
            ProjectFile.value(server, "database_url")
                    .filter(url -> !MASKED.matcher(url).find())
                    .ifPresent(url -> entry.put("internal_database_url", url));
        }
    }
}
