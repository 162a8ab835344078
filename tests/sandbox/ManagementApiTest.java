package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import lib.Json;
import lib.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ManagementApiTest {
    private static final String TENANT = "/api/v1/tenants/ten_demo";

    private Cloud cloud = Cloud.start();

    @AfterEach
    void end() {
        cloud.close();
    }

    private void start(Generation generation) {
        cloud.close();
        cloud = Cloud.builder().generation(generation).start();
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhoTheOperatorIsAndWhatHeHas(Generation generation) throws Exception {
        start(generation);
        Caller operator = Caller.of(cloud.apiUrl()).bearer(cloud.operatorToken().reveal());
        JsonNode me = operator.get("/api/v1/auth/me").json();
        assertEquals("dev@example.com", me.path("user").path("email").asText());
        assertEquals("sp-demo", me.path("tenants").path(0).path("app_id").asText());
        JsonNode tenants = operator.get("/api/v1/tenants").json().path("data");
        assertEquals("ten_demo", tenants.path(0).path("id").asText());
    }

    @ParameterizedTest
    @EnumSource
    void refusesAMissingOrWrongBearer(Generation generation) throws Exception {
        start(generation);
        Caller nobody = Caller.of(cloud.apiUrl());
        for (String path : new String[] {"/api/v1/auth/me", "/api/v1/tenants", TENANT + "/status"}) {
            assertEquals(401, nobody.get(path).status(), path);
            assertEquals(401, nobody.bearer("wrong").get(path).status(), path);
        }
    }

    @Test
    void givesTheOperatorATokenWhoseEndCanBeRead() throws Exception {
        String[] parts = cloud.operatorToken().reveal().split("\\.");
        assertEquals(3, parts.length);
        JsonNode claims = Json.parse(new String(Base64.getUrlDecoder().decode(parts[1])));
        assertTrue(claims.path("exp").asLong() > System.currentTimeMillis() / 1000);
    }

    @Test
    void refusesAnExpiredOperatorToken() throws Exception {
        String expired = cloud.operatorToken(Duration.ofMinutes(-1)).reveal();
        assertEquals(
                401,
                Caller.of(cloud.apiUrl()).bearer(expired).get("/api/v1/auth/me").status());
    }

    @Test
    void refusesEveryoneOnceOperatorTokensAreRevoked() throws Exception {
        Caller operator = Caller.tenant(cloud);
        cloud.revokeOperatorTokens();
        assertEquals(401, operator.get("/api/v1/auth/me").status());
    }

    @ParameterizedTest
    @EnumSource
    void doesNotKnowOtherTenants(Generation generation) throws Exception {
        start(generation);
        Caller.Answer answer = Caller.tenant(cloud).get("/api/v1/tenants/ten_other/registry-token");
        assertEquals(404, answer.status());
        assertEquals("Tenant not found", answer.error());
    }

    @Test
    void handsOutAPasswordAndNoRepositoryInGeneration1() throws Exception {
        JsonNode data =
                Caller.tenant(cloud).get(TENANT + "/registry-token").json().path("data");
        assertEquals(cloud.registryHost(), data.path("registry").asText());
        assertEquals("x", data.path("username").asText());
        assertEquals(
                cloud.credentials().get(0).password().reveal(),
                data.path("password").asText());
        assertEquals(3, data.size());
    }

    @Test
    void handsOutATokenWithRepositoryAndTagInGeneration2() throws Exception {
        start(Generation.G2);
        JsonNode data =
                Caller.tenant(cloud).get(TENANT + "/registry-token").json().path("data");
        assertEquals("sp-demo", data.path("repository").asText());
        assertTrue(data.path("tag").asText().matches("deployment-[0-9A-Z]{26}"), data.path("tag")::asText);
        assertEquals(
                cloud.credentials().get(0).password().reveal(),
                data.path("token").asText());
        assertFalse(data.has("password"));
    }

    @Test
    void handsOutAnotherTokenEachTimeAndCounts() throws Exception {
        Caller tenant = Caller.tenant(cloud);
        tenant.get(TENANT + "/registry-token");
        tenant.get(TENANT + "/registry-token");
        assertEquals(2, cloud.count("GET", "registry-token"));
        assertNotEquals(
                cloud.credentials().get(0).password(),
                cloud.credentials().get(1).password());
    }

    @Test
    void saysWhenNothingIsProvisioned() throws Exception {
        cloud.put(cloud.tenant("ten_demo").orElseThrow().unprovisioned());
        Caller tenant = Caller.tenant(cloud);
        assertEquals(
                "No cloud infrastructure provisioned",
                tenant.get(TENANT + "/registry-token").error());
        assertEquals(
                "provisioning",
                tenant.get(TENANT + "/status")
                        .json()
                        .path("data")
                        .path("status")
                        .asText());
    }

    @ParameterizedTest
    @EnumSource
    void givesTheDatabaseSecretsOnce(Generation generation) throws Exception {
        start(generation);
        Caller tenant = Caller.tenant(cloud);
        String url = tenant.get(TENANT + "/status")
                .json()
                .path("data")
                .path("secrets_url")
                .asText();
        assertTrue(url.startsWith(cloud.apiUrl() + "/"), url);
        assertTrue(tenant.get(url).json().path("database_url").asText().startsWith("postgres://"));
        assertEquals(404, tenant.get(url).status());
        assertFalse(tenant.get(TENANT + "/status").json().path("data").has("secrets_url"));
        String ticket = url.substring(url.lastIndexOf('/') + 1);
        assertTrue(cloud.calls().stream().noneMatch(call -> call.path().contains(ticket)));
    }

    @Test
    void keepsTheSecretsThatATenantIsSent() throws Exception {
        Caller.Answer answer = Caller.tenant(cloud)
                .send("PUT", TENANT + "/secrets", BodyPublishers.ofString("{\"secrets\":{\"API_KEY\":\"k1\"}}"));
        assertEquals(204, answer.status());
        assertEquals(Map.of("API_KEY", Secret.of("k1")), cloud.secrets("ten_demo"));
    }
}
