package lib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import lib.Network.EnvironmentProxy;
import org.junit.jupiter.api.Test;

/** Whoever says a secret, and in whatever form: it is masked in what is shown. */
class RedactorTest {
    /** Full of what encodings change. */
    private static final Secret HARD = Secret.of("q\\\"1%/+=& é€😀\n<k3nnt>%41\\u0041'$");

    private static final Secret PLAIN = Secret.of("Zw1sch3n-d3n-Z31l3n");

    @Test
    void isMaskedAsItIsAndInJsonUrlsFormsAndShells() throws Exception {
        for (Secret secret : List.of(HARD, PLAIN)) {
            String value = secret.reveal();
            String json = Json.line(Json.object().textNode(value));
            String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
            List<String> forms = List.of(
                    value,
                    json.substring(1, json.length() - 1),
                    // As Go, PHP and Python write it.
                    json.substring(1, json.length() - 1)
                            .replace("<", "\\u003c")
                            .replace(">", "\\u003E")
                            .replace("&", "\\u0026"),
                    json.substring(1, json.length() - 1).replace("/", "\\/"),
                    ascii(json.substring(1, json.length() - 1)),
                    form,
                    form.replace("+", "%20"),
                    lowerCaseHex(form),
                    everyByte(value));
            for (String each : forms) {
                assertEquals("before **** after", Redactor.over("before " + each + " after"), each);
                assertEquals("(****)", Redactor.over("(" + each + ")"), each);
            }
        }
    }

    @Test
    void isMaskedInBase64WhateverStandsAroundIt() {
        for (Secret secret : List.of(HARD, PLAIN, Secret.of("k1rz3r"))) {
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                for (String before : List.of("", "u", "us", "use", "user:", "x:y:")) {
                    for (String after : List.of("", "!", "@h", "@ho")) {
                        String encoded = encoder.encodeToString(
                                (before + secret.reveal() + after).getBytes(StandardCharsets.UTF_8));
                        String masked = Redactor.over("Basic " + encoded);
                        assertTrue(masked.matches("Basic .{0,8}\\*{4}.{0,8}"), before + after + ": " + masked);
                        String inUrl = URLEncoder.encode(encoded, StandardCharsets.UTF_8);
                        assertTrue(Redactor.over(inUrl).contains("****"), inUrl);
                    }
                }
            }
        }
    }

    @Test
    void whatIsTooShortToBeToldFromAWordIsLeftAlone() {
        Secret.of("horse");
        assertEquals("a horse and aG9yc2U=", Redactor.over("a horse and aG9yc2U="));
    }

    @Test
    void whatHoldsNoSecretStaysAsItIs() {
        for (String text : List.of("", "50% of \\ and é€😀 + \\u12 \\", "Zw1sch3n-d3n", "%", "Basic dXNlcjo="))
            assertEquals(text, Redactor.over(text));
    }

    @Test
    void aLongOneIsMaskedEvenWhereItIsCutOff() {
        String token = "tok_" + "0123456789abcdefghij".repeat(5);
        Secret.of(token);
        assertEquals("got ****, and", Redactor.over("got " + token.substring(0, 40) + ", and"));
        assertEquals("got ****… ", Redactor.over("got " + token.substring(0, 99) + "… "));
        assertFalse(Printable.of("x".repeat(470) + token).contains("tok_0123456789"));
    }

    @Test
    void theLongestCountsWhereOneIsPartOfAnother() {
        Secret.of("innermost");
        Secret.of("innermost-outer");
        assertEquals("**** ****", Redactor.over("innermost-outer innermost"));
    }

    @Test
    void theOneThatIsShownOnPurposeStaysAndOthersDoNot() {
        Secret shown = Secret.of("sh0wn-" + HARD.reveal());
        String text = shown.reveal() + " " + PLAIN.reveal() + " " + HARD.reveal();
        assertEquals(shown.reveal() + " **** ****", Redactor.over(text, Optional.of(shown)));
        assertEquals("**** **** ****", Redactor.over(text));
    }

    @Test
    void theProxysPasswordIsKnownByItself() {
        new EnvironmentProxy(Map.of("https_proxy", "http://user:pr0xy%40word@proxy.example.com:3128"))
                .authorization(URI.create("https://api.example.com"))
                .orElseThrow();
        assertEquals("**** **** user:****", Redactor.over("pr0xy@word pr0xy%40word user:pr0xy@word"));
    }

    @Test
    void jsonStaysTheSameJson() {
        Secret.of("message");
        Secret.of("\",\"hint\":\"");
        ObjectNode error = Json.object().put("message", "no " + HARD.reveal()).put("exit_code", 70);
        JsonNode masked = Redactor.over(Json.object().set("error", error), Optional.empty());
        assertEquals("{\"error\":{\"message\":\"no ****\",\"exit_code\":70}}", Json.line(masked));
        JsonNode list =
                Json.object().putArray("a").add(PLAIN.reveal()).addNull().add(true);
        assertEquals("[\"****\",null,true]", Json.line(Redactor.over(list, Optional.empty())));
    }

    @Test
    void itIsFoundWhereverAStreamIsCutInTwo() throws IOException {
        String text = "\rone " + PLAIN.reveal() + "\rtwo\n" + HARD.reveal() + "% ü\n";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at <= bytes.length; at++) {
            ByteArrayOutputStream masked = new ByteArrayOutputStream();
            try (OutputStream stream = Redactor.over(masked)) {
                stream.write(bytes, 0, at);
                stream.write(bytes, at, bytes.length - at);
            }
            assertEquals("\rone ****\rtwo\n****% ü\n", masked.toString(StandardCharsets.UTF_8), "cut at " + at);
        }
    }

    @Test
    void noByteOfAStreamIsLostOrReordered() throws IOException {
        Random random = new Random(7);
        byte[] bytes = new byte[200_000];
        random.nextBytes(bytes);
        // Beginnings of secrets that come to nothing, the last of them at the very end.
        byte[] beginning = Arrays.copyOf(PLAIN.reveal().getBytes(StandardCharsets.UTF_8), 12);
        for (int at = 0; at + beginning.length <= bytes.length; at += 997)
            System.arraycopy(beginning, 0, bytes, at, beginning.length);
        System.arraycopy(beginning, 0, bytes, bytes.length - beginning.length, beginning.length);
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        try (OutputStream stream = Redactor.over(passed)) {
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(1 + random.nextInt(50), bytes.length - at);
                stream.write(bytes, at, count);
                at += count;
            }
        }
        assertArrayEquals(bytes, passed.toByteArray());
    }

    @Test
    void progressGoesOnWithoutWaitingForTheEnd() throws IOException {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        OutputStream stream = Redactor.over(passed);
        List<Integer> seen = new ArrayList<>();
        for (String piece : List.of("\rlayer 1 of 2·", "\rlayer 2 of 2·", "\n")) {
            stream.write(piece.getBytes(StandardCharsets.UTF_8));
            seen.add(passed.size());
        }
        // No secret of any test begins with that dot, of two bytes.
        assertEquals(List.of(15, 30, 31), seen);
    }

    @Test
    void aHostileTextCostsNoMoreThanAnyOther() {
        Secret.of("a".repeat(65_535) + "b");
        Secret.of("%".repeat(65_535) + "b");
        for (String text : List.of("a", "%", "%25", "\\u0061", "YWFh")) {
            String long_ = text.repeat((1 << 20) / text.length());
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Printable.of(long_), text);
        }
    }

    private static String ascii(String json) {
        StringBuilder text = new StringBuilder();
        for (char each : json.toCharArray()) text.append(each < 128 ? "" + each : String.format("\\u%04x", (int) each));
        return text.toString();
    }

    private static String lowerCaseHex(String encoded) {
        StringBuilder text = new StringBuilder(encoded);
        for (int at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1))
            text.replace(at, at + 3, text.substring(at, at + 3).toLowerCase());
        return text.toString();
    }

    private static String everyByte(String value) {
        StringBuilder text = new StringBuilder();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) text.append(String.format("%%%02X", each));
        return text.toString();
    }
}
