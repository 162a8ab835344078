package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import lib.Json;
import lib.Secret;

/**
 * Random tokens in the form of a JWT, each with what it stands for.
 *
 * <p>Clients read {@code exp} and nothing else; the signature is random, since the issuer remembers its tokens.
 */
final class BearerTokens<T> {
    private record Issued<T>(Instant expires, T meaning) {}

    private final Clock clock;
    private final Entropy entropy = new Entropy();
    private final Map<Secret, Issued<T>> issued = new HashMap<>();

    BearerTokens(Clock clock) {
        this.clock = clock;
    }

    synchronized Secret issue(String subject, Duration lifetime, T meaning) {
        Instant now = clock.instant();
        ObjectNode claims = Json.object()
                .put("sub", subject)
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(lifetime).getEpochSecond())
                .put("jti", entropy.hex(8));
        ObjectNode header = Json.object().put("alg", "RS256").put("typ", "JWT");
        Secret token = Secret.of(part(header) + "." + part(claims) + "." + entropy.base64url(32));
        issued.put(token, new Issued<>(now.plus(lifetime), meaning));
        return token;
    }

    private static String part(ObjectNode json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.line(json).getBytes(StandardCharsets.UTF_8));
    }

    /** @return empty for a token that is unknown or past its time */
    synchronized Optional<T> meaning(String token) {
        if (token.isEmpty()) return Optional.empty();
        return Optional.ofNullable(issued.get(Secret.of(token)))
                .filter(one -> clock.instant().isBefore(one.expires()))
                .map(Issued::meaning);
    }

    synchronized void revokeAll() {
        issued.clear();
    }
}
