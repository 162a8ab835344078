//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
package lib.login;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Secret;

/** What a browser brought back: a token, or the reason why there is none. */
sealed interface Callback permits Callback.Token, Callback.Refusal {
    // Browsers show it without the scheme, and some copy what they show.
    Pattern PASTED =
            Pattern.compile("(?:http://)?(?:127\\.0\\.0\\.1|localhost):([0-9]{1,5})/callback\\?([^#\\s]*)(?:#.*)?");

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

    /**
     * What a browser that cannot come back would have brought, from the address it stopped at.
     *
     * @param address where it was to come back to, on this machine
     * @return empty when this is no such address
     */
    static Optional<Callback> pasted(String text, URI address) {
        Matcher pasted = PASTED.matcher(text);
        boolean ours = pasted.matches() && Integer.parseInt(pasted.group(1)) == address.getPort();
        return ours ? Optional.of(of(pasted.group(2))) : Optional.empty();
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
