package lib.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Redactor;
import lib.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiCredentialsTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    @TempDir
    Path folder;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void theVariableStandsInForTheFile() {
        ApiCredentials found = ApiCredentials.find(
                folder.resolve("none.json"),
                new Environment(Map.of("SYSTEMPROMPT_API_TOKEN", "a.b.c"), folder),
                warnings::add);
        assertEquals(ApiCredentials.PRODUCTION, found.apiUrl());
        assertEquals("a.b.c", found.apiToken().reveal());
    }

    @Test
    void aFileThatOthersCanReadIsWarnedOfWithTheCommandToType() throws IOException {
        Path file = Files.writeString(
                folder.resolve("credentials.json"),
                "{\"api_token\":\"a.b.c\",\"api_url\":\"https://api.example.com/\"}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        ApiCredentials found = ApiCredentials.find(file, new Environment(Map.of(), folder), warnings::add);
        assertEquals(URI.create("https://api.example.com"), found.apiUrl(), "without its slash at the end");
        assertTrue(warnings.get(0).contains("chmod 600 " + file), warnings.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        warnings.clear();
        ApiCredentials.find(file, new Environment(Map.of(), folder), warnings::add);
        assertEquals(List.of(), warnings);
    }

    @Test
    void whatStandsAroundATokenOrAnAddressIsNobodysFault() throws IOException {
        for (String around : List.of("\n", "\r\n", " ", "\t", "\ufeff", "\u00a0")) {
            ApiCredentials found = ApiCredentials.find(
                    folder.resolve("none.json"),
                    new Environment(
                            Map.of(
                                    "SYSTEMPROMPT_API_TOKEN", around + "a.b.c" + around,
                                    "SYSTEMPROMPT_API_URL", around + "https://api.example.com/" + around),
                            folder),
                    warnings::add);
            assertEquals("a.b.c", found.apiToken().reveal());
            assertEquals(URI.create("https://api.example.com"), found.apiUrl());
            assertEquals(
                    "a.b.c",
                    ApiCredentials.bearer(around + "a.b.c" + around, "stdin").reveal());
            Path file = Files.writeString(
                    folder.resolve("credentials.json"),
                    "\ufeff"
                            + Json.line(Json.object()
                                    .put("api_token", around + "a.b.c" + around)
                                    .put("api_url", around + "https://api.example.com" + around)));
            assertEquals(
                    found.apiToken().reveal(),
                    ApiCredentials.read(file).apiToken().reveal());
            assertEquals(found.apiUrl(), ApiCredentials.read(file).apiUrl());
        }
    }

    @Test
    void whatIsWrongInsideATokenIsNamedAndNotShown() {
        Map<String, String> faults = Map.of(
                "",
                "it is empty",
                "hush hush",
                "its character 5 is a blank",
                "hush\nhush",
                "its character 5 is a line break",
                "\"hushhush\"",
                "its character 1 is a quotation mark",
                "hush\u00e9",
                "its character 5 is one that no token has",
                "h".repeat(20_000),
                "it is longer than 16384 characters");
        faults.forEach((token, fault) -> {
            Failure failure = assertThrows(Failure.class, () -> ApiCredentials.bearer(token, "HERE"));
            assertEquals("HERE is no bearer token: " + fault, failure.getMessage());
        });
    }

    @Test
    void aTokenIsValidToItsLastSecondAndWarnedOfInItsLastTenMinutes() {
        assertFalse(expiring(NOW.plusSeconds(600)).expiresSoon(NOW));
        assertTrue(expiring(NOW.plusSeconds(599)).expiresSoon(NOW));
        expiring(NOW).requireUnexpired(NOW);
        Failure expired =
                assertThrows(Failure.class, () -> expiring(NOW.minusSeconds(1)).requireUnexpired(NOW));
        assertEquals("Token expired", expired.getMessage());
        assertEquals(ErrorCode.AUTH, expired.code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"opaque", "a.b", "a.b.c", "..", "a.!!.c", "a.bm8.c", "a.e30.c", "a.eyJleHAiOiJ4In0.c", "a.b.c.d"
            })
    void aTokenThatCannotBeReadCountsAsExpired(String token) {
        ApiCredentials credentials = new ApiCredentials(Secret.of(token), ApiCredentials.PRODUCTION, Optional.empty());
        assertThrows(Failure.class, () -> credentials.requireUnexpired(NOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com",
                "http://127.0.0.1.example.com",
                "ftp://x",
                "nonsense",
                "https://u:p@api.example.com",
                "https://",
                "http://localhost.example.com",
                "file:///etc/passwd",
                "https://api.example.com:99999",
                "http://127.0.0.1:0",
                "https://api.1example",
                "https://a.example.com/?x=1"
            })
    void onlyHttpsOrThisMachineIsSpokenTo(String url) {
        Failure failure = assertThrows(Failure.class, () -> ApiCredentials.url(url, "X"));
        assertEquals(ErrorCode.CONFIG, failure.code());
        assertFalse(failure.getMessage().contains("u:p"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com",
                "http://127.0.0.1:8080",
                "http://localhost:1",
                "http://[::1]:1",
                "http://127.255.0.9"
            })
    void httpsAndLoopbackAreFine(String url) {
        assertEquals(URI.create(url), ApiCredentials.url(url, "X"));
    }

    @Test
    void aTokenThatIsNoneIsMaskedAllTheSame() {
        Map<String, String> variables = Map.of("SYSTEMPROMPT_API_TOKEN", "almost a t0ken");
        Environment environment = new Environment(variables, folder);
        Failure failure = assertThrows(
                Failure.class, () -> ApiCredentials.find(folder.resolve("none.json"), environment, warnings::add));
        assertEquals("SYSTEMPROMPT_API_TOKEN is no bearer token: its character 7 is a blank", failure.getMessage());
        assertEquals("it was ****", Redactor.over("it was almost a t0ken"));
    }

    @Test
    void nothingThatIsPrintedHoldsTheToken() {
        ApiCredentials credentials = expiring(NOW);
        Environment environment = new Environment(Map.of("SYSTEMPROMPT_API_TOKEN", "hush"), folder);
        assertFalse((credentials + " " + environment)
                .contains(credentials.apiToken().reveal()));
        assertFalse(environment.toString().contains("hush"));
    }

    private static ApiCredentials expiring(Instant end) {
        String claims = "{\"exp\":" + end.getEpochSecond() + "}";
        String middle = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return new ApiCredentials(Secret.of("h." + middle + ".s"), ApiCredentials.PRODUCTION, Optional.empty());
    }
}
