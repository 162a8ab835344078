//DEPS com.fasterxml.jackson.core:jackson-databind:2.21.3
package lib;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * JSON read leniently, by the names of its fields: unknown ones are skipped and several spellings are accepted.
 *
 * <p>Trees are read and written here, since an {@code ObjectMapper} costs each start 60 ms: it makes itself ready for
 * dates, and so loads a calendar and the locales.
 */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** As deep as the parser lets JSON be. Source: Jackson's {@code StreamReadConstraints}. */
    private static final int DEPTH_LIMIT = 1000;

    /** Of one text: what is read here describes an image or a tenant in some hundred, and a tree takes 100 bytes each. */
    private static final int VALUE_LIMIT = 100_000;

    /** How the sentence of an error is called, or what holds it; the most telling first. */
    private static final List<String> SENTENCES = List.of(
            "message",
            "Message",
            "error_description",
            "detail",
            "details",
            "msg",
            "reason",
            "faultstring",
            "error",
            "errors",
            "fault",
            "title");

    private Json() {}

    /**
     * The first value of the text; a missing node where there is none.
     *
     * @throws JsonProcessingException with the line and column of what is wrong, and no excerpt of the text
     */
    public static JsonNode parse(String text) throws JsonProcessingException {
        return parse(text, false);
    }

    /** The only value of the text: of a file that goes on behind it, something would be lost. */
    public static JsonNode document(String text) throws JsonProcessingException {
        return parse(text, true);
    }

    private static JsonNode parse(String text, boolean alone) throws JsonProcessingException {
        // A mark of the byte order, which says nothing in UTF-8 but stands there.
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        try (JsonParser parser = FACTORY.createParser(plain)) {
            if (parser.nextToken() == null) return NODES.missingNode();
            JsonNode value = value(parser, new int[] {VALUE_LIMIT});
            if (alone && parser.nextToken() != null) throw new JsonParseException(parser, "more than one value");
            return value;
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param left how many values may still be read */
    private static JsonNode value(JsonParser parser, int[] left) throws IOException {
        if (left[0]-- == 0) throw new JsonParseException(parser, "more than " + VALUE_LIMIT + " values");
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = object();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.set(name, value(parser, left));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) array.add(value(parser, left));
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_NUMBER_INT ->
                switch (parser.getNumberType()) {
                    case INT -> NODES.numberNode(parser.getIntValue());
                    case LONG -> NODES.numberNode(parser.getLongValue());
                    default -> NODES.numberNode(parser.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    /**
     * The tree of plain maps, lists and scalars, as a YAML reader makes them. What is neither text nor truth stays as
     * the reader made it.
     *
     * @throws IllegalArgumentException when it is nested too deeply, holds too much (which takes few characters where one
     *     value names another several times), or has a null for a key
     */
    public static JsonNode tree(Object value) {
        return tree(value, 0, new int[] {VALUE_LIMIT});
    }

    /** @param left how many values may still follow */
    private static JsonNode tree(Object value, int depth, int[] left) {
        if (depth > DEPTH_LIMIT) throw new IllegalArgumentException("nested too deeply");
        if (left[0]-- == 0) throw new IllegalArgumentException("more than " + VALUE_LIMIT + " values");
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = object();
            map.forEach((key, each) -> {
                if (key == null) throw new IllegalArgumentException("a key is null");
                object.set(key.toString(), tree(each, depth + 1, left));
            });
            return object;
        }
        if (value instanceof Collection<?> list) {
            ArrayNode array = NODES.arrayNode();
            list.forEach(each -> array.add(tree(each, depth + 1, left)));
            return array;
        }
        if (value == null) return NODES.nullNode();
        if (value instanceof String text) return NODES.textNode(text);
        return value instanceof Boolean truth ? NODES.booleanNode(truth) : NODES.pojoNode(value);
    }

    /** One line. */
    public static String line(JsonNode node) {
        return written(node, new MinimalPrettyPrinter());
    }

    /** Indented, with a newline at its end, as files are written. */
    public static String pretty(JsonNode node) {
        return written(node, new DefaultPrettyPrinter()) + "\n";
    }

    private static String written(JsonNode node, PrettyPrinter printer) {
        StringWriter text = new StringWriter();
        try (JsonParser tokens = node.traverse();
                JsonGenerator generator = FACTORY.createGenerator(text)) {
            generator.setPrettyPrinter(printer);
            tokens.nextToken();
            generator.copyCurrentStructure(tokens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** The sentence of an error, in whatever envelope a server, its framework or a proxy puts it; nothing else is quoted. */
    public static Optional<String> sentence(JsonNode error) {
        if (error.isArray()) return first(error, each -> each.isTextual() ? Optional.empty() : sentence(each));
        if (!error.isObject()) return Optional.empty();
        return first(SENTENCES, name -> {
            JsonNode value = error.path(name);
            return value.isArray() ? first(value, Json::worded) : worded(value);
        });
    }

    private static Optional<String> worded(JsonNode value) {
        return value.isTextual() ? Optional.of(value.textValue()).filter(text -> !text.isBlank()) : sentence(value);
    }

    private static <T> Optional<String> first(Iterable<T> all, Function<T, Optional<String>> wording) {
        for (T each : all) {
            Optional<String> found = wording.apply(each);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
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
