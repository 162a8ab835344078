package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "\"\"",
                "-1",
                "2147483648",
                "123456789012345678901234567890",
                "1.5",
                "1e400",
                "{\"a\":{\"b\":[1,[],{},null,false,\"\\u00e9\\n\\\"\"]},\"c\":\"d\"}",
                "{\"a\":1,\"a\":2}",
                "  [1]  and what follows",
                ""
            })
    void readsAndWritesAsJacksonsOwnMapperDoes(String text) throws JsonProcessingException {
        JsonNode expected = MAPPER.readTree(text);

        JsonNode read = Json.parse(text);

        assertEquals(expected, read);
        if (expected.isMissingNode()) return;
        assertEquals(MAPPER.writeValueAsString(expected), Json.line(read));
        assertEquals(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(expected) + "\n", Json.pretty(read));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1", "{\"a\"", "{\"a\":", "nul", "{'a':1}", "[1,]", "\"secret", "01"})
    void refusesWhatIsNoJsonWithItsPlace(String text) {
        JsonProcessingException refused = assertThrows(JsonProcessingException.class, () -> Json.parse(text));

        assertEquals(1, refused.getLocation().getLineNr());
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        assertThrows(JsonProcessingException.class, () -> Json.parse("[".repeat(100_000)));
    }

    @Test
    void makesATreeOfPlainValues() {
        Map<Object, Object> plain = Map.of("list", List.of(1, "two", true), 3, Map.of("four", 4.5));

        JsonNode tree = Json.tree(plain);

        assertEquals(1, tree.path("list").path(0).asInt());
        assertFalse(tree.path("list").path(0).isTextual());
        assertEquals("two", tree.path("list").path(1).textValue());
        assertTrue(tree.path("list").path(2).booleanValue());
        assertEquals("4.5", tree.path("3").path("four").asText());
        assertTrue(Json.tree(null).isNull());
    }

    @Test
    void refusesANullForAKey() {
        Map<Object, Object> plain = new HashMap<>();
        plain.put(null, "value");

        assertThrows(IllegalArgumentException.class, () -> MAPPER.valueToTree(plain));
        assertThrows(IllegalArgumentException.class, () -> Json.tree(plain));
    }

    @Test
    void refusesWhatContainsItself() {
        List<Object> itself = new ArrayList<>();
        itself.add(itself);

        assertThrows(IllegalArgumentException.class, () -> Json.tree(itself));
    }

    /** A value takes 100 bytes of memory, and its text three. */
    @Test
    void refusesMoreValuesThanMemoryIsFor() throws JsonProcessingException {
        assertEquals(99_999, Json.parse("[" + "{},".repeat(99_998) + "{}]").size());
        assertThrows(JsonProcessingException.class, () -> Json.parse("[" + "{},".repeat(99_999) + "{}]"));
    }

    @Test
    void aMarkOfTheByteOrderIsNoPartOfIt() throws Exception {
        assertEquals("b", Json.parse("\ufeff{\"a\": \"b\"}").path("a").asText());
    }

    /** As FastAPI, Rails, Spring, ASP.NET, Laravel, JSON:API, GraphQL, Apigee, AWS, Cloudflare and RFC 9457 put it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"detail\": \"it is so\"}",
                "{\"detail\": [{\"loc\": [\"body\", \"x\"], \"msg\": \"it is so\", \"type\": \"missing\"}]}",
                "{\"errors\": [\"it is so\", \"and so\"]}",
                "{\"timestamp\": \"2026\", \"status\": 400, \"error\": \"Bad Request\", \"message\": \"it is so\"}",
                "{\"type\": \"about:blank\", \"title\": \"it is so\", \"errors\": {\"Name\": [\"required\"]}}",
                "{\"title\": \"Bad\", \"detail\": \"it is so\", \"status\": 400}",
                "{\"errors\": [{\"title\": \"Invalid\", \"detail\": \"it is so\"}]}",
                "{\"errors\": [{\"message\": \"it is so\"}], \"data\": null}",
                "{\"fault\": {\"faultstring\": \"it is so\", \"detail\": {\"errorcode\": \"x\"}}}",
                "{\"Message\": \"it is so\"}",
                "{\"success\": false, \"errors\": [{\"code\": 1, \"message\": \"it is so\"}], \"messages\": []}",
                "{\"error\": {\"error\": {\"reason\": \"it is so\"}}}",
                "[{\"message\": \"\"}, {\"message\": \"it is so\"}]"
            })
    void theSentenceOfAnErrorIsKnownInEveryEnvelope(String body) throws Exception {
        assertEquals(Optional.of("it is so"), Json.sentence(Json.parse(body)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "\"a\"",
                "[\"a\"]",
                "{\"x\": \"a\"}",
                "{\"message\": 1}",
                "{\"errors\": {\"x\": \"a\"}}",
                "7",
                ""
            })
    void whatHasNoSuchNameIsNoSentence(String body) throws Exception {
        assertEquals(Optional.empty(), Json.sentence(Json.parse(body)));
    }
}
