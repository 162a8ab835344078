package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final String FAULTS = "/console/faults";

    private final MovingClock clock = new MovingClock();
    private final Cloud cloud =
            Cloud.builder().generation(Generation.G2).clock(clock).start();
    private final Caller browser = Caller.of(cloud.apiUrl());

    @AfterEach
    void end() {
        cloud.close();
    }

    private JsonNode state() throws Exception {
        return browser.get("/console.json").json();
    }

    private Caller.Answer storm(String method, String path, String fault, String... headers) throws Exception {
        return browser.send(method, path, BodyPublishers.ofString("{\"fault\":\"" + fault + "\"}"), headers);
    }

    private String[] own() {
        return new String[] {"Origin", cloud.apiUrl(), "X-Sandbox-Console", "1"};
    }

    @Test
    void showsAllThatHappenedAndNoSecret() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        Caller tenant = Caller.tenant(cloud);
        String token = tenant.get("/api/v1/tenants/ten_demo/registry-token")
                .json()
                .path("data")
                .path("token")
                .asText();
        tenant.get("/api/v1/tenants/ten_demo/status");
        tenant.post("/api/v1/tenants/ten_demo/deploy", "{\"image\":\"" + cloud.registryHost() + "/sp-demo:v1\"}");
        clock.pass(Duration.ofSeconds(60));
        JsonNode state = state();
        assertEquals("running", state.path("tenants").path(0).path("status").asText());
        assertEquals(
                cloud.credentials().get(1).password().sha256Prefix(),
                state.path("tokens").path(0).path("sha256_prefix").asText());
        assertEquals(60, state.path("tokens").path(0).path("age_s").asInt());
        assertEquals(240, state.path("tokens").path(0).path("left_s").asInt());
        assertEquals(digest.value(), state.path("images").path(0).path("digest").asText());
        assertEquals(1, state.path("images").path(0).path("layers").size());
        assertEquals("running", state.path("deployments").path(0).path("status").asText());
        assertTrue(state.path("calls").path(0).path("path").asText().endsWith("/deploy"));
        String shown = state + browser.get("/").body();
        assertFalse(shown.contains(token));
        assertFalse(shown.contains(cloud.operatorToken().reveal()));
        assertFalse(shown.contains("eyJ"), "no token in the form of a JWT either");
        assertFalse(cloud.calls().toString().contains("console.json"), "looking leaves no trace in the log");
    }

    @Test
    void loadsNothingFromAnywhereElse() throws Exception {
        Caller.Answer page = browser.get("/");
        String policy = page.header("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'") && policy.contains("script-src 'nonce-"), policy);
        assertFalse(page.body().contains("http:") || page.body().contains("https:"));
    }

    @Test
    void setsAndRemovesFaultsByHand() throws Exception {
        assertEquals(204, storm("POST", FAULTS, "GET status 503 x*", own()).status());
        assertEquals(204, storm("POST", FAULTS, "GET me 500", own()).status());
        JsonNode faults = state().path("faults");
        assertEquals("GET status 503 x*", faults.path(0).path("fault").asText());
        assertEquals(
                204,
                storm("DELETE", FAULTS + "/" + faults.path(0).path("id").asInt(), "", own())
                        .status());
        assertEquals("GET me 500", cloud.faults().get(0).toString());
        assertEquals(204, storm("DELETE", FAULTS, "", own()).status());
        assertTrue(cloud.faults().isEmpty());
    }

    @Test
    void saysWhatIsWrongWithAFault() throws Exception {
        Caller.Answer answer = storm("POST", FAULTS, "GET me sometimes", own());
        assertEquals(400, answer.status());
        assertTrue(answer.error().contains("use a status"), answer.error());
    }

    @Test
    void letsNoOtherPageMakeTheWeather() throws Exception {
        assertEquals(403, storm("POST", FAULTS, "GET me 500").status());
        assertEquals(
                403,
                storm("POST", FAULTS, "GET me 500", "X-Sandbox-Console", "1").status());
        assertEquals(
                403,
                storm("POST", FAULTS, "GET me 500", "Origin", cloud.apiUrl()).status());
        assertEquals(
                403,
                storm("POST", FAULTS, "GET me 500", "Origin", "http://evil.example", "X-Sandbox-Console", "1")
                        .status());
        assertTrue(cloud.faults().isEmpty());
    }

    @Test
    void answersToItsOwnNameAlone() throws IOException {
        for (String path : new String[] {"/", "/console.json", "/authorize?redirect_uri=http://127.0.0.1:1/"}) {
            String[] host = cloud.apiUrl().split("[/:]+");
            try (Socket socket = new Socket(host[1], Integer.parseInt(host[2]))) {
                String request = "GET " + path + " HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            }
        }
    }
}
