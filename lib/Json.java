package lib;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** JSON read leniently, by the names of its fields: unknown ones are skipped and several spellings are accepted. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /** @throws JsonProcessingException with the line and column of what is wrong, and no excerpt of the text */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The tree of plain maps, lists and scalars, as a YAML reader makes them. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** One line. */
    public static String line(JsonNode node) {
        return node.toString();
    }

    /** Indented, with a newline at its end, as files are written. */
    public static String pretty(JsonNode node) {
        return node.toPrettyString() + "\n";
    }

    /** The first of these fields that holds a non-empty string. */
    public static Optional<String> text(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.path(name);
            if (value.isTextual() && !value.textValue().isEmpty()) return Optional.of(value.textValue());
        }
        return Optional.empty();
    }
}
