//SOURCES ../lib/Json.java
//SOURCES ../lib/Secret.java
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
import java.util.UUID;
import lib.Json;
import lib.Secret;

/**
 * Bearer tokens in the form of a JWT, each with what it grants.
 *
 * <p>Clients read {@code exp} and nothing else; the signature is random, since the issuer remembers its tokens.
 */
final class BearerTokens {
    private record Issued(Instant expires, Object grant) {}

    private final Clock clock;
    private final Map<Secret, Issued> issued = new HashMap<>();

    BearerTokens(Clock clock) {
        this.clock = clock;
    }

    synchronized Secret issue(String subject, Duration lifetime, Object grant) {
        Instant now = clock.instant();
        ObjectNode header = Json.object().put("alg", "RS256").put("typ", "JWT");
        ObjectNode claims = Json.object()
                .put("sub", subject)
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(lifetime).getEpochSecond());
        Secret token = Secret.of(base64url(Json.line(header)) + "." + base64url(Json.line(claims)) + "."
                + base64url(UUID.randomUUID().toString()));
        issued.put(token, new Issued(now.plus(lifetime), grant));
        return token;
    }

    private static String base64url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @return empty for a token that is unknown or has expired */
    synchronized Optional<Object> grant(String token) {
        if (token.isEmpty()) return Optional.empty();
        return Optional.ofNullable(issued.get(Secret.of(token)))
                .filter(one -> clock.instant().isBefore(one.expires()))
                .map(Issued::grant);
    }

    /** Forgets every token with this grant. */
    synchronized void revoke(Object grant) {
        issued.values().removeIf(one -> one.grant().equals(grant));
    }
}
