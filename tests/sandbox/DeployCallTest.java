package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import lib.ImageReference;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeployCallTest {
    private static final String TENANT = "/api/v1/tenants/ten_demo";

    private final MovingClock clock = new MovingClock();
    private final Cloud cloud = Cloud.builder().clock(clock).start();

    @AfterEach
    void end() {
        cloud.close();
    }

    private Caller.Answer deploy(String image) throws Exception {
        return Caller.tenant(cloud).post(TENANT + "/deploy", "{\"image\":\"" + image + "\"}");
    }

    private String name(String tag) {
        return cloud.registryHost() + "/sp-demo:" + tag;
    }

    private JsonNode status() throws Exception {
        return Caller.tenant(cloud).get(TENANT + "/status").json().path("data");
    }

    @Test
    void refusesAnImageItsRegistryDoesNotHold() throws Exception {
        Caller.Answer answer = deploy(name("v1"));
        assertEquals(422, answer.status());
        assertEquals("The registry does not hold the image " + name("v1"), answer.error());
        assertTrue(cloud.deployments().isEmpty());
    }

    @Test
    void refusesAnImageFromElsewhere() throws Exception {
        assertTrue(deploy("registry.example.com/sp-demo:v1").error().contains("must be in the registry"));
        assertTrue(deploy("sp-demo:v1").error().contains("must be in the registry"));
        assertTrue(deploy(cloud.registryHost() + "/other:v1").error().contains("this tenant's repository sp-demo"));
        assertEquals(422, deploy("--privileged").status());
    }

    @Test
    void refusesABodyThatNamesNoImage() throws Exception {
        for (String body : new String[] {"", "{", "{}", "[]", "{\"image\":7}"}) {
            assertEquals(
                    400, Caller.tenant(cloud).post(TENANT + "/deploy", body).status(), body);
        }
    }

    @Test
    void deploysAndThenRuns() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        assertEquals("ready", status().path("status").asText());
        JsonNode data = deploy(name("v1")).json().path("data");
        assertEquals("deploying", data.path("status").asText());
        assertEquals("deploying", status().path("status").asText());
        clock.pass(Duration.ofSeconds(1));
        assertEquals("running", status().path("status").asText());
        Deployment deployment = cloud.deployments().get(0);
        assertEquals(Optional.of(digest), deployment.digest());
        assertEquals(ImageReference.parse(name("v1")), deployment.image());
        Caller.Answer page = Caller.of(cloud.apiUrl()).get(data.path("app_url").asText());
        assertEquals(200, page.status());
        assertTrue(page.body().contains(name("v1")) && page.body().contains(digest.value()), page.body());
    }

    @Test
    void deploysByDigest() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        assertEquals(200, deploy(cloud.registryHost() + "/sp-demo@" + digest).status());
    }

    @Test
    void failsWhereATenantIsMeantToFail() throws Exception {
        Pusher.image(cloud, "ten_demo", "v1");
        cloud.put(cloud.tenant("ten_demo").orElseThrow().ending(new Tenant.Fails("out of memory")));
        deploy(name("v1"));
        assertFalse(status().has("message"));
        clock.pass(Duration.ofSeconds(2));
        assertEquals("failed", status().path("status").asText());
        assertEquals("out of memory", status().path("message").asText());
    }

    @Test
    void neverEndsWhereATenantIsMeantNotTo() throws Exception {
        Pusher.image(cloud, "ten_demo", "v1");
        cloud.put(cloud.tenant("ten_demo").orElseThrow().ending(new Tenant.NeverEnds()));
        deploy(name("v1"));
        clock.pass(Duration.ofDays(1));
        assertEquals("deploying", status().path("status").asText());
    }

    @Test
    void writesDownWhatWasDeployedAndNoSecret() throws Exception {
        Pusher.image(cloud, "ten_demo", "v1");
        deploy(name("v1"));
        RecordedRequest last = cloud.calls().get(cloud.calls().size() - 1);
        assertEquals("POST " + TENANT + "/deploy", last.line());
        assertEquals(Optional.of("{\"image\":\"" + name("v1") + "\"}"), last.body());
        String log = cloud.calls().toString();
        assertFalse(log.contains(cloud.operatorToken().reveal()));
        assertFalse(log.contains(cloud.credentials().get(0).password().reveal()));
    }

    @Test
    void looksIntoAnExternalRegistry() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        RegistryCredential login = cloud.credential("ten_demo");
        ExternalRegistry external =
                new ExternalRegistry(cloud.registryHost(), login.username(), login.password(), Optional.of("sp-demo"));
        try (Cloud other = Cloud.builder().externalRegistry(external).start()) {
            other.put(Tenant.of("ten_2", "two", "sp-two"));
            Caller tenant = Caller.tenant(other);
            JsonNode token =
                    tenant.get("/api/v1/tenants/ten_2/registry-token").json().path("data");
            assertEquals(login.password().reveal(), token.path("password").asText());
            assertEquals(cloud.registryHost(), token.path("registry").asText());
            String path = "/api/v1/tenants/ten_2/deploy";
            assertEquals(
                    422, tenant.post(path, "{\"image\":\"" + name("v2") + "\"}").status());
            assertEquals(
                    200, tenant.post(path, "{\"image\":\"" + name("v1") + "\"}").status());
            assertEquals(Optional.of(digest), other.deployments().get(0).digest());
        }
    }
}
