//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Tenant.java
//SOURCES ApiCall.java
//SOURCES RegistryToken.java
//SOURCES TokenExchange.java
package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Http.Authority;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.Secret;
import lib.api.ApiCall.ApiResponse;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.Tenant;

/** The Management API, as one account. Every method may throw a {@link Failure} that says what to do next. */
public final class ManagementApi {
    // A server may take its time to accept an image; too short a limit would report an accepted deployment as unknown.
    private static final Duration DEPLOY_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration SECRETS_TIMEOUT = Duration.ofSeconds(30);

    private final ApiCredentials credentials;
    private final ApiCall.Client client;
    private final TokenExchange bearer;

    ManagementApi(ApiCredentials credentials, ApiCall.Client client, TokenExchange bearer) {
        this.credentials = credentials;
        this.client = client;
        this.bearer = bearer;
    }

    /** The API as that account, from this run: its environment, its clock, and its console for {@code --verbose}. */
    public static ManagementApi of(ApiCredentials credentials, Run run) {
        return of(credentials, run.environment(), run.clock(), run.console()::detail);
    }

    /** @param log told each call and its status */
    public static ManagementApi of(
            ApiCredentials credentials, Environment environment, Clock clock, Consumer<String> log) {
        TokenExchange.Mode mode = TokenExchange.Mode.of(environment.variable("SYSTEMPROMPT_BEARER"));
        ApiCall.Client client = ApiCall.Client.of(credentials.apiUrl(), log);
        return new ManagementApi(credentials, client, new TokenExchange(credentials, client, mode, clock));
    }

    /** Who the token belongs to; always with the operator's own token. */
    public Account account() throws InterruptedException {
        ApiCall call = ApiCall.get("/api/v1/auth/me").forSecret();
        return Account.of(client.send(call, Optional.of(credentials.apiToken())).accepted(ErrorCode.AUTH));
    }

    public RegistryToken registryToken(Tenant.Id tenant) throws InterruptedException {
        ApiCall call = ApiCall.get(tenant(tenant, "registry-token")).forSecret();
        return RegistryToken.of(get(call).accepted(ErrorCode.TOKEN_FAILED));
    }

    /** The same; where neither an older server nor this machine names the repository, it is the account's app. */
    public RegistryToken registryToken(Tenant tenant) throws InterruptedException {
        RegistryToken token = registryToken(tenant.id());
        boolean isNamed = token.repository().isPresent() || tenant.appId().isPresent();
        return isNamed ? token : token.in(account().appOf(tenant.id()));
    }

    public Deployment status(Tenant.Id tenant) throws InterruptedException {
        return Deployment.of(askForStatus(tenant).accepted(ErrorCode.DEPLOY_FAILED));
    }

    /**
     * Why this account cannot act for the tenant at all; empty when it can, and when the answer leaves that open: one that
     * may not read the status may still be one that may deploy.
     */
    public Optional<Failure> refusal(Tenant.Id tenant) throws InterruptedException {
        ApiResponse answer = askForStatus(tenant);
        boolean refused = answer.status() == 401 || answer.status() == 404;
        return refused ? Optional.of(answer.failure(ErrorCode.AUTH)) : Optional.empty();
    }

    /**
     * Sends variables to the tenant, which replace those of the same name. Not repeated, but with another bearer.
     *
     * @throws Failure of which nothing was deployed; the secrets themselves may have arrived when the connection broke
     */
    public void putSecrets(Tenant.Id tenant, Tenant.Variables variables) throws InterruptedException {
        ObjectNode body = Json.object();
        ObjectNode values = body.putObject("secrets");
        variables.secrets().forEach((name, secret) -> values.put(name, secret.reveal()));
        variables.plain().forEach(values::put);
        ApiCall call = ApiCall.json("PUT", tenant(tenant, "secrets"), Json.line(body), SECRETS_TIMEOUT);
        bearer.send(token -> once(call, token)).accepted(ErrorCode.DEPLOY_FAILED);
    }

    private ApiResponse once(ApiCall call, Secret token) throws InterruptedException {
        try {
            return client.once(call, Optional.of(token));
        } catch (IOException e) {
            throw call.unreachable(e);
        }
    }

    /**
     * Asks for the deployment of an image that is in the registry. The call is never repeated blindly: only when nothing
     * was sent, or when it was refused for its bearer.
     *
     * @throws Failure {@code outcome_unknown} when the call may have been accepted
     */
    public Deployment deploy(Tenant.Id tenant, ImageReference image) throws InterruptedException {
        String body = Json.line(Json.object().put("image", image.toString()));
        ApiCall call = ApiCall.json("POST", tenant(tenant, "deploy"), body, DEPLOY_TIMEOUT);
        // A connection that waited out a long push may be dead, which a POST cannot tell from an answer that got lost.
        ApiCall.Client fresh = new ApiCall.Client(client.apiUrl(), Http::open, client.retry(), client.log());
        return Deployment.of(
                bearer.send(token -> deploy(tenant, call, fresh, token)).accepted(ErrorCode.DEPLOY_FAILED));
    }

    private ApiResponse deploy(Tenant.Id tenant, ApiCall call, ApiCall.Client fresh, Secret token)
            throws InterruptedException {
        try {
            return fresh.retrying(call, () -> deployOnce(call, fresh, token));
        } catch (UnknownException unknown) {
            throw new Failure(
                    ErrorCode.OUTCOME_UNKNOWN,
                    call.label() + ": " + unknown.getMessage() + "; the deployment may or may not have been accepted; "
                            + lookedAt(tenant),
                    "Look again with 'just tenant status' before you deploy again");
        }
    }

    /** A connection that never came about is tried again as any other; whatever fails later may have been accepted. */
    private static ApiResponse deployOnce(ApiCall call, ApiCall.Client fresh, Secret token)
            throws IOException, InterruptedException {
        ApiResponse response;
        try {
            response = fresh.once(call, Optional.of(token));
        } catch (IOException e) {
            if (Http.isNeverSent(e)) throw e;
            throw new UnknownException(Http.reason(e));
        }
        if (response.status() >= 500 && response.error().isEmpty()) throw new UnknownException(response.sentence());
        return response;
    }

    /** A failure after which nobody knows; it passes through the retries as it is. */
    private static final class UnknownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownException(String what) {
            super(what);
        }
    }

    private String lookedAt(Tenant.Id tenant) throws InterruptedException {
        try {
            Deployment now = status(tenant);
            return "the tenant is now '" + now.status() + "'"
                    + now.message().map(text -> ": " + text).orElse("");
        } catch (Failure unknown) {
            return "its status could not be read: " + unknown.getMessage();
        }
    }

    private ApiResponse askForStatus(Tenant.Id tenant) throws InterruptedException {
        return get(ApiCall.get(tenant(tenant, "status")));
    }

    private ApiResponse get(ApiCall call) throws InterruptedException {
        return bearer.send(token -> client.send(call, Optional.of(token)));
    }

    private static String tenant(Tenant.Id id, String resource) {
        return "/api/v1/tenants/" + id + "/" + resource;
    }

    /**
     * Who the token belongs to.
     *
     * @param tenants each as the server sent it, with a plain {@code id} and {@code name} in it
     */
    public record Account(String email, Optional<String> name, List<JsonNode> tenants) {
        public Account {
            tenants = List.copyOf(tenants);
        }

        /** The name of a tenant's app at the platform. */
        Optional<String> appOf(Tenant.Id id) {
            return tenants.stream()
                    .filter(tenant -> tenant.path("id").asText().equals(id.value()))
                    .findFirst()
                    .flatMap(tenant -> Json.text(tenant, "app_id"))
                    .filter(ImageReference::isRepository);
        }

        /** The tenants hold database URLs, and these passwords. */
        @Override
        public String toString() {
            return "Account[" + email + "]";
        }

        static Account of(ApiResponse answer) {
            JsonNode json = answer.data();
            String email =
                    Json.text(json.path("user"), "email").orElseThrow(() -> answer.unexpected("no field 'user.email'"));
            List<JsonNode> tenants = new ArrayList<>();
            for (JsonNode tenant : json.path("tenants")) {
                if (Json.text(tenant, "id").isPresent()
                        && Json.text(tenant, "name").isPresent()) tenants.add(tenant);
            }
            return new Account(
                    Printable.of(email), Json.text(json.path("user"), "name").map(Printable::of), tenants);
        }
    }

    /**
     * What the API says of a tenant: in answer to a deploy call, and whenever it is asked.
     *
     * @param status as the server calls it; a word that is not known is kept, and counts as not settled
     * @param url where the tenant answers
     */
    public record Deployment(String status, Optional<String> message, Optional<String> url) {
        private static final Set<String> UP = Set.of("running", "ready", "active", "deployed");
        private static final Set<String> DOWN = Set.of("failed", "error", "suspended", "crashed", "stopped");

        static Deployment of(ApiResponse answer) {
            JsonNode json = answer.data();
            String status = Json.text(json, "status").orElseThrow(() -> answer.unexpected("no field 'status'"));
            return new Deployment(shown(status), Json.text(json, "message").map(Printable::of), webAddress(json));
        }

        /** A status fit to be shown. One that is known means something here, so it stays even if a secret is called so too. */
        private static String shown(String status) {
            String known = status.toLowerCase(Locale.ROOT);
            return UP.contains(known) || DOWN.contains(known) ? status : Printable.of(status);
        }

        /** Only what a browser may be sent to. */
        private static Optional<String> webAddress(JsonNode json) {
            return Json.text(json, "app_url", "url").map(Printable::of).filter(Deployment::isWebAddress);
        }

        private static boolean isWebAddress(String text) {
            try {
                URI url = new URI(text);
                return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                        && Authority.isUsable(url)
                        && url.getUserInfo() == null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        /** The same, with the address that the deploy call named where this one names none. */
        public Deployment orUrlOf(Deployment accepted) {
            return new Deployment(status, message, url.or(accepted::url));
        }

        public boolean isUp() {
            return UP.contains(status.toLowerCase(Locale.ROOT));
        }

        public boolean hasFailed() {
            return DOWN.contains(status.toLowerCase(Locale.ROOT));
        }
    }
}
