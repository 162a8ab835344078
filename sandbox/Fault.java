//SOURCES Registry.java
package sandbox;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes wrong with some requests: {@code METHOD TARGET ACTION [xN]}.
 *
 * <ul>
 *   <li>METHOD is an HTTP method, or {@code *} for any.
 *   <li>TARGET is the last word of a path ({@code registry-token}, {@code deploy}, {@code status}, {@code me}); or a
 *       {@linkplain Registry.Kind kind of endpoint} of the registry: {@code ping}, {@code uploads} (where one starts),
 *       {@code upload} (one that runs), {@code blob} (those two, and the blob itself), {@code manifest}, {@code tags};
 *       or a whole path that begins with {@code /}, with its query if it has a {@code ?}, in which {@code *} stands for
 *       any characters.
 *   <li>ACTION is one of the {@linkplain Action actions} below.
 *   <li>{@code xN} is how often, {@code x*} for ever; once without it.
 * </ul>
 *
 * <p>Examples: {@code GET registry-token 503 x2}, {@code POST deploy cut}, {@code PUT blob 500},
 * {@code HEAD manifest slow=2000 x*}, {@code * /v2/ reset}, {@code POST uploads 403=may pull but not push}.
 *
 * @param times empty for ever
 */
public record Fault(String method, String target, Action action, OptionalInt times) {
    private static final Pattern GRAMMAR =
            Pattern.compile("([A-Z]+|\\*) +(\\S+) +(.+?)(?: +x([1-9][0-9]{0,5}|\\*))?", Pattern.DOTALL);
    private static final Pattern RESPONSE = Pattern.compile(
            "(early )?([1-5][0-9]{2})(?:=(.*?)|:(.*?))?((?: [a-z][a-z-]*=(?:'[^']*'|[^' ]\\S*))*)", Pattern.DOTALL);
    private static final Pattern HEADER = Pattern.compile(" ([a-z-]+)=(?:'([^']*)'|(\\S+))");
    private static final Pattern NUMBER = Pattern.compile("(slow|reset)=([0-9]{1,9})");

    /** What happens to a request. Its text form is the one that {@link #parse} reads. */
    public sealed interface Action permits Trick, Answer, Slow, Reset {}

    /** The actions that take no value. */
    enum Trick implements Action {
        /** The request takes effect, and then the connection ends without a response. */
        CUT,
        /** The request takes effect, and half of the response arrives. */
        TRUNCATE,
        /** Nothing is read of the request and nothing answered; the connection stays. */
        STALL,
        /** 200 with a page, as from a captive portal. */
        HTML,
        /** 200 with nothing in it. */
        EMPTY,
        /** 200 that claims to be JSON and is bytes. */
        GARBAGE,
        /** 200 with JSON of 256 MiB. */
        HUGE,
        /** 400 with an error message full of terminal control codes. */
        ANSI;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Another response: {@code 503}, {@code 503=SENTENCE} in the error envelope of the server that answers, or
     * {@code 200:CONTENT} as it is; with headers, {@code 429 retry-after=2}, whose values may stand in single quotes.
     * {@code redirect=URL} is short for {@code 307 location=URL}.
     *
     * @param early it comes before the request's body is read
     */
    record Answer(
            boolean early, int status, Optional<String> sentence, Optional<String> content, Map<String, String> headers)
            implements Action {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(early ? "early " : "").append(status);
            sentence.ifPresent(words -> text.append('=').append(words));
            content.ifPresent(raw -> text.append(':').append(raw));
            headers.forEach((name, value) ->
                    text.append(' ').append(name).append('=').append(value.contains(" ") ? "'" + value + "'" : value));
            return text.toString();
        }
    }

    /** {@code slow=MILLISECONDS}: the true response, late. */
    record Slow(int milliseconds) implements Action {
        @Override
        public String toString() {
            return "slow=" + milliseconds;
        }
    }

    /** {@code reset}: nothing happens but a TCP reset; {@code reset=BYTES}, once so many bytes of the body have come. */
    record Reset(int bytes) implements Action {
        @Override
        public String toString() {
            return bytes == 0 ? "reset" : "reset=" + bytes;
        }
    }

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
        return new Fault(words.group(1), words.group(2), action(words.group(3)), times);
    }

    private static Action action(String text) {
        for (Trick trick : Trick.values()) if (trick.toString().equals(text)) return trick;
        if (text.equals("reset")) return new Reset(0);
        Matcher number = NUMBER.matcher(text);
        if (number.matches()) {
            int value = Integer.parseInt(number.group(2));
            return number.group(1).equals("slow") ? new Slow(value) : new Reset(value);
        }
        Matcher response = RESPONSE.matcher(text.replaceFirst("^redirect=(?=\\S+$)", "307 location="));
        if (response.matches()) return answer(response);
        throw new IllegalArgumentException("not an action: '" + text + "'; use a status (503, '503=a sentence', "
                + "'200:a body', '503 retry-after=1'), slow=MILLISECONDS, redirect=URL, reset[=BYTES], cut, truncate, "
                + "stall, html, empty, garbage, huge or ansi");
    }

    private static Answer answer(Matcher response) {
        Map<String, String> headers = new LinkedHashMap<>();
        Matcher header = HEADER.matcher(response.group(5));
        while (header.find()) {
            headers.put(header.group(1), header.group(2) == null ? header.group(3) : header.group(2));
        }
        return new Answer(
                response.group(1) != null,
                Integer.parseInt(response.group(2)),
                Optional.ofNullable(response.group(3)),
                Optional.ofNullable(response.group(4)),
                headers);
    }

    /** @param place the path of a request, with its query if it has one */
    boolean hits(String requestMethod, String place) {
        return (method.equals("*") || method.equals(requestMethod)) && aims(target, place);
    }

    /** Whether a target is what a path stands for. */
    static boolean aims(String target, String place) {
        String path = place.replaceFirst("\\?.*", "");
        if (!target.startsWith("/")) {
            return path.endsWith("/" + target)
                    || Registry.Endpoint.parse(path)
                            .filter(endpoint -> endpoint.kind().isCalled(target))
                            .isPresent();
        }
        String[] literals = target.split("\\*", -1);
        StringBuilder regex = new StringBuilder(Pattern.quote(literals[0]));
        for (int i = 1; i < literals.length; i++) regex.append(".*").append(Pattern.quote(literals[i]));
        return (target.contains("?") ? place : path).matches(regex.toString());
    }

    /** Returns what is left of the fault once it has struck. */
    Fault struck() {
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
