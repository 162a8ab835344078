package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryTokenTest {
    private static final String UPLOADS = "/v2/sp-demo/blobs/uploads/";

    private final MovingClock clock = new MovingClock();
    private final Cloud cloud = Cloud.builder()
            .registryScheme(RegistryAuth.Scheme.BEARER)
            .tokenTtl(Duration.ofSeconds(90))
            .clock(clock)
            .start();

    @AfterEach
    void end() {
        cloud.close();
    }

    private Caller with(RegistryCredential credential, String scope) throws Exception {
        String query = scope.isEmpty() ? "" : "?service=sandbox-registry&scope=" + scope;
        JsonNode token =
                Caller.registry(cloud, credential).get("/token" + query).json();
        return Caller.of("http://" + cloud.registryHost())
                .bearer(token.path("token").asText());
    }

    @Test
    void saysWhereATokenIsAndForWhat() throws Exception {
        Caller.Answer answer = Caller.of("http://" + cloud.registryHost()).get("/v2/sp-demo/tags/list");
        assertEquals(401, answer.status());
        assertEquals(
                "Bearer realm=\"http://" + cloud.registryHost()
                        + "/token\",service=\"sandbox-registry\",scope=\"repository:sp-demo:pull,push\"",
                answer.header("WWW-Authenticate").orElseThrow());
    }

    @Test
    void givesATokenForALoginAlone() throws Exception {
        Caller stranger = Caller.of("http://" + cloud.registryHost());
        assertEquals(401, stranger.get("/token").status());
        assertEquals(401, stranger.basic("x", "guess").get("/token").status());
        JsonNode token = Caller.registry(cloud, cloud.credential("ten_demo"))
                .get("/token")
                .json();
        assertEquals(90, token.path("expires_in").asInt());
    }

    @Test
    void takesNoBasicLoginOutsideOfToken() throws Exception {
        assertEquals(
                401,
                Caller.registry(cloud, cloud.credential("ten_demo")).get("/v2/").status());
    }

    @Test
    void grantsWhatWasAskedForAndNoMore() throws Exception {
        RegistryCredential credential = cloud.credential("ten_demo");
        Caller login = with(credential, "");
        assertEquals(200, login.get("/v2/").status());
        Caller.Answer refused = login.post(UPLOADS, "");
        assertEquals(401, refused.status());
        assertTrue(refused.header("WWW-Authenticate").orElseThrow().contains("insufficient_scope"));
        assertEquals(
                401,
                with(credential, "repository:sp-demo:pull").post(UPLOADS, "").status());
        assertEquals(
                202,
                with(credential, "repository:sp-demo:push,pull")
                        .post(UPLOADS, "")
                        .status());
        assertEquals(
                401,
                with(credential, "repository:other:pull,push").post(UPLOADS, "").status());
    }

    @Test
    void doesNotLetAPullOnlyCredentialPush() throws Exception {
        cloud.pullOnlyCredentials(true);
        Caller reader = with(cloud.credential("ten_demo"), "repository:sp-demo:pull,push");
        assertEquals(401, reader.post(UPLOADS, "").status());
        assertEquals(404, reader.get("/v2/sp-demo/tags/list").status());
    }

    @Test
    void endsTheTokenWithTheLogin() throws Exception {
        Caller caller = with(cloud.credential("ten_demo"), "repository:sp-demo:pull,push");
        clock.pass(Duration.ofSeconds(90));
        Caller.Answer answer = caller.get("/v2/");
        assertEquals(401, answer.status());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().contains("invalid_token"));
    }
}
