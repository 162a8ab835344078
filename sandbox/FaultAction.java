package sandbox;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link Fault} does to a request. Its text form is the one that {@link Fault#parse} reads. */
public sealed interface FaultAction
        permits FaultAction.Trick, FaultAction.Status, FaultAction.Slow, FaultAction.Redirect {

    /** The actions that take no value. */
    enum Trick implements FaultAction {
        /** The connection is reset before anything happens. */
        RESET,
        /** The request takes effect, and then the connection ends without an answer. */
        CUT,
        /** The request takes effect, and half of the answer arrives. */
        TRUNCATE,
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
     * A bare status; with a message, in the error envelope of the server that answers.
     *
     * @param retryAfter in seconds
     */
    record Status(int code, Optional<String> message, OptionalInt retryAfter) implements FaultAction {
        @Override
        public String toString() {
            String wait = retryAfter.isPresent() ? " retry-after=" + retryAfter.getAsInt() : "";
            return code + message.map(text -> "=" + text).orElse("") + wait;
        }
    }

    /** The true answer, late. */
    record Slow(int milliseconds) implements FaultAction {
        @Override
        public String toString() {
            return "slow=" + milliseconds;
        }
    }

    /** 307 to a URL. */
    record Redirect(String url) implements FaultAction {
        @Override
        public String toString() {
            return "redirect=" + url;
        }
    }

    /** @throws IllegalArgumentException with a sentence that names every action */
    static FaultAction parse(String text) {
        Matcher status = Pattern.compile("([1-5][0-9]{2})(?:=(.*?))?(?: retry-after=([0-9]{1,6}))?")
                .matcher(text);
        if (status.matches()) {
            OptionalInt wait =
                    status.group(3) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(status.group(3)));
            return new Status(Integer.parseInt(status.group(1)), Optional.ofNullable(status.group(2)), wait);
        }
        Matcher slow = Pattern.compile("slow=([0-9]{1,7})").matcher(text);
        if (slow.matches()) return new Slow(Integer.parseInt(slow.group(1)));
        if (text.matches("redirect=\\S+")) return new Redirect(text.substring("redirect=".length()));
        for (Trick trick : Trick.values()) if (trick.toString().equals(text)) return trick;
        throw new IllegalArgumentException("not an action: '" + text + "'; use a status (503, '503=a sentence', "
                + "'503 retry-after=1'), slow=MILLISECONDS, redirect=URL, reset, cut, truncate, html, empty, garbage, "
                + "huge or ansi");
    }
}
