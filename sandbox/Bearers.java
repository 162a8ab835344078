package sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import lib.Secret;

/** The bearer tokens of the Management API: an operator's, and those that generation 2 trades them for. */
final class Bearers {
    static final String EMAIL = "dev@example.com";
    static final String USER_ID = "user_sandbox";
    static final Duration EXCHANGED_LIFETIME = Duration.ofMinutes(5);

    private final Generation generation;
    private final BearerTokens<String> operators;
    private final BearerTokens<String> exchanged;

    Bearers(Generation generation, Clock clock) {
        this.generation = generation;
        this.operators = new BearerTokens<>(clock);
        this.exchanged = new BearerTokens<>(clock);
    }

    Secret operator(Duration lifetime) {
        return operators.issue(USER_ID, lifetime, EMAIL);
    }

    /** @return empty when the token is no operator's */
    Optional<Secret> exchange(String operatorToken) {
        return operators.meaning(operatorToken).map(email -> exchanged.issue(USER_ID, EXCHANGED_LIFETIME, email));
    }

    void revokeExchanged() {
        exchanged.revokeAll();
    }

    void revokeOperators() {
        operators.revokeAll();
    }

    Optional<Response> refusalOfAccountCall(Request request) {
        boolean known = request.bearer().flatMap(operators::meaning).isPresent();
        return known ? Optional.empty() : Optional.of(unauthorized("Missing, expired or unknown bearer token"));
    }

    Optional<Response> refusalOfTenantCall(Request request) {
        if (generation == Generation.G1) return refusalOfAccountCall(request);
        boolean known = request.bearer().flatMap(exchanged::meaning).isPresent();
        return known ? Optional.empty() : Optional.of(unauthorized("Tenant calls need an exchanged bearer token"));
    }

    private static Response unauthorized(String message) {
        return ApiError.of(401, "unauthorized", message).with("WWW-Authenticate", "Bearer");
    }
}
