//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES SavedLogin.java
//SOURCES TenantList.java
package lib.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.api.ManagementApi;
import lib.api.ManagementApi.Account;
import lib.cli.Run;
import lib.project.ApiCredentials;

/**
 * Who is logged in, and what the API says to that.
 *
 * @param expiry empty when the token says nothing that can be read
 */
public record Identity(
        Optional<String> email, URI api, Optional<Instant> expiry, Status status, List<TenantList.Entry> tenants) {

    /** How the token is. */
    public enum Status {
        VALID,
        /** It ends within an hour. */
        EXPIRES_SOON,
        /** It has ended, or its end cannot be read. */
        EXPIRED,
        /** The API does not accept it, whatever it says of its end. */
        REFUSED,
        /** The API could not be asked. */
        UNVERIFIED;

        static Status of(Optional<Instant> expiry, Instant now) {
            if (expiry.isEmpty() || expiry.get().isBefore(now)) return EXPIRED;
            return expiry.get().isBefore(now.plus(Duration.ofHours(1))) ? EXPIRES_SOON : VALID;
        }

        /** 0 but where the token is known to be of no use. */
        public int exitCode() {
            return this == EXPIRED || this == REFUSED ? ErrorCode.AUTH.exitCode() : 0;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Identity {
        tenants = List.copyOf(tenants);
    }

    /** What stdout shows when nobody is logged in. */
    public static ObjectNode nobody() {
        ObjectNode json = Json.object().put("logged_in", false);
        json.putNull("email")
                .putNull("api_url")
                .putNull("expires_at")
                .putNull("status")
                .putArray("tenants");
        return json;
    }

    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("logged_in", true)
                .put("email", email.orElse(null))
                .put("api_url", api.toString())
                .put("expires_at", expiry.map(Instant::toString).orElse(null))
                .put("status", status.toString());
        ArrayNode list = json.putArray("tenants");
        tenants.forEach(tenant -> list.add(tenant.json()));
        return json;
    }

    /** One line a fact. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "User", email.orElse("(unknown)"));
        line(text, "API URL", api.toString());
        line(
                text,
                "Token",
                status.toString().replace('_', ' ')
                        + expiry.map(end -> ", until " + end).orElse(""));
        for (TenantList.Entry tenant : tenants) line(text, "Tenant", tenant.label());
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append(String.format("%-8s %s%n", label, value));
    }

    /** Finds out who a project's credentials belong to. No state of them is a failure: it is the answer. */
    public record Whoami(Run run, ApiCredentials credentials, SavedLogin saved) {
        /** What the API says; where it cannot be asked, what is on disk. */
        public Identity look() throws InterruptedException {
            Identity.Status status =
                    Identity.Status.of(credentials.expiry(), run.clock().instant());
            if (status == Identity.Status.EXPIRED) return identity(status, known());
            try {
                Account account = ManagementApi.of(credentials, run.environment(), run.clock(), run.console()::detail)
                        .account();
                List<TenantList.Entry> tenants = account.tenants().stream()
                        .flatMap(tenant -> TenantList.Entry.ofAccount(tenant).stream())
                        .toList();
                return new Identity(
                        Optional.of(account.email()), credentials.apiUrl(), credentials.expiry(), status, tenants);
            } catch (Failure failure) {
                if (failure.code() == ErrorCode.AUTH) return identity(Identity.Status.REFUSED, List.of());
                run.console().warn("Could not ask the API: " + failure.getMessage());
                return identity(Identity.Status.UNVERIFIED, known());
            }
        }

        private Identity identity(Identity.Status status, List<TenantList.Entry> tenants) {
            return new Identity(credentials.email(), credentials.apiUrl(), credentials.expiry(), status, tenants);
        }

        private List<TenantList.Entry> known() {
            try {
                return saved.tenants().stream()
                        .filter(tenant -> !tenant.local())
                        .toList();
            } catch (Failure unreadable) {
                run.console().warn(unreadable.getMessage());
                return List.of();
            }
        }
    }
}
