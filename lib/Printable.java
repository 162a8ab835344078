//SOURCES Redactor.java
package lib;

import java.text.Normalizer;
import java.util.Locale;

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

    /** The text as it is compared: without case, format characters and outer white space, in composed letters. */
    public static String folded(String text) {
        String clean = text.replaceAll("\\p{Cf}", "")
                .replaceAll("[\\s\\p{Z}]+", " ")
                .strip()
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        return Normalizer.normalize(clean, Normalizer.Form.NFC);
    }
}
