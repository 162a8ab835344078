package harness;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** Bearer tokens in the form of the cloud's, each different from every other, signed by nobody. */
public final class Jwt {
    private Jwt() {}

    /** A token that ends so much later; a negative time makes one that has ended. */
    public static String expiringIn(Duration time) {
        long end = Instant.now().plus(time).getEpochSecond();
        return of("{\"sub\":\"user-1\",\"jti\":\"%s\",\"exp\":%d}".formatted(UUID.randomUUID(), end));
    }

    /** A token with these claims, a JSON document. */
    public static String of(String claims) {
        return encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encode(claims) + "." + encode("signature");
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
