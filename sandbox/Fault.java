package sandbox;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bad weather for some requests: {@code METHOD TARGET ACTION [xN]}.
 *
 * <ul>
 *   <li>METHOD is an HTTP method, or {@code *} for any.
 *   <li>TARGET is the last word of a path ({@code registry-token}, {@code deploy}, {@code status}, {@code me}); or what
 *       a registry calls the thing: {@code ping}, {@code uploads} (where one starts), {@code upload} (one that runs),
 *       {@code blob} (those two, and the blob itself), {@code manifest}, {@code tags}; or a whole path that begins
 *       with {@code /}, in which {@code *} stands for any characters.
 *   <li>ACTION is a {@link FaultAction}: {@code 503}, {@code 503=Registry service not available},
 *       {@code 429 retry-after=2}, {@code slow=1500}, {@code redirect=http://127.0.0.1:1/}, {@code reset}, {@code cut},
 *       {@code truncate}, {@code html}, {@code empty}, {@code garbage}, {@code huge}, {@code ansi}.
 *   <li>{@code xN} is how often, {@code x*} for ever; once without it.
 * </ul>
 *
 * <p>Examples: {@code GET registry-token 503 x2}, {@code POST deploy cut}, {@code PUT blob 500},
 * {@code HEAD manifest slow=2000 x*}, {@code * /v2/ reset}.
 *
 * @param times empty for ever
 */
public record Fault(String method, String target, FaultAction action, OptionalInt times) {
    private static final Pattern GRAMMAR = Pattern.compile("([A-Z]+|\\*) +(\\S+) +(.+?)(?: +x([1-9][0-9]{0,5}|\\*))?");

    /** @throws IllegalArgumentException with a sentence that says what is wrong and shows an example */
    public static Fault parse(String text) {
        Matcher words = GRAMMAR.matcher(text.strip());
        if (!words.matches()) {
            throw new IllegalArgumentException("not a fault: '" + text + "'; write METHOD TARGET ACTION [xN], "
                    + "for example 'GET registry-token 503 x2'");
        }
        String count = words.group(4);
        OptionalInt times = count == null
                ? OptionalInt.of(1)
                : count.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(count));
        return new Fault(words.group(1), words.group(2), FaultAction.parse(words.group(3)), times);
    }

    boolean hits(String requestMethod, String path) {
        return (method.equals("*") || method.equals(requestMethod)) && aimsAt(path);
    }

    private boolean aimsAt(String path) {
        if (!target.startsWith("/")) {
            return path.endsWith("/" + target)
                    || Registry.Endpoint.parse(path)
                            .filter(endpoint -> endpoint.kind().isCalled(target))
                            .isPresent();
        }
        String[] literals = target.split("\\*", -1);
        StringBuilder regex = new StringBuilder(Pattern.quote(literals[0]));
        for (int i = 1; i < literals.length; i++) regex.append(".*").append(Pattern.quote(literals[i]));
        return path.matches(regex.toString());
    }

    Fault once() {
        return times.isEmpty() ? this : new Fault(method, target, action, OptionalInt.of(times.getAsInt() - 1));
    }

    boolean isSpent() {
        return times.isPresent() && times.getAsInt() <= 0;
    }

    @Override
    public String toString() {
        String count = times.isEmpty() ? " x*" : times.getAsInt() == 1 ? "" : " x" + times.getAsInt();
        return method + " " + target + " " + action + count;
    }
}
