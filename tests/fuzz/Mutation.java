package fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What happens to bytes on their way, and what somebody who means harm makes of them. */
public final class Mutation {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<JsonNode> ODD = List.of(
            NODES.nullNode(),
            NODES.booleanNode(true),
            NODES.numberNode(-1),
            NODES.numberNode(Long.MAX_VALUE),
            NODES.numberNode(new BigInteger("9".repeat(40))),
            NODES.numberNode(0.5),
            NODES.textNode(""),
            NODES.textNode("../../etc/passwd"),
            NODES.textNode("a\u0000b\u001b[31m"),
            NODES.textNode("x".repeat(100_000)),
            NODES.arrayNode(),
            NODES.objectNode());

    private Mutation() {}

    /** Returns the bytes with a few places changed, cut out, doubled or cut off. */
    public static byte[] of(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int i = random.nextInt(4); i >= 0 && mutated.length > 0; i--) mutated = once(mutated, random);
        return mutated;
    }

    private static byte[] once(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        int size = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(11)));
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> Arrays.fill(bytes, at, at + size, (byte) random.nextInt(256));
            case 2 -> bytes[at] = (byte) "0179-/.\"{}[]: \0\u007f".charAt(random.nextInt(16));
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + size, bytes.length));
            }
            default -> {
                return joined(Arrays.copyOf(bytes, at + size), Arrays.copyOfRange(bytes, at, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] start, byte[] end) {
        byte[] both = Arrays.copyOf(start, start.length + end.length);
        System.arraycopy(end, 0, both, start.length, end.length);
        return both;
    }

    /** Returns the tree with some values exchanged for odd ones, or for others of its own. */
    public static JsonNode of(JsonNode json, Random random) {
        JsonNode mutated = json.deepCopy();
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<JsonNode> values = new ArrayList<>(ODD);
            List<Consumer<JsonNode>> places = new ArrayList<>();
            collect(mutated, values, places);
            if (places.isEmpty()) return mutated;
            places.get(random.nextInt(places.size()))
                    .accept(values.get(random.nextInt(values.size())).deepCopy());
        }
        return mutated;
    }

    private static void collect(JsonNode node, List<JsonNode> values, List<Consumer<JsonNode>> places) {
        values.add(node);
        if (node instanceof ObjectNode object)
            for (String name : (Iterable<String>) object::fieldNames) {
                places.add(value -> object.set(name, value));
                collect(object.get(name), values, places);
            }
        if (node instanceof ArrayNode array)
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                places.add(value -> array.set(index, value));
                places.add(array::add);
                collect(array.get(i), values, places);
            }
    }
}
