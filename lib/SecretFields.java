//SOURCES Json.java
//SOURCES Secret.java
package lib;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is secret in the words of a server that is not the answer it should be. */
public final class SecretFields {
    /** How the names of such fields end, without capitals, dashes and underscores: {@code token_type} is none. */
    private static final List<String> ENDINGS = List.of(
            "token",
            "password",
            "passwd",
            "secret",
            "credential",
            "apikey",
            "accesskey",
            "privatekey",
            "authorization",
            "auth",
            "jwt",
            "cookie",
            "databaseurl",
            "secretsurl");

    /** Far more than an answer has; each is searched for in all that is shown from then on. */
    private static final int LIMIT = 1000;

    private SecretFields() {}

    /** Makes a secret of each text in a field whose name says that it is one, at any depth. */
    public static void learn(JsonNode json) {
        learn(json, false, 0);
    }

    private static int learn(JsonNode json, boolean secret, int found) {
        if (found >= LIMIT) return found;
        if (secret && json.isTextual() && !json.textValue().isEmpty()) {
            Secret.of(json.textValue());
            return found + 1;
        }
        int all = found;
        if (json.isArray()) for (JsonNode each : json) all = learn(each, secret, all);
        for (var field : json.properties()) all = learn(field.getValue(), secret || isSecret(field.getKey()), all);
        return all;
    }

    private static boolean isSecret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        String singular = plain.endsWith("s") ? plain.substring(0, plain.length() - 1) : plain;
        for (String ending : ENDINGS) if (singular.endsWith(ending)) return true;
        return false;
    }

    /**
     * The sentence without what could be a token that it repeats: long words with a digit or with small letters and capitals.
     *
     * @param known what may be repeated
     */
    public static String without(String sentence, String known) {
        // Of what bearer tokens are made of, and longer than words are. Source: RFC 6750, b64token.
        return Pattern.compile("[A-Za-z0-9._~+/=-]{20,}")
                .matcher(sentence)
                .replaceAll(word -> known.contains(word.group()) || !isMixed(word.group())
                        ? Matcher.quoteReplacement(word.group())
                        : "****");
    }

    private static boolean isMixed(String word) {
        boolean digit = word.chars().anyMatch(Character::isDigit);
        return digit || !word.equals(word.toLowerCase(Locale.ROOT)) && !word.equals(word.toUpperCase(Locale.ROOT));
    }
}
