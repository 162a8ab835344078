//SOURCES ../ErrorCode.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../api/Account.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Choice.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Project.java
//SOURCES ../project/Tenant.java
//SOURCES ../project/TenantEntry.java
//SOURCES ../project/TenantStore.java
package lib.tenant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import lib.ErrorCode;
import lib.Failure;
import lib.Json;
import lib.Printable;
import lib.api.Account;
import lib.api.ManagementApi;
import lib.cli.Choice;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.Project;
import lib.project.Tenant;
import lib.project.TenantEntry;
import lib.project.TenantStore;

/**
 * The tenants that a person can choose among.
 *
 * @param fromApi whether the API was asked just now; else they are what the file holds
 */
public record TenantList(List<TenantEntry> entries, boolean fromApi) {
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
        TenantStore store = new TenantStore(project.tenants());
        Account account;
        try {
            account = ManagementApi.of(credentials, run.environment(), run.clock(), run.console()::detail)
                    .account();
        } catch (Failure failure) {
            if (failure.code() == ErrorCode.AUTH) throw failure;
            run.console()
                    .warn("Failed to sync cloud tenants: " + failure.getMessage() + ". This is what " + store.file()
                            + " holds");
            return new TenantList(store.entries(), false);
        }
        TenantStore.merge(project, account.tenants(), run.clock().instant(), run.console()::warn);
        List<TenantEntry> theirs = account.tenants().stream()
                .flatMap(tenant -> TenantEntry.ofAccount(tenant).stream())
                .toList();
        return new TenantList(joined(theirs, store.entries()), true);
    }

    /** The account's own, then those that only the file knows. */
    private static List<TenantEntry> joined(List<TenantEntry> theirs, List<TenantEntry> stored) {
        List<TenantEntry> all = new ArrayList<>(theirs);
        for (TenantEntry entry : stored) {
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
    public static Choice choice(TenantEntry tenant) {
        return new Choice(tenant.label(), tenant.id().value(), tenant.name());
    }

    /**
     * The tenant that is called so.
     *
     * @throws Failure {@code config} when there is none, several, or only a local one
     */
    public TenantEntry find(String wanted) {
        List<TenantEntry> found =
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
        List<TenantEntry> nearest = Choice.nearest(wanted, choices(), FEW).stream()
                .map(entries::get)
                .toList();
        return "Name one by its id, such as " + named(nearest) + "; 'just tenant list' shows all";
    }

    private static String named(List<TenantEntry> among) {
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
}
