package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryAuthTest {
    private static final String UPLOADS = "/v2/sp-demo/blobs/uploads/";

    private final Cloud cloud = Cloud.start();
    private Caller registry;

    @BeforeEach
    void login() {
        registry = Caller.registry(cloud, cloud.credential("ten_demo"));
    }

    @AfterEach
    void end() {
        cloud.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/../blobs/uploads/",
                "/v2/SP/blobs/uploads/",
                "/v2/a//b/blobs/uploads/",
                "/v2/sp-demo/blobs/sha256:..",
                "/v2/sp-demo/blobs/uploads/..",
                "/v2/sp-demo/manifests/-x",
                "/v2/sp-demo",
            })
    void matchesNamesStrictlySinceTheyBecomePaths(String path) throws Exception {
        assertEquals(404, registry.get(path).status());
    }

    @Test
    void asksForALoginInBasic() throws Exception {
        Caller.Answer answer = Caller.of("http://" + cloud.registryHost()).get("/v2/");
        assertEquals(401, answer.status());
        assertTrue(answer.header("WWW-Authenticate").orElseThrow().startsWith("Basic realm="));
        assertEquals("UNAUTHORIZED", answer.ociError());
        assertEquals(200, registry.get("/v2/").status());
        assertEquals(
                401,
                Caller.of("http://" + cloud.registryHost())
                        .basic("x", "guess")
                        .get("/v2/")
                        .status());
    }

    @Test
    void refusesTheFirstCredentialsWhenToldTo() throws Exception {
        cloud.refuseNextCredentials(1);
        Caller first = Caller.registry(cloud, cloud.credential("ten_demo"));
        Caller second = Caller.registry(cloud, cloud.credential("ten_demo"));
        assertEquals(401, first.get("/v2/").status());
        assertEquals(200, second.get("/v2/").status());
    }

    @Test
    void letsAPullOnlyCredentialLoginAndNotPush() throws Exception {
        cloud.pullOnlyCredentials(true);
        Caller reader = Caller.registry(cloud, cloud.credential("ten_demo"));
        assertEquals(200, reader.get("/v2/").status());
        Caller.Answer answer = reader.post(UPLOADS, "");
        assertEquals(403, answer.status());
        assertEquals("DENIED", answer.ociError());
    }
}
