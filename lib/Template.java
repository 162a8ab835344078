//FILES lib/templates/binary.Dockerfile=templates/binary.Dockerfile
//FILES lib/templates/callback.html=templates/callback.html
//FILES lib/templates/dockerignore=templates/dockerignore
//FILES lib/templates/gitignore=templates/gitignore
//FILES lib/templates/page.Dockerfile=templates/page.Dockerfile
//FILES lib/templates/profile.yaml=templates/profile.yaml
//FILES lib/templates/secrets.dockerignore=templates/secrets.dockerignore
package lib;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The texts that projects and browsers are given: files of {@code templates/}. */
public final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    private Template() {}

    /** Returns the text of a file, with these values in its places: <code>{{name}}</code>. */
    public static String of(String file, Map<String, String> values) {
        try (InputStream in = Template.class.getResourceAsStream("templates/" + file)) {
            if (in == null) throw new IllegalStateException("no such template: " + file);
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return PLACE.matcher(text).replaceAll(place -> Matcher.quoteReplacement(values.get(place.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
