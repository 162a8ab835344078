//FILES sandbox/pages/app.html=pages/app.html
//FILES sandbox/pages/card.css=pages/card.css
//FILES sandbox/pages/console.css=pages/console.css
//FILES sandbox/pages/console.html=pages/console.html
//FILES sandbox/pages/console.js=pages/console.js
//FILES sandbox/pages/no-app.html=pages/no-app.html
//FILES sandbox/pages/sign-in.html=pages/sign-in.html
//FILES sandbox/pages/style.css=pages/style.css
//SOURCES Response.java
package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTML pages, which no one else may frame or keep, and which load nothing from anywhere. */
final class Page {
    private static final String POLICY =
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'";

    /** The name of a value, or of another file of the folder. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([\\w.-]+)}}");

    private Page() {}

    /** Returns the page that a template of {@code pages/} becomes with these values, each of them as text. */
    static Response of(int status, String template, Map<String, String> values) {
        return of(status, template, values, "");
    }

    /** @param policy what the page may do besides, as directives of a content security policy */
    static Response of(int status, String template, Map<String, String> values, String policy) {
        byte[] html = filled(template, values).getBytes(StandardCharsets.UTF_8);
        return Response.of(status, "text/html; charset=utf-8", html)
                .with("Content-Security-Policy", POLICY + policy)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "same-origin")
                .with("X-Content-Type-Options", "nosniff");
    }

    private static String filled(String file, Map<String, String> values) {
        return PLACEHOLDER.matcher(read(file)).replaceAll(found -> {
            Optional<String> value = Optional.ofNullable(values.get(found.group(1)));
            return Matcher.quoteReplacement(value.map(Page::escaped).orElseGet(() -> read(found.group(1))));
        });
    }

    private static String read(String file) {
        try (InputStream in = Page.class.getResourceAsStream("pages/" + file)) {
            if (in == null) throw new IllegalStateException("no such page: " + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
