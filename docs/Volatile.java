package docs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What differs from run to run, replaced by what it is: two runs that did the same then read the same. */
public final class Volatile {
    private static final Map<String, String> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put("127\\.0\\.0\\.1:[0-9]+", "127.0.0.1:PORT");
        WORDS.put("sha256:[0-9a-f]{12,64}", "DIGEST");
        WORDS.put("\\b[0-9a-f]{12}\\b", "LAYER");
        WORDS.put("deployment-[0-9A-Z]{26}", "TAG");
        WORDS.put("deploy-[0-9]{9,}-[0-9a-z]+(-dirty)?", "TAG");
        WORDS.put("[0-9]+(\\.[0-9]+)? ?[kMG]?B\\b", "SIZE");
        WORDS.put("size: [0-9]+", "size: SIZE");
        WORDS.put("[0-9]+\\.[0-9] ?s\\b", "TIME");
        WORDS.put("[0-9]+ min [0-9]+ s\\b|\\b[0-9]+ s\\b", "TIME");
        WORDS.put("[0-9]{2}:[0-9]{2}:[0-9]{2}", "CLOCK");
        WORDS.put("(/[^ /]+)*/(tmp|T)/[^ ]+", "FOLDER");
        WORDS.put("=> CACHED ", "=> "); // whether an engine has built it before
        WORDS.put("  +", "  ");
    }

    private Volatile() {}

    public static String plain(String line) {
        String plain = line;
        for (Map.Entry<String, String> word : WORDS.entrySet()) {
            plain = plain.replaceAll(word.getKey(), word.getValue());
        }
        return plain.stripTrailing();
    }

    /** The lines that are ours, which no version of Docker changes: stages, where the time went, the result. */
    public static List<String> ours(List<String> lines) {
        return lines.stream()
                .map(Volatile::plain)
                .filter(line -> line.matches("[✓⚠✗$] .*|  +→ .*|  [a-z]+ +TIME|https?://.*"))
                .toList();
    }
}
