//SOURCES ../ErrorCode.java
//SOURCES ../Failure.java
//SOURCES ../api/Account.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/TenantEntry.java
//SOURCES ../project/TenantStore.java
//SOURCES Identity.java
package lib.login;

import java.util.List;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.api.Account;
import lib.api.ManagementApi;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.TenantEntry;
import lib.project.TenantStore;

/** Finds out who a project's credentials belong to. No state of them is a failure: it is the answer. */
public record Whoami(Run run, ApiCredentials credentials, TenantStore store) {
    /** What the API says; where it cannot be asked, what is on disk. */
    public Identity look() throws InterruptedException {
        Identity.Status status =
                Identity.Status.of(credentials.expiry(), run.clock().instant());
        if (status == Identity.Status.EXPIRED) return identity(status, known());
        try {
            Account account = ManagementApi.of(credentials, run.environment(), run.clock(), run.console()::detail)
                    .account();
            List<TenantEntry> tenants = account.tenants().stream()
                    .flatMap(tenant -> TenantEntry.ofAccount(tenant).stream())
                    .toList();
            return new Identity(
                    Optional.of(account.email()), credentials.apiUrl(), credentials.expiry(), status, tenants);
        } catch (Failure failure) {
            if (failure.code() == ErrorCode.AUTH) return identity(Identity.Status.REFUSED, List.of());
            run.console().warn("Could not ask the API: " + failure.getMessage());
            return identity(Identity.Status.UNVERIFIED, known());
        }
    }

    private Identity identity(Identity.Status status, List<TenantEntry> tenants) {
        return new Identity(credentials.email(), credentials.apiUrl(), credentials.expiry(), status, tenants);
    }

    private List<TenantEntry> known() {
        try {
            return store.entries().stream().filter(tenant -> !tenant.local()).toList();
        } catch (Failure unreadable) {
            run.console().warn(unreadable.getMessage());
            return List.of();
        }
    }
}
