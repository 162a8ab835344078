package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsFileTest {
    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void mapsTheNamesThatTheTenantKnows() throws IOException {
        Map<String, String> secrets = read("""
            {"gemini": "g", "anthropic": "a", "openai": "o", "github": "h", "oauth_at_rest_pepper": "p",
             "database_url": "d"}\
            """);
        assertEquals(
                Set.of(
                        "GEMINI_API_KEY",
                        "ANTHROPIC_API_KEY",
                        "OPENAI_API_KEY",
                        "GITHUB_TOKEN",
                        "OAUTH_AT_REST_PEPPER",
                        "DATABASE_URL"),
                secrets.keySet());
        assertEquals("h", secrets.get("GITHUB_TOKEN"));
    }

    @Test
    void aValueThatIsNoTextIsNotSentAndNamed() throws IOException {
        assertEquals(
                Set.of("A", "SYSTEMPROMPT_CUSTOM_SECRETS"),
                read("{\"a\": \"1\", \"port\": 5432, \"debug\": true, \"list\": [1], \"none\": null, \"empty\": \"\"}")
                        .keySet());
        assertEquals(3, warnings.size(), warnings.toString());
        for (String name : List.of("port", "debug", "list"))
            assertTrue(
                    warnings.stream()
                            .anyMatch(
                                    it -> it.startsWith("The secret '" + name + "' is not sent: its value is no text")),
                    warnings.toString());
        assertFalse(warnings.toString().contains("5432"), warnings.toString());
    }

    @Test
    void theInternalDatabaseWinsInEitherOrder() throws IOException {
        for (String text : List.of(
                "{\"database_url\": \"out\", \"internal_database_url\": \"in\"}",
                "{\"internal_database_url\": \"in\", \"database_url\": \"out\"}")) {
            Map<String, String> secrets = read(text);
            assertEquals(Set.of("DATABASE_URL"), secrets.keySet());
            assertEquals("in", secrets.get("DATABASE_URL"));
        }
        assertEquals(
                "out",
                read("{\"database_url\": \"out\", \"internal_database_url\": \"\"}")
                        .get("DATABASE_URL"));
    }

    @Test
    void onlyTextsThatAreNotEmptyAreSecrets() throws IOException {
        assertEquals(Map.of(), read("{\"a\": \"\", \"b\": 7, \"c\": null, \"d\": {\"e\": \"f\"}, \"g\": [\"h\"]}"));
    }

    @Test
    void whatThePlatformSetsItselfIsNotSentAndSaysSo() throws IOException {
        Map<String, String> secrets = read("{\"fly_app_name\": \"x\", \"Fly_Machine_Id\": \"y\", \"no-name\": \"z\"}");
        assertEquals(Map.of(), secrets);
        assertEquals(3, warnings.size());
        assertTrue(warnings.get(0).contains("FLY_APP_NAME"), warnings.toString());
    }

    @Test
    void otherNamesAreListedAsCustom() throws IOException {
        Map<String, String> secrets = read("{\"stripe\": \"s\", \"apple\": \"a\", \"openai\": \"o\"}");
        assertEquals(Set.of("STRIPE", "APPLE", "OPENAI_API_KEY", "SYSTEMPROMPT_CUSTOM_SECRETS"), secrets.keySet());
        assertEquals("APPLE,STRIPE", secrets.get("SYSTEMPROMPT_CUSTOM_SECRETS"));
    }

    @Test
    void theSigningKeyIsAddedUnlessTheFileHoldsOne() throws IOException {
        Files.writeString(folder.resolve("signing_key.pem"), "PEM\n");
        Map<String, String> added = read("{\"openai\": \"o\"}");
        String encoded = Base64.getEncoder().encodeToString("PEM\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(encoded, added.get("SIGNING_KEY_PEM"));
        assertFalse(added.containsKey("SYSTEMPROMPT_CUSTOM_SECRETS"));

        Map<String, String> own = read("{\"signing_key_pem\": \"mine\"}");
        assertEquals("mine", own.get("SIGNING_KEY_PEM"));
        assertEquals("SIGNING_KEY_PEM", own.get("SYSTEMPROMPT_CUSTOM_SECRETS"));
    }

    @Test
    void aBrokenFileIsNamedAndNeverQuoted() {
        Failure failure = assertThrows(Failure.class, () -> read("{\"openai\": \"sk-very-secret"));
        assertTrue(failure.getMessage().contains("secrets.json is not valid JSON (line 1)"), failure.getMessage());
        assertFalse(failure.getMessage().contains("sk-very"));
        assertEquals(78, failure.code().exitCode());
    }

    /** The values by their names, secret or not. */
    private Map<String, String> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("secrets.json"), text);
        SecretsFile.Variables read = new SecretsFile(file, folder.resolve("signing_key.pem"))
                .required()
                .read(warnings::add);
        assertTrue(
                Set.of("SYSTEMPROMPT_CUSTOM_SECRETS").containsAll(read.plain().keySet()), read.toString());
        Map<String, String> all = new HashMap<>(read.plain());
        read.secrets().forEach((name, secret) -> all.put(name, secret.reveal()));
        return all;
    }
}
