package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import lib.Digest;
import lib.Reference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Caller.Answer send(String method, String path, String body, String... headers) throws Exception {
        return registry.send(method, path, BodyPublishers.ofString(body), headers);
    }

    private String startUpload() throws Exception {
        Caller.Answer answer = send("POST", UPLOADS, "");
        assertEquals(202, answer.status());
        return answer.header("Location").orElseThrow();
    }

    @Test
    void takesABlobInPartsAndGivesItBack() throws Exception {
        Caller.Answer first = send("PATCH", startUpload(), "hello ", "Content-Range", "0-5");
        assertEquals(202, first.status());
        assertEquals("0-5", first.header("Range").orElseThrow());
        String place = first.header("Location").orElseThrow();
        assertEquals("0-5", registry.get(place).header("Range").orElseThrow());
        Caller.Answer second = send("PATCH", place, "wor", "Content-Range", "6-8");
        Digest digest = Pusher.digest(bytes("hello world"));
        Caller.Answer done = send("PUT", second.header("Location").orElseThrow() + "&digest=" + digest, "ld");
        assertEquals(201, done.status());
        assertEquals(digest.value(), done.header("Docker-Content-Digest").orElseThrow());
        String blob = "/v2/sp-demo/blobs/" + digest;
        assertEquals("hello world", registry.get(blob).body());
        assertEquals("11", send("HEAD", blob, "").header("Content-Length").orElseThrow());
        Caller.Answer part = registry.get(blob, "Range", "bytes=6-");
        assertEquals(206, part.status());
        assertEquals("world", part.body());
        assertEquals("bytes 6-10/11", part.header("Content-Range").orElseThrow());
        assertEquals(416, registry.get(blob, "Range", "bytes=11-").status());
    }

    @Test
    void refusesAPartThatLeavesAHole() throws Exception {
        Caller.Answer answer = send("PATCH", startUpload(), "late", "Content-Range", "10-13");
        assertEquals(416, answer.status());
    }

    @Test
    void refusesABlobWithAnotherDigest() throws Exception {
        String place = startUpload();
        Caller.Answer answer = send("PUT", place + "&digest=" + Pusher.digest(bytes("other")), "hello");
        assertEquals(400, answer.status());
        assertEquals("DIGEST_INVALID", answer.ociError());
        assertEquals(404, registry.get(place).status());
    }

    @Test
    void forgetsACancelledUpload() throws Exception {
        String place = startUpload();
        assertEquals(204, send("DELETE", place, "").status());
        assertEquals("BLOB_UPLOAD_UNKNOWN", send("PATCH", place, "x").ociError());
    }

    @Test
    void mountsWhatTheRepositoryHoldsAndUploadsTheRest() throws Exception {
        Digest digest = Pusher.blob(registry, "sp-demo", bytes("layer"));
        assertEquals(
                201,
                send("POST", UPLOADS + "?mount=" + digest + "&from=sp-demo", "").status());
        assertEquals(
                202,
                send("POST", UPLOADS + "?mount=" + digest + "&from=sp-other", "")
                        .status());
    }

    @Test
    void keepsTheBlobsOfOneRepositoryFromAnother() throws Exception {
        Digest digest = Pusher.blob(registry, "sp-demo", bytes("layer"));
        cloud.put(Tenant.of("ten_2", "two", "sp-two"));
        Caller other = Caller.registry(cloud, cloud.credential("ten_2"));
        assertEquals(404, other.get("/v2/sp-two/blobs/" + digest).status());
        assertEquals("DENIED", other.get("/v2/sp-demo/blobs/" + digest).ociError());
    }

    @Test
    void holdsAnImageUnderItsTagAndItsDigest() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        for (String key : new String[] {"v1", digest.value()}) {
            Caller.Answer answer = registry.get("/v2/sp-demo/manifests/" + key);
            assertEquals(200, answer.status());
            assertEquals(Pusher.OCI_MANIFEST, answer.header("Content-Type").orElseThrow());
            assertEquals(digest.value(), answer.header("Docker-Content-Digest").orElseThrow());
            assertEquals(digest, Pusher.digest(bytes(answer.body())));
        }
        assertEquals(
                "v1",
                registry.get("/v2/sp-demo/tags/list")
                        .json()
                        .path("tags")
                        .path(0)
                        .asText());
        assertEquals(
                "sp-demo",
                registry.get("/v2/_catalog").json().path("repositories").path(0).asText());
        assertEquals(Optional.of(digest), cloud.find(Reference.of(cloud.registryHost(), "sp-demo", "v1")));
        assertEquals(404, registry.get("/v2/sp-demo/manifests/v2").status());
    }

    @Test
    void refusesAManifestWhoseLayersItDoesNotHold() throws Exception {
        Digest config = Pusher.blob(registry, "sp-demo", bytes("{}"));
        String manifest = Pusher.manifest(config, Pusher.digest(bytes("never pushed")));
        Caller.Answer answer = send("PUT", "/v2/sp-demo/manifests/v1", manifest);
        assertEquals(400, answer.status());
        assertEquals("MANIFEST_BLOB_UNKNOWN", answer.ociError());
    }

    @Test
    void takesAnIndexOnlyOfManifestsItHolds() throws Exception {
        Digest digest = Pusher.image(cloud, "ten_demo", "v1");
        String index = "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"%s\",\"size\":1}]}";
        assertEquals(
                201,
                send("PUT", "/v2/sp-demo/manifests/all", index.formatted(digest))
                        .status());
        String unknown = index.formatted(Pusher.digest(bytes("unknown")));
        assertEquals(400, send("PUT", "/v2/sp-demo/manifests/all", unknown).status());
    }

    @Test
    void refusesAManifestUnderAnotherDigest() throws Exception {
        String path = "/v2/sp-demo/manifests/" + Pusher.digest(bytes("other"));
        assertEquals("DIGEST_INVALID", send("PUT", path, "{}").ociError());
        assertEquals(
                "MANIFEST_INVALID",
                send("PUT", "/v2/sp-demo/manifests/v1", "no json").ociError());
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
