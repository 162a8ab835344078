//SOURCES ../Json.java
//SOURCES ../Secret.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import lib.Json;
import lib.Secret;

/** Reads when a JWT ends (RFC 7519, {@code exp}); its signature is the server's business. */
final class BearerExpiry {
    private BearerExpiry() {}

    static Optional<Instant> of(Secret token) {
        String[] parts = token.reveal().split("\\.", -1);
        if (parts.length != 3) return Optional.empty();
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            JsonNode expiry = Json.parse(claims).path("exp");
            return expiry.isIntegralNumber() && expiry.canConvertToLong()
                    ? Optional.of(Instant.ofEpochSecond(expiry.longValue()))
                    : Optional.empty();
        } catch (IllegalArgumentException | JsonProcessingException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
