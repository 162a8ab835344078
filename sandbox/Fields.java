package sandbox;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Named values as HTTP has them: headers, a query, a form. Names compare without case and may come more than once. */
record Fields(List<Field> all) {
    record Field(String name, String value) {}

    Fields {
        all = List.copyOf(all);
    }

    static Fields none() {
        return new Fields(List.of());
    }

    /** Reads {@code a=b&c=d}, percent-encoded. */
    static Fields ofForm(String text) {
        List<Field> fields = new ArrayList<>();
        for (String pair : text.split("&")) {
            if (pair.isEmpty()) continue;
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            fields.add(new Field(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1))));
        }
        return new Fields(fields);
    }

    /** The text without its percent-encoding; as it is where that is broken. */
    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    Optional<String> first(String name) {
        return values(name).stream().findFirst();
    }

    List<String> values(String name) {
        return all.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    Fields with(String name, String value) {
        List<Field> more = new ArrayList<>(all);
        more.add(new Field(name, value));
        return new Fields(more);
    }
}
