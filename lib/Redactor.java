//SOURCES Json.java
//SOURCES Secret.java
package lib;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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

    /**
     * A secret, or its base64, as it is searched for in UTF-8: each character may stand there as it is, percent-encoded as in
     * a URL or a form, or escaped as in JSON.
     */
    static final class Needle {
        /** The text holds something else. */
        static final int NONE = -1;
        /** The text ends too early to tell. */
        static final int OPEN = -2;

        static final int SHORTEST = 6;

        /** So many characters of a longer secret count as the whole of it: a text may have been cut. */
        private static final int ENOUGH = 32;

        private final Secret secret;
        private final byte[] wanted;
        private final boolean base64;
        private final boolean ambiguous;

        private Needle(Secret secret, byte[] wanted, boolean base64) {
            this.secret = secret;
            this.wanted = wanted;
            this.base64 = base64;
            this.ambiguous =
                    secret.reveal().indexOf('\\') >= 0 || secret.reveal().indexOf('%') >= 0;
        }

        /** Whether a secret can be told from an ordinary word. */
        static boolean isLongEnough(Secret secret) {
            String text = text(secret);
            return text.codePointCount(0, text.length()) >= SHORTEST;
        }

        // White space around it may get lost where it is quoted.
        private static String text(Secret secret) {
            return secret.reveal().strip();
        }

        /** All that is searched for on account of one secret. */
        static List<Needle> of(Secret secret) {
            byte[] bytes = text(secret).getBytes(StandardCharsets.UTF_8);
            return List.of(
                    new Needle(secret, bytes, false),
                    new Needle(secret, inBase64(bytes, 0), true),
                    new Needle(secret, inBase64(bytes, 1), true),
                    new Needle(secret, inBase64(bytes, 2), true));
        }

        /** What base64 makes of these bytes whatever comes after them, and before them so many, or three or six more. */
        private static byte[] inBase64(byte[] bytes, int before) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            byte[] encoded = Base64.getEncoder().encode(shifted);
            int start = (before * 8 + 5) / 6;
            int end = shifted.length * 8 / 6;
            return Arrays.copyOfRange(encoded, start, end);
        }

        boolean isOf(Optional<Secret> other) {
            return other.isPresent() && other.get().equals(secret);
        }

        /** Whether it can begin with this byte. */
        boolean beginsWith(byte first) {
            return isSame(first, wanted[0]) || first == '%' || first == '\\';
        }

        /**
         * Where it ends in a text of this length if it begins at a place: {@link #NONE} when it is not there, {@link #OPEN} when
         * it may be, once there is more of the text.
         *
         * @param whole whether there is no more
         */
        int end(byte[] text, int from, int length, boolean whole) {
            int end = end(text, from, length, whole, false);
            return ambiguous && end != OPEN ? Math.max(end, end(text, from, length, whole, true)) : end;
        }

        private int end(byte[] text, int from, int length, boolean whole, boolean escaped) {
            int at = from;
            int count = 0;
            for (int i = 0; i < wanted.length; count++) {
                int size = sizeOfCharacter(wanted[i]);
                int next = afterCharacter(text, at, length, i, size, escaped);
                if (next == OPEN && !whole) return OPEN;
                if (next < 0) return count < ENOUGH ? NONE : at;
                at = next;
                i += size;
            }
            return at;
        }

        private static int sizeOfCharacter(byte first) {
            return first >= 0 ? 1 : (first & 0xe0) == 0xc0 ? 2 : (first & 0xf0) == 0xe0 ? 3 : 4;
        }

        private int afterCharacter(byte[] text, int at, int length, int i, int size, boolean escapedFirst) {
            if (at == length) return OPEN;
            boolean escapes = text[at] == '%' || text[at] == '\\';
            int plain = escapes && escapedFirst ? NONE : afterPlain(text, at, length, i, size);
            if (!escapes || plain != NONE) return plain;
            int escaped = text[at] == '%'
                    ? afterPercents(text, at, length, i, size)
                    : afterBackslash(text, at, length, i, size);
            return escaped != NONE || !escapedFirst ? escaped : afterPlain(text, at, length, i, size);
        }

        private int afterPlain(byte[] text, int at, int length, int i, int size) {
            for (int k = 0; k < size; k++) {
                if (at + k == length) return OPEN;
                if (!isSame(text[at + k], wanted[i + k])) return NONE;
            }
            return at + size;
        }

        // A form writes a space as a plus; the base64 of URLs has two letters of its own.
        private boolean isSame(byte there, byte wanted) {
            return there == wanted
                    || there == '+' && wanted == ' '
                    || base64 && (there == '-' && wanted == '+' || there == '_' && wanted == '/');
        }

        private int afterPercents(byte[] text, int at, int length, int i, int size) {
            for (int k = 0; k < size; k++) {
                int percent = at + 3 * k;
                if (percent == length) return OPEN;
                if (text[percent] != '%') return NONE;
                int after = afterHex(text, percent + 1, length, wanted[i + k] & 0xff, 2);
                if (after < 0) return after;
            }
            return at + 3 * size;
        }

        private int afterBackslash(byte[] text, int at, int length, int i, int size) {
            if (at + 1 == length) return OPEN;
            if (text[at + 1] != 'u') return size == 1 && text[at + 1] == escaped(wanted[i]) ? at + 2 : NONE;
            int next = at;
            for (char unit : new String(wanted, i, size, StandardCharsets.UTF_8).toCharArray()) {
                for (char letter : new char[] {'\\', 'u'}) {
                    if (next == length) return OPEN;
                    if (text[next++] != letter) return NONE;
                }
                next = afterHex(text, next, length, unit, 4);
                if (next < 0) return next;
            }
            return next;
        }

        /** What stands after the backslash; of a letter or digit nothing that could. */
        private static int escaped(byte wanted) {
            return switch (wanted) {
                case '\n' -> 'n';
                case '\r' -> 'r';
                case '\t' -> 't';
                case '\b' -> 'b';
                case '\f' -> 'f';
                default -> Character.isLetterOrDigit(wanted) ? NONE : wanted;
            };
        }

        private static int afterHex(byte[] text, int at, int length, int value, int digits) {
            for (int k = 0; k < digits; k++) {
                if (at + k == length) return OPEN;
                int digit = Character.digit(text[at + k], 16);
                if (digit != (value >> 4 * (digits - 1 - k) & 0xf)) return NONE;
            }
            return at + digits;
        }
    }

    /** The stream of {@link Redactor#over(OutputStream)}, which one thread may close while another writes. */
    static final class RedactedStream extends FilterOutputStream {
        private byte[] waiting = new byte[0];

        RedactedStream(OutputStream out) {
            super(out);
        }

        @Override
        public synchronized void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int count) throws IOException {
            byte[] text = Arrays.copyOf(waiting, waiting.length + count);
            System.arraycopy(bytes, from, text, waiting.length, count);
            pass(text, false);
        }

        /** Hands on what waited, too: nothing comes after it. */
        @Override
        public synchronized void close() throws IOException {
            pass(waiting, true);
            super.close();
        }

        private void pass(byte[] text, boolean whole) throws IOException {
            ByteArrayOutputStream masked = new ByteArrayOutputStream(text.length + 16);
            int passed = Redactor.over(text, whole, masked);
            waiting = Arrays.copyOfRange(text, passed, text.length);
            masked.writeTo(out);
        }
    }
}
