package lib.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Authority;

/** How a registry wants to be authorized. Source: RFC 9110 section 11; distribution, token authentication. */
sealed interface Challenge {
    /** User name and password with each request. */
    record Basic() implements Challenge {}

    /** A token from the realm with each request. */
    record Bearer(URI realm, Optional<String> service) implements Challenge {}

    Pattern SCHEME = Pattern.compile("\\s*([A-Za-z]+)(?:\\s+(.*))?", Pattern.DOTALL);
    Pattern PARAMETER = Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");

    /** The first challenge that we can answer, a bearer one before a basic one. */
    static Optional<Challenge> in(List<String> headers) {
        Optional<Challenge> basic = Optional.empty();
        for (String header : headers) {
            Matcher scheme = SCHEME.matcher(header);
            if (!scheme.matches()) continue;
            String name = scheme.group(1).toLowerCase(Locale.ROOT);
            if (name.equals("basic")) basic = Optional.of(new Basic());
            Optional<Challenge> bearer = name.equals("bearer") ? bearer(scheme.group(2)) : Optional.empty();
            if (bearer.isPresent()) return bearer;
        }
        return basic;
    }

    private static Optional<Challenge> bearer(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text == null ? "" : text);
        while (matcher.find()) {
            String quoted = matcher.group(2);
            String value = quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            parameters.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
        }
        try {
            URI realm = new URI(parameters.getOrDefault("realm", ""));
            if (!Authority.isUsable(realm)) return Optional.empty();
            return Optional.of(new Bearer(realm, Optional.ofNullable(parameters.get("service"))));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
