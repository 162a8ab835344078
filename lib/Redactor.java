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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

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
    private final List<List<Needle>> byBeginning = new ArrayList<>();

    private Redactor(Set<Secret> secrets) {
        known = secrets.size();
        for (int first = 0; first < 256; first++) byBeginning.add(new ArrayList<>());
        for (Secret secret : secrets) {
            for (Needle needle : Needle.of(secret)) {
                for (byte[] form : needle.formsAt(0)) {
                    List<Needle> others = byBeginning.get(form[0] & 0xff);
                    if (!others.contains(needle)) others.add(needle);
                }
            }
        }
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

    /** @param whole whether nothing comes after it @return how much was handed on; the rest may begin a secret */
    private int mask(byte[] text, boolean whole, Optional<Secret> shown, ByteArrayOutputStream masked) {
        int copied = 0;
        int at = 0;
        while (at < text.length) {
            int end = at;
            boolean isShown = false;
            List<Needle> candidates = byBeginning.get(text[at] & 0xff);
            for (int i = 0; i < candidates.size(); i++) {
                Needle candidate = candidates.get(i);
                int its = candidate.end(text, at, whole);
                if (its == Needle.OPEN) {
                    masked.write(text, copied, at - copied);
                    return at;
                }
                if (its > end) {
                    end = its;
                    isShown = shown.isPresent() && shown.get().equals(candidate.secret);
                }
            }
            if (end > at && !isShown) {
                masked.write(text, copied, at - copied);
                masked.writeBytes(MASK);
                copied = end;
            }
            at = Math.max(end, at + 1);
        }
        masked.write(text, copied, text.length - copied);
        return text.length;
    }

    /** A secret, or its base64, as it is searched for in UTF-8: each character may stand there in any of several forms. */
    private static final class Needle {
        /** The text holds something else. */
        static final int NONE = -1;
        /** The text ends too early to tell. */
        static final int OPEN = -2;

        static final int SHORTEST = 6;

        /** So many characters of a longer secret count as the whole of it: a text may have been cut. */
        private static final int ENOUGH = 32;

        // Made once, and looked up: a server may send a secret of a million characters.
        private static final Map<Integer, byte[][]> FORMS = new ConcurrentHashMap<>();

        final Secret secret;
        private final String wanted;
        private final boolean base64;
        private final boolean ambiguous;

        private Needle(Secret secret, String wanted, boolean base64) {
            this.secret = secret;
            this.wanted = wanted;
            this.base64 = base64;
            ambiguous = wanted.indexOf('\\') >= 0 || wanted.indexOf('%') >= 0;
        }

        /** How the character at a place may be written. */
        byte[][] formsAt(int place) {
            int character = wanted.codePointAt(place);
            byte[][] known = FORMS.get(base64 ? ~character : character);
            if (known != null) return known;
            byte[][] forms = forms(character, base64);
            FORMS.put(base64 ? ~character : character, forms);
            return forms;
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
                    new Needle(secret, text(secret), false),
                    new Needle(secret, inBase64(bytes, 0), true),
                    new Needle(secret, inBase64(bytes, 1), true),
                    new Needle(secret, inBase64(bytes, 2), true));
        }

        /** What base64 makes of these bytes whatever comes after them, and before them so many, or three or six more. */
        private static String inBase64(byte[] bytes, int before) {
            byte[] shifted = new byte[before + bytes.length];
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            int start = (before * 8 + 5) / 6;
            int end = shifted.length * 8 / 6;
            return Base64.getEncoder().encodeToString(shifted).substring(start, end);
        }

        /**
         * How a character may be written: as it is; as a form writes a space and the base64 of URLs its two other letters;
         * then, in small letters, percent-encoded, and escaped as in JSON.
         */
        private static byte[][] forms(int character, boolean base64) {
            String plain = Character.toString(character);
            byte[] utf8 = plain.getBytes(StandardCharsets.UTF_8);
            StringBuilder escaped = new StringBuilder();
            for (char unit : plain.toCharArray())
                escaped.append("\\u").append(HexFormat.of().toHexDigits(unit));
            List<byte[]> forms = new ArrayList<>(List.of(utf8));
            String other = base64 ? "+-/_" : " +";
            int at = other.indexOf(character);
            if (at >= 0 && at % 2 == 0) forms.add(new byte[] {(byte) other.charAt(at + 1)});
            forms.add(HexFormat.of().withPrefix("%").formatHex(utf8).getBytes(StandardCharsets.UTF_8));
            forms.add(escaped.toString().getBytes(StandardCharsets.UTF_8));
            int letter = "\n\r\t\b\f".indexOf(character);
            if (letter >= 0) forms.add(new byte[] {'\\', (byte) "nrtbf".charAt(letter)});
            else if (character < 0x80 && !Character.isLetterOrDigit(character))
                forms.add(new byte[] {'\\', (byte) character});
            return forms.toArray(byte[][]::new);
        }

        /**
         * Where it ends in a text if it begins at a place: {@link #NONE} when it is not there, {@link #OPEN} when it may be, once
         * there is more of the text.
         *
         * @param whole whether there is no more
         */
        int end(byte[] text, int from, boolean whole) {
            int end = end(text, from, whole, false);
            return ambiguous && end != OPEN ? Math.max(end, end(text, from, whole, true)) : end;
        }

        /** @param escapedFirst whether a backslash or a percent sign is rather the beginning of an escape than itself */
        private int end(byte[] text, int from, boolean whole, boolean escapedFirst) {
            int at = from;
            for (int place = 0; place < wanted.length(); place = wanted.offsetByCodePoints(place, 1)) {
                int next = after(formsAt(place), text, at, whole, escapedFirst);
                if (next == OPEN) return OPEN;
                if (next == NONE) return place < ENOUGH ? NONE : at;
                at = next;
            }
            return at;
        }

        private static int after(byte[][] forms, byte[] text, int at, boolean whole, boolean escapedFirst) {
            if (at == text.length) return whole ? NONE : OPEN;
            int next = NONE;
            for (int i = 0; i < forms.length && next == NONE; i++) {
                byte[] form = forms[escapedFirst ? forms.length - 1 - i : i];
                if (form[0] == text[at]) next = after(form, text, at, whole);
            }
            return next;
        }

        private static int after(byte[] form, byte[] text, int from, boolean whole) {
            boolean escape = form.length > 1 && (form[0] == '%' || form[0] == '\\');
            int at = from;
            for (byte wanted : form) {
                if (at == text.length) return whole ? NONE : OPEN;
                char there = (char) text[at++];
                if ((escape ? Character.toLowerCase(there) : there) != (char) wanted) return NONE;
            }
            return at;
        }
    }

    /** One thread may close it while another writes. */
    private static final class RedactedStream extends FilterOutputStream {
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
            ByteArrayOutputStream masked = new ByteArrayOutputStream(text.length + MASK.length);
            int passed = current().mask(text, whole, Optional.empty(), masked);
            waiting = Arrays.copyOfRange(text, passed, text.length);
            masked.writeTo(out);
        }
    }
}
