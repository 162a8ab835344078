//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES ../cli/Run.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/Tenant.java
//SOURCES ApiCall.java
//SOURCES RegistryToken.java
package lib.api;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Json;
import lib.Retry;
import lib.Secret;
import lib.api.ApiCall.ApiResponse;
import lib.cli.Run;
import lib.project.ApiCredentials;
import lib.project.Tenant;

/**
 * The Management API, as one account. A tenant call carries the operator's own token, or one that it is exchanged for
 * (RFC 8693), which newer servers want. What worked is remembered for the process, in memory alone.
 *
 * <p>Every call may throw a {@link Failure} that says what to do next.
 */
public final class ManagementApi {
    /** {@code AUTO} sends the operator's token first and exchanges it when a tenant call refuses it. */
    enum Bearer {
        AUTO,
        DIRECT,
        EXCHANGE;

        /** @throws Failure {@code usage} when the variable holds something else */
        static Bearer of(Optional<String> variable) {
            String name = variable.orElse("auto");
            for (Bearer bearer : values())
                if (bearer.name().toLowerCase(Locale.ROOT).equals(name)) return bearer;
            throw new Failure(
                    ErrorCode.USAGE,
                    "SYSTEMPROMPT_BEARER is none of auto, direct, exchange",
                    "Correct or unset the variable");
        }
    }

    /** How a call is sent with a bearer, tries included. */
    @FunctionalInterface
    interface Sender {
        ApiResponse with(Secret bearer) throws InterruptedException;
    }

    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final long USUAL_LIFETIME = 300;

    private final ApiCredentials credentials;
    private final ApiCall.Client client;
    private final Bearer bearer;
    private final Clock clock;
    private boolean exchangeWanted;
    private Exchanged exchanged;

    private record Exchanged(Secret token, Instant end) {}

    ManagementApi(ApiCredentials credentials, ApiCall.Client client, Bearer bearer, Clock clock) {
        this.credentials = credentials;
        this.client = client;
        this.bearer = bearer;
        this.clock = clock;
        this.exchangeWanted = bearer == Bearer.EXCHANGE;
    }

    /** The API as that account, from this run: its environment, its clock, and its console for {@code --verbose}. */
    public static ManagementApi of(ApiCredentials credentials, Run run) {
        return of(credentials, run.environment(), run.clock(), run.console()::detail);
    }

    /** @param log told each call and its status */
    public static ManagementApi of(
            ApiCredentials credentials, Environment environment, Clock clock, Consumer<String> log) {
        ApiCall.Client client = new ApiCall.Client(credentials.apiUrl(), Http::shared, Retry.usual(), log);
        return new ManagementApi(credentials, client, Bearer.of(environment.variable("SYSTEMPROMPT_BEARER")), clock);
    }

    public RegistryToken registryToken(Tenant.Id tenant) throws InterruptedException {
        ApiCall call = ApiCall.get(tenant(tenant, "registry-token")).forSecret();
        return RegistryToken.of(get(call).accepted(ErrorCode.TOKEN_FAILED));
    }

    /** The path of what a tenant has. */
    public static String tenant(Tenant.Id id, String resource) {
        return ApiCall.TENANTS + id + "/" + resource;
    }

    ApiCall.Client client() {
        return client;
    }

    /** Sends a call about the account itself, always with the operator's own token. */
    ApiResponse asOperator(ApiCall call) throws InterruptedException {
        return client.send(call, Optional.of(credentials.apiToken()));
    }

    ApiResponse get(ApiCall call) throws InterruptedException {
        return send(token -> client.send(call, Optional.of(token)));
    }

    /** Sends a tenant call that is not repeated, but with another bearer. */
    public ApiResponse once(ApiCall call) throws InterruptedException {
        return send(token -> once(call, Optional.of(token)));
    }

    private ApiResponse once(ApiCall call, Optional<Secret> token) throws InterruptedException {
        try {
            return client.once(call, token);
        } catch (IOException e) {
            throw call.unreachable(e, client.apiUrl());
        }
    }

    /** Sends a tenant call; where its bearer is refused, once more with a newly exchanged one. */
    synchronized ApiResponse send(Sender call) throws InterruptedException {
        ApiResponse first = call.with(exchangeWanted ? current() : credentials.apiToken());
        boolean mayExchange = exchangeWanted ? first.status() == 401 : bearer == Bearer.AUTO && first.refusesBearer();
        if (!mayExchange) return first;
        ApiResponse grant;
        try {
            grant = exchange();
            if (grant.isNoRoute()) return first;
            granted(grant);
        } catch (Failure refused) {
            return first.alsoSaying(refused.getMessage());
        }
        ApiResponse second = call.with(taken(grant));
        if (!second.refusesBearer()) exchangeWanted = true;
        return second;
    }

    private Secret current() throws InterruptedException {
        if (exchanged != null && exchanged.end().isAfter(clock.instant().plus(MARGIN))) return exchanged.token();
        return taken(granted(exchange()));
    }

    /** Asks for another token. */
    private ApiResponse exchange() throws InterruptedException {
        exchanged = null;
        Map<String, String> fields = Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token", credentials.apiToken().reveal(),
                "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
                "resource", credentials.apiUrl().toString(),
                "client_id", "sp_web");
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        ApiCall.Body body = new ApiCall.Body("application/x-www-form-urlencoded", form);
        String path = "/api/v1/core/oauth/token";
        return client.send(new ApiCall("POST", path, Optional.of(body), ApiCall.USUAL, true), Optional.empty());
    }

    /** The answer, if it grants a token. @throws Failure when it refuses one, or none is in it */
    private static ApiResponse granted(ApiResponse answer) {
        if (answer.isNoRoute())
            throw new Failure(
                    ErrorCode.AUTH,
                    answer.call().label() + ": " + answer.sentence() + ": this API exchanges no tokens",
                    "Unset SYSTEMPROMPT_BEARER");
        if (token(answer.accepted(ErrorCode.AUTH)).isEmpty()) throw answer.unexpected("no field 'access_token'");
        return answer;
    }

    private static Optional<String> token(ApiResponse grant) {
        return Json.text(grant.data(), "access_token");
    }

    /** The token, remembered for as long as it lives. @throws Failure {@code protocol} when no header can carry it */
    private Secret taken(ApiResponse grant) {
        Secret token = token(grant)
                .filter(ApiCredentials::isBearer)
                .map(Secret::of)
                .orElseThrow(() -> grant.unexpected("access_token is no bearer token"));
        long seconds = Math.max(0, grant.data().path("expires_in").asLong(USUAL_LIFETIME));
        exchanged = new Exchanged(token, clock.instant().plusSeconds(Math.min(seconds, 86_400)));
        return token;
    }
}
