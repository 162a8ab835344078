package lib;

import java.util.Locale;
import java.util.Optional;

/** A page where an API's answer was expected, as proxies, firewalls and portals send it. Nothing of it is quoted but its title. */
public final class WebPage {
    private static final int TITLE_LIMIT = 100;

    private WebPage() {}

    /** Says where the page comes from and what it is called. @return empty when the body is no page */
    public static Optional<String> in(String body, String expected) {
        if (!body.replace("\ufeff", "").stripLeading().startsWith("<")) return Optional.empty();
        String title = title(body);
        return Optional.of("from something before " + expected + (title.isEmpty() ? "" : ": '" + title + "'"));
    }

    private static String title(String body) {
        String page = body.toLowerCase(Locale.ROOT);
        int start = page.indexOf('>', Math.max(0, page.indexOf("<title"))) + 1;
        int end = page.indexOf('<', start);
        if (!page.contains("<title") || end < 0) return "";
        String title = Printable.of(body.substring(start, end)
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&"));
        return title.length() <= TITLE_LIMIT ? title : title.substring(0, TITLE_LIMIT) + "…";
    }
}
