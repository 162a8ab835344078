package lib.login;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import lib.ErrorCode;
import lib.Failure;
import lib.Printable;
import lib.Secret;

/** What a browser brought back (contract 3.1): a token, or the reason why there is none. */
sealed interface Callback permits Callback.Token, Callback.Refusal {
    /** @param token not yet known to be good */
    record Token(Secret token) implements Callback {}

    record Refusal(String sentence) implements Callback {
        Failure failure() {
            return new Failure(
                    ErrorCode.AUTH,
                    sentence + "; nothing was saved",
                    "Run 'just login' again, or log in with --token-stdin");
        }
    }

    /** An {@code error} counts before a token. @param query as it came, still encoded; null for none */
    static Callback of(String query) {
        Map<String, String> fields = fields(query == null ? "" : query);
        if (!fields.getOrDefault("error", "").isEmpty()) {
            String description = Printable.of(fields.getOrDefault("error_description", ""));
            return new Refusal("OAuth error: " + Printable.of(fields.get("error")) + " - "
                    + (description.isEmpty() ? "(no description provided)" : description));
        }
        String token = fields.getOrDefault("access_token", "");
        return token.isEmpty() ? new Refusal("No token received in callback") : new Token(Secret.of(token));
    }

    // The first of several fields of one name counts.
    private static Map<String, String> fields(String query) {
        Map<String, String> fields = new HashMap<>();
        for (String field : query.split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0)
                fields.putIfAbsent(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return "";
        }
    }
}
