//SOURCES ../Environment.java
package lib.project;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Environment;

/** {@code ${NAME}} and {@code ${NAME:-default}}; an empty variable counts as unset, and an unset one stays as it is. */
final class Substitution {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}\\n]*))?}");

    /** What stands for a name in braces: braces themselves would mean something to YAML. */
    private static final String OPEN = "\ue000";

    private static final String CLOSE = "\ue001";

    private Substitution() {}

    /** The text with the variables' values; one that holds a secret of ours counts as unset. */
    static String in(String text, Environment environment) {
        return replaced(text, environment, name -> environment.variable(name).orElseThrow());
    }

    /** The same text with the variables' names, for {@link #shown}. */
    static String named(String text, Environment environment) {
        return replaced(text, environment, name -> OPEN + name + CLOSE);
    }

    /** A value of the text with names, as messages may show it. */
    static String shown(String value) {
        return value.replace(OPEN, "${").replace(CLOSE, "}");
    }

    private static String replaced(String text, Environment environment, UnaryOperator<String> replacement) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            boolean known = !Environment.SECRETS.contains(name)
                    && environment.variable(name).isPresent();
            String otherwise = Optional.ofNullable(found.group(2)).orElse(found.group());
            return Matcher.quoteReplacement(known ? replacement.apply(name) : otherwise);
        });
    }
}
