package secrecy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import lib.Secret;

/**
 * A secret of one test, and how it is recognized in whatever form it was written.
 *
 * @param core a part of it that only letters and digits make: URL encoding, JSON and shell quotes leave it as it is
 */
record Canary(String name, String value, String core) {

    /** A password full of what encodings change. bcrypt takes 72 bytes of it. */
    static Canary password() {
        return random("the registry password");
    }

    /** A value of {@code secrets.json}, as full of what encodings change. */
    static Canary ofTheTenant(String key) {
        return random("the tenant's secret " + key);
    }

    private static Canary random(String name) {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        String core = "c4nary" + HexFormat.of().formatHex(bytes);
        return new Canary(name, "+/=%&'\"\\$" + core + "~ <>?", core);
    }

    /** One that somebody else made, of a short word and what is random. */
    static Canary password(Secret secret) {
        return new Canary(
                "the registry password", secret.reveal(), secret.reveal().substring(4));
    }

    /** A JSON Web Token: its claims are what no other token has. */
    static Canary token(String jwt) {
        return new Canary("the API token", jwt, jwt.split("\\.")[1]);
    }

    /** The form of this secret that the bytes hold, in words. */
    Optional<String> in(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return forms().stream()
                .filter(form -> text.contains(form.text()))
                .map(form -> name + " " + form.name())
                .findFirst();
    }

    Optional<String> in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    private record Form(String name, String text) {}

    private List<Form> forms() {
        List<Form> forms = new ArrayList<>(List.of(
                new Form("in plain or URL-encoded", core),
                new Form("in hexadecimal", HexFormat.of().formatHex(core.getBytes(StandardCharsets.ISO_8859_1)))));
        for (int before = 0; before < 3; before++) {
            String encoded = alignedBase64(before);
            forms.add(new Form("in base64", encoded));
            forms.add(new Form("in base64url", encoded.replace('+', '-').replace('/', '_')));
        }
        return forms;
    }

    // What stands before and after the secret changes the characters at its ends, so these are left out.
    private String alignedBase64(int bytesBefore) {
        String encoded = Base64.getEncoder()
                .encodeToString((" ".repeat(bytesBefore) + core).getBytes(StandardCharsets.ISO_8859_1));
        int start = (bytesBefore * 8 + 5) / 6;
        int end = (bytesBefore + core.length()) * 8 / 6;
        return encoded.substring(start, end);
    }

    @Override
    public String toString() {
        return name;
    }
}
