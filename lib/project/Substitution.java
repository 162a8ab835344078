//SOURCES Environment.java
package lib.project;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ${NAME}} and {@code ${NAME:-default}}; an empty variable counts as unset, and an unset one stays as it is. */
final class Substitution {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}\\n]*))?}");

    private Substitution() {}

    static String in(String text, Environment environment) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(environment
                        .variable(found.group(1))
                        .orElse(found.group(2) != null ? found.group(2) : found.group())));
    }
}
