package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenExchangeTest {
    private static final String TENANT = "/api/v1/tenants/ten_demo";

    private final Cloud cloud = Cloud.builder().generation(Generation.G2).start();

    @AfterEach
    void end() {
        cloud.close();
    }

    @Test
    void opensTenantCallsForExchangedTokensAloneInGeneration2() throws Exception {
        Caller direct = Caller.of(cloud.apiUrl()).bearer(cloud.operatorToken().reveal());
        assertEquals(401, direct.get(TENANT + "/registry-token").status());
        Caller exchanged = Caller.tenant(cloud);
        assertEquals(200, exchanged.get(TENANT + "/registry-token").status());
        assertEquals(401, exchanged.get("/api/v1/auth/me").status());
        cloud.revokeExchangedTokens();
        assertEquals(401, exchanged.get(TENANT + "/registry-token").status());
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type, password, 400, unsupported_grant_type",
        "client_id, other, 401, invalid_client",
        "resource, http://elsewhere.example, 400, invalid_target",
        "subject_token_type, urn:other, 400, invalid_request",
        "subject_token, stolen, 401, invalid_grant",
    })
    void refusesAnExchangeAsOAuthDoes(String field, String value, int status, String error) throws Exception {
        Map<String, String> form = new TreeMap<>(Map.of(
                "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token", cloud.operatorToken().reveal(),
                "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
                "resource", cloud.apiUrl(),
                "client_id", "sp_web"));
        form.put(field, value);
        String[] pairs = form.entrySet().stream()
                .flatMap(pair -> Stream.of(pair.getKey(), pair.getValue()))
                .toArray(String[]::new);
        Caller.Answer answer = Caller.of(cloud.apiUrl()).form("/api/v1/core/oauth/token", pairs);
        assertEquals(status, answer.status());
        assertEquals(error, answer.json().path("error").asText());
    }

    @Test
    void isNotThereInGeneration1() throws Exception {
        try (Cloud old = Cloud.start()) {
            assertEquals(404, Caller.exchange(old, old.operatorToken().reveal()).status());
        }
    }
}
