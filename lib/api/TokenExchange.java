//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ApiCall.java
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
import java.util.stream.Collectors;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Secret;
import lib.api.ApiCall.ApiResponse;
import lib.project.ApiCredentials;

/**
 * Which bearer a tenant call carries: the operator's own token, or one that it is exchanged for (RFC 8693), which newer
 * servers want. What worked is remembered for the process, in memory alone.
 */
final class TokenExchange {
    /** {@code AUTO} sends the operator's token first and exchanges it when a tenant call refuses it. */
    enum Mode {
        AUTO,
        DIRECT,
        EXCHANGE;

        /** @throws Failure {@code usage} when the variable holds something else */
        static Mode of(Optional<String> variable) {
            String name = variable.orElse("auto");
            for (Mode mode : values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(name)) return mode;
            }
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

    private static final String PATH = "/api/v1/core/oauth/token";
    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final long USUAL_LIFETIME = 300;

    private final ApiCredentials credentials;
    private final ApiCall.Client client;
    private final Mode mode;
    private final Clock clock;
    private boolean exchangeWanted;
    private Exchanged exchanged;

    private record Exchanged(Secret token, Instant end) {}

    TokenExchange(ApiCredentials credentials, ApiCall.Client client, Mode mode, Clock clock) {
        this.credentials = credentials;
        this.client = client;
        this.mode = mode;
        this.clock = clock;
        this.exchangeWanted = mode == Mode.EXCHANGE;
    }

    /** Sends a tenant call; where its bearer is refused, once more with a newly exchanged one. */
    synchronized ApiResponse send(Sender call) throws InterruptedException {
        ApiResponse first = call.with(exchangeWanted ? current() : credentials.apiToken());
        boolean mayExchange = exchangeWanted ? first.status() == 401 : mode == Mode.AUTO && first.refusesBearer();
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
        String form = form(Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token", credentials.apiToken().reveal(),
                "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
                "resource", credentials.apiUrl().toString(),
                "client_id", "sp_web"));
        ApiCall call = ApiCall.form(PATH, form).forSecret();
        try {
            return client.once(call, Optional.empty());
        } catch (IOException e) {
            throw call.unreachable(e);
        }
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

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
