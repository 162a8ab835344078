//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES ../api/Account.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/RawTerminal.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES SavedLogin.java
//SOURCES TenantList.java
package lib.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Secret;
import lib.api.Account;
import lib.api.ManagementApi;
import lib.cli.Console;
import lib.cli.RawTerminal;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;

/** Takes a token into a project, once the API has said whose it is. */
public record Login(Run run, Project project, URI api) {
    // Far more than any token, so that a wrong file on stdin does not fill the memory.
    private static final int TOKEN_LIMIT = 65_536;

    /** A token that is piped in or typed, for machines without a browser. @throws Failure {@code usage} when there is none */
    public Identity fromStdin() throws InterruptedException {
        Secret token = RawTerminal.secret(run.console(), "Token (it is not shown): ", TOKEN_LIMIT)
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE,
                        "No token on standard input; nothing was saved",
                        "Pipe it in: just login --token-stdin < FILE"));
        return with(token);
    }

    /**
     * Asks the API whose token it is, shows that, and only then saves.
     *
     * @throws Failure {@code auth} when the API refuses the token; nothing is saved then
     */
    public Identity with(Secret token) throws InterruptedException {
        Console console = run.console();
        ApiCredentials credentials = new ApiCredentials(bearer(token), api, Optional.empty());
        Account account = account(credentials);
        String name = account.name().map(text -> " (" + text + ")").orElse("");
        console.success("Logged in as " + account.email() + name);
        warnOfOtherLogin(account);
        Instant now = run.clock().instant();
        SavedLogin saved = new SavedLogin(project, console::warn);
        Path file = saved.saveCredentials(credentials, account.email(), now);
        console.success("Credentials saved to " + file);
        console.success("Tenants synced to " + saved.saveTenants(account.tenants(), now));
        List<TenantList.Entry> tenants = TenantList.Entry.of(account);
        Identity.Status status = Identity.Status.of(credentials.expiry(), now);
        if (status == Identity.Status.EXPIRED)
            console.warn("This token has ended, or says no end that can be read: a deploy will ask for another");
        warnOfWhatHidesIt(file);
        tellNext(tenants);
        return new Identity(Optional.of(account.email()), api, credentials.expiry(), status, tenants);
    }

    private static Secret bearer(Secret token) {
        try {
            return ApiCredentials.bearer(token.reveal(), "What was brought");
        } catch (Failure noToken) {
            throw new Failure(ErrorCode.AUTH, noToken.getMessage() + "; nothing was saved", "Run 'just login' again");
        }
    }

    private Account account(ApiCredentials credentials) throws InterruptedException {
        try {
            return Account.of(ManagementApi.of(credentials, run));
        } catch (Failure refused) {
            boolean auth = refused.code() == ErrorCode.AUTH;
            throw new Failure(
                    refused.code(),
                    refused.getMessage() + (auth ? ": " + api + " does not accept this token" : "")
                            + "; nothing was saved",
                    auth || refused.code() == ErrorCode.PROTOCOL
                            ? "Run 'just login' again; with another API, set SYSTEMPROMPT_API_URL"
                            : refused.hint());
        }
    }

    private void warnOfOtherLogin(Account account) {
        new SavedLogin(project, run.console()::warn).credentials().ifPresent(before -> {
            boolean sameUser = before.email().stream().allMatch(account.email()::equals);
            if (!sameUser || !before.apiUrl().equals(api)) {
                run.console()
                        .warn("This replaces the login of " + before.email().orElse("(unknown)") + " at "
                                + before.apiUrl());
            }
        });
    }

    /** Other sources of credentials come before the file that was just written. */
    private void warnOfWhatHidesIt(Path file) {
        Console console = run.console();
        if (run.environment().variable("SYSTEMPROMPT_API_TOKEN").isPresent()) {
            console.warn(
                    "SYSTEMPROMPT_API_TOKEN is set and will be used instead of this login; unset it to use this one");
        }
        for (Profile profile : new Profiles(project, run.environment()).deployable()) {
            profile.credentialsPath()
                    .map(path -> run.environment().path(path, profile.folder()))
                    .filter(path -> Files.exists(path) && !path.equals(file))
                    .ifPresent(path -> console.warn("Profile " + profile.name() + " reads its credentials from " + path
                            + ", not from here; remove cloud.credentials_path from " + profile.file()));
        }
    }

    private void tellNext(List<TenantList.Entry> tenants) {
        Console console = run.console();
        if (console.isQuiet()) return;
        if (tenants.isEmpty()) {
            console.warn(
                    "No cloud tenants found for this account. Create one at https://systemprompt.io, then run 'just"
                            + " tenant'");
        } else if (new Profiles(project, run.environment()).deployable().isEmpty()) {
            console.hint("Next: just tenant");
        } else {
            console.hint("Next: just deploy");
        }
    }

    /** The environments of the service, by the names that a person types. */
    public enum Service {
        production(ApiCredentials.PRODUCTION),
        sandbox(URI.create("https://api-sandbox.systemprompt.io"));

        private final URI api;

        Service(URI api) {
            this.api = api;
        }

        /** {@code SYSTEMPROMPT_API_URL} where it is set, else this environment's. @throws lib.Failure {@code config} */
        public URI api(Environment environment) {
            Optional<String> other = environment.variable("SYSTEMPROMPT_API_URL");
            return other.map(url -> ApiCredentials.url(url, "SYSTEMPROMPT_API_URL"))
                    .orElse(api);
        }
    }

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

            /** Whether a new login would mend it. */
            public boolean wantsLogin() {
                return this != VALID && this != UNVERIFIED;
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
                    Account account = Account.of(ManagementApi.of(credentials, run));
                    return new Identity(
                            Optional.of(account.email()),
                            credentials.apiUrl(),
                            credentials.expiry(),
                            status,
                            TenantList.Entry.of(account));
                } catch (Failure failure) {
                    boolean refused = failure.code() == ErrorCode.AUTH;
                    run.console()
                            .warn((refused ? "The API refuses the token: " : "Could not ask the API: ")
                                    + failure.getMessage());
                    if (refused) return identity(Identity.Status.REFUSED, List.of());
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
}
