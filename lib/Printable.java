//SOURCES Redactor.java
package lib;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text from outside (a server, an engine, a file) made fit for a terminal and a log. */
public final class Printable {
    /** Characters that are kept of one text. */
    public static final int LIMIT = 500;

    private Printable() {}

    /**
     * The text without secrets, control and format characters, its white space folded, cut at {@value #LIMIT} characters.
     * Secrets go first: what is cut or folded would not be known for one any more.
     */
    public static String of(String text) {
        if (text == null) return "";
        String masked = Redactor.over(text);
        String window = masked.substring(0, Math.min(masked.length(), 8 * LIMIT));
        String clean = window.replaceAll("\\e\\[[0-?]*[ -/]*[@-~]", "")
                .replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\s]+", " ")
                .strip();
        return clean.length() <= LIMIT ? clean : clean.substring(0, LIMIT - 1) + "…";
    }

    /** Returns the text without the white space and the unseen marks around it, which nobody means who writes a value. */
    public static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) from++;
        while (from < to && isBlank(text.charAt(to - 1))) to--;
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.getType(c) == Character.FORMAT;
    }

    /** The text as it is compared: without case, format characters and outer white space, in composed letters. */
    public static String folded(String text) {
        String clean = text.replaceAll("\\p{Cf}", "")
                .replaceAll("[\\s\\p{Z}]+", " ")
                .strip()
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(clean, Normalizer.Form.NFC);
    }

    /**
     * A page where an API's answer was expected, as proxies, firewalls and portals send it. Nothing of it is quoted but its
     * title.
     *
     * @param title empty where it has none
     */
    public record WebPage(String title) {
        private static final int TITLE_LIMIT = 100;

        /** A page may stand behind words of a proxy, or in a field of JSON. */
        private static final Pattern MARKUP =
                Pattern.compile("(?i)^\\ufeff?\\s*<|<(?:!doctype|html|(?:head|body|title)\\b)");

        /** @return empty when the body is no page */
        public static Optional<WebPage> in(String body) {
            return MARKUP.matcher(body).find() ? Optional.of(new WebPage(title(body))) : Optional.empty();
        }

        private static String title(String body) {
            int tag = body.toLowerCase(Locale.ROOT).indexOf("<title");
            int start = body.indexOf('>', tag) + 1;
            int end = body.indexOf('<', start);
            if (tag < 0 || start == 0 || end < 0) return "";
            String title = Printable.of(body.substring(start, end)
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&#39;", "'")
                    .replace("&amp;", "&"));
            return title.length() <= TITLE_LIMIT ? title : title.substring(0, TITLE_LIMIT) + "…";
        }

        /** Where it comes from, in words, and what it calls itself. */
        public String titled(String expected) {
            return "from something before " + expected + (title.isEmpty() ? "" : ": '" + title + "'");
        }
    }
}
