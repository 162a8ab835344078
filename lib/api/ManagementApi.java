//SOURCES ../ErrorCode.java
//SOURCES ../Failure.java
//SOURCES ../HttpClients.java
//SOURCES ../Json.java
//SOURCES ../Reference.java
//SOURCES ../Secret.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Environment.java
//SOURCES ../project/Tenant.java
//SOURCES Account.java
//SOURCES ApiAnswer.java
//SOURCES ApiCall.java
//SOURCES ApiRefusal.java
//SOURCES Bearer.java
//SOURCES DeployCall.java
//SOURCES Deployment.java
//SOURCES Http.java
//SOURCES RegistryToken.java
//SOURCES Retry.java
//SOURCES TenantStatus.java
package lib.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import lib.ErrorCode;
import lib.Failure;
import lib.HttpClients;
import lib.Json;
import lib.Reference;
import lib.Secret;
import lib.project.ApiCredentials;
import lib.project.Environment;
import lib.project.Tenant;

/** The Management API, as one account. Every method may throw a {@link Failure} that says what to do next. */
public final class ManagementApi {
    // A server may take its time to accept an image; too short a limit would report an accepted deployment as unknown.
    private static final Duration DEPLOY_PATIENCE = Duration.ofSeconds(120);
    private static final Duration SECRETS_PATIENCE = Duration.ofSeconds(30);

    private final ApiCredentials credentials;
    private final Http http;
    private final Bearer bearer;
    private final Retry retry;

    ManagementApi(ApiCredentials credentials, Http http, Bearer bearer, Retry retry) {
        this.credentials = credentials;
        this.http = http;
        this.bearer = bearer;
        this.retry = retry;
    }

    /** @param log told each call and its status */
    public static ManagementApi of(
            ApiCredentials credentials, Environment environment, Clock clock, Consumer<String> log) {
        Bearer.Mode mode = Bearer.Mode.of(environment.variable("SYSTEMPROMPT_BEARER"));
        Http http = new Http(credentials.apiUrl(), HttpClients::shared, log);
        return new ManagementApi(credentials, http, new Bearer(credentials, http, mode, clock), Retry.real());
    }

    /** Who the token belongs to; always with the operator's own token. */
    public Account account() throws InterruptedException {
        ApiCall call = ApiCall.get("/api/v1/auth/me").forSecret();
        return Account.of(accepted(
                retry.send(call, () -> http.send(call, Optional.of(credentials.apiToken()))), ErrorCode.AUTH));
    }

    public RegistryToken registryToken(Tenant.Id tenant) throws InterruptedException {
        ApiCall call = ApiCall.get(tenant(tenant, "registry-token")).forSecret();
        return RegistryToken.of(accepted(get(call), ErrorCode.TOKEN_FAILED));
    }

    /** The same; where neither an older server nor this machine names the repository, it is the account's app. */
    public RegistryToken registryToken(Tenant tenant) throws InterruptedException {
        RegistryToken token = registryToken(tenant.id());
        boolean isNamed = token.repository().isPresent() || tenant.appId().isPresent();
        return isNamed ? token : token.in(account().appOf(tenant.id()));
    }

    public TenantStatus status(Tenant.Id tenant) throws InterruptedException {
        return TenantStatus.of(accepted(askForStatus(tenant), ErrorCode.DEPLOY_FAILED));
    }

    /**
     * Why this account cannot act for the tenant at all; empty when it can, and when the answer leaves that open: one that
     * may not read the status may still be one that may deploy.
     */
    public Optional<Failure> refusal(Tenant.Id tenant) throws InterruptedException {
        ApiAnswer answer = askForStatus(tenant);
        boolean refused = answer.status() == 401 || answer.status() == 404;
        return refused ? Optional.of(ApiRefusal.of(answer, ErrorCode.AUTH).failure()) : Optional.empty();
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
        ApiCall call = ApiCall.json("PUT", tenant(tenant, "secrets"), Json.line(body), SECRETS_PATIENCE);
        accepted(bearer.send(token -> once(call, token)), ErrorCode.DEPLOY_FAILED);
    }

    private ApiAnswer once(ApiCall call, Secret token) throws InterruptedException {
        try {
            return http.send(call, Optional.of(token));
        } catch (IOException e) {
            throw Http.unreachable(call, e);
        }
    }

    /**
     * Asks for the deployment of an image that is in the registry. The call is never repeated blindly: only when nothing
     * was sent, or when it was refused for its bearer.
     *
     * @throws Failure {@code outcome_unknown} when the call may have been accepted
     */
    public Deployment deploy(Tenant.Id tenant, Reference image) throws InterruptedException {
        String body = Json.line(Json.object().put("image", image.toString()));
        ApiCall call = ApiCall.json("POST", tenant(tenant, "deploy"), body, DEPLOY_PATIENCE);
        // A connection that waited out a long push may be dead, which a POST cannot tell from an answer that got lost.
        Http fresh = new Http(credentials.apiUrl(), HttpClients::open, http.log());
        DeployCall deploy = new DeployCall(call, fresh, retry, () -> lookedAt(tenant));
        return Deployment.of(accepted(bearer.send(deploy::with), ErrorCode.DEPLOY_FAILED));
    }

    private String lookedAt(Tenant.Id tenant) throws InterruptedException {
        try {
            TenantStatus now = status(tenant);
            return "the tenant is now '" + now.status() + "'"
                    + now.message().map(text -> ": " + text).orElse("");
        } catch (Failure unknown) {
            return "its status could not be read: " + unknown.getMessage();
        }
    }

    private ApiAnswer askForStatus(Tenant.Id tenant) throws InterruptedException {
        return get(ApiCall.get(tenant(tenant, "status")));
    }

    private ApiAnswer get(ApiCall call) throws InterruptedException {
        return bearer.send(token -> retry.send(call, () -> http.send(call, Optional.of(token))));
    }

    private static ApiAnswer accepted(ApiAnswer answer, ErrorCode otherwise) {
        if (answer.isSuccess()) return answer;
        throw ApiRefusal.of(answer, otherwise).failure();
    }

    private static String tenant(Tenant.Id id, String resource) {
        return "/api/v1/tenants/" + id + "/" + resource;
    }
}
