//SOURCES Json.java
//SOURCES Needle.java
//SOURCES RedactedStream.java
//SOURCES Secret.java
package lib;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Masks the secrets of this process in whatever is shown. It knows each from the moment it is made, and finds it as it is,
 * escaped as in JSON, encoded as in a URL or a form, and in base64, whatever stands around it there.
 *
 * <p>What is shorter than {@value Needle#SHORTEST} characters cannot be told from ordinary words, and is not searched for.
 */
public final class Redactor {
    private static final byte[] MASK = {'*', '*', '*', '*'};

    // To note a secret costs a start nothing: how it is searched for is worked out when there is a text to search.
    private static final Set<Secret> SECRETS = ConcurrentHashMap.newKeySet();
    private static volatile Redactor current = new Redactor(Set.of());

    private final int known;
    private final Needle[] needles;
    private final AtomicReferenceArray<Needle[]> byBeginning = new AtomicReferenceArray<>(256);

    private Redactor(Set<Secret> secrets) {
        known = secrets.size();
        List<Needle> all = new ArrayList<>();
        for (Secret secret : secrets) all.addAll(Needle.of(secret));
        needles = all.toArray(new Needle[0]);
    }

    /** What can begin with a byte; found out when a text first holds it. */
    private Needle[] beginningWith(byte first) {
        Needle[] known = byBeginning.get(first & 0xff);
        if (known != null) return known;
        List<Needle> found = new ArrayList<>();
        for (Needle needle : needles) if (needle.beginsWith(first)) found.add(needle);
        byBeginning.set(first & 0xff, found.toArray(new Needle[0]));
        return byBeginning.get(first & 0xff);
    }

    /** From now on this is masked. */
    static void know(Secret secret) {
        if (Needle.isLongEnough(secret)) SECRETS.add(secret);
    }

    private static Redactor current() {
        Redactor latest = current;
        if (latest.known == SECRETS.size()) return latest;
        synchronized (SECRETS) {
            if (current.known != SECRETS.size()) current = new Redactor(Set.copyOf(SECRETS));
            return current;
        }
    }

    /** The text without any secret. */
    public static String over(String text) {
        return over(text, Optional.empty());
    }

    /** The text without any secret but the one that is shown on purpose. */
    public static String over(String text, Optional<Secret> shown) {
        Redactor redactor = current();
        if (redactor.known == 0) return text;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream masked = new ByteArrayOutputStream(bytes.length + MASK.length);
        redactor.mask(bytes, true, shown, masked);
        return masked.toString(StandardCharsets.UTF_8);
    }

    /** The same tree, its texts without any secret but the one that is shown on purpose. The names of fields are ours. */
    public static JsonNode over(JsonNode json, Optional<Secret> shown) {
        if (json.isTextual()) return TextNode.valueOf(over(json.textValue(), shown));
        if (json instanceof ObjectNode object) {
            ObjectNode masked = Json.object();
            for (var field : object.properties()) masked.set(field.getKey(), over(field.getValue(), shown));
            return masked;
        }
        if (!json.isArray()) return json;
        ArrayNode masked = Json.object().arrayNode();
        for (JsonNode each : json) masked.add(over(each, shown));
        return masked;
    }

    /**
     * A stream that hands on what is written to it without any secret, also one that comes in pieces: what may be the
     * beginning of one waits for what comes next, or for the end.
     */
    public static OutputStream over(OutputStream out) {
        return new RedactedStream(out);
    }

    /** The same for bytes that may not be all. @return how many of them were handed on; the rest may begin a secret */
    static int over(byte[] bytes, boolean whole, ByteArrayOutputStream masked) {
        return current().mask(bytes, whole, Optional.empty(), masked);
    }

    private int mask(byte[] text, boolean whole, Optional<Secret> shown, ByteArrayOutputStream masked) {
        int length = text.length;
        int copied = 0;
        int at = 0;
        while (at < length) {
            int end = at;
            boolean isShown = false;
            for (Needle candidate : beginningWith(text[at])) {
                int its = candidate.end(text, at, length, whole);
                if (its == Needle.OPEN) {
                    masked.write(text, copied, at - copied);
                    return at;
                }
                if (its > end) {
                    end = its;
                    isShown = candidate.isOf(shown);
                }
            }
            if (end > at && !isShown) {
                masked.write(text, copied, at - copied);
                masked.writeBytes(MASK);
                copied = end;
            }
            at = Math.max(end, at + 1);
        }
        masked.write(text, copied, length - copied);
        return length;
    }
}
