package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import lib.ImageReference;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestsTest {
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
        assertEquals(Optional.of(digest), cloud.find(ImageReference.of(cloud.registryHost(), "sp-demo", "v1")));
        assertEquals(404, registry.get("/v2/sp-demo/manifests/v2").status());
    }

    @Test
    void tellsTheDigestOfATagToAHeadAndKeepsWhatTheTagNamedBefore() throws Exception {
        Digest first = Pusher.image(cloud, "ten_demo", "v1");
        String index = "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + first + "\",\"size\":1}]}";
        assertEquals(201, send("PUT", "/v2/sp-demo/manifests/v1", index).status());
        for (String key : new String[] {"v1", Pusher.digest(bytes(index)).value()}) {
            Caller.Answer now = send("HEAD", "/v2/sp-demo/manifests/" + key, "");
            assertEquals(200, now.status());
            assertEquals("" + index.length(), now.header("Content-Length").orElseThrow());
            assertEquals(
                    Pusher.digest(bytes(index)).value(),
                    now.header("Docker-Content-Digest").orElseThrow());
        }
        Caller.Answer before = send("HEAD", "/v2/sp-demo/manifests/" + first, "");
        assertEquals(first.value(), before.header("Docker-Content-Digest").orElseThrow());
    }

    @Test
    void listsSoManyTagsAfterAnother() throws Exception {
        for (String tag : new String[] {"c", "a", "b", "d"}) Pusher.image(cloud, "ten_demo", tag);
        String tags = registry.get("/v2/sp-demo/tags/list?n=2&last=a").json().path("tags") + "";
        assertEquals("[\"b\",\"c\"]", tags);
        assertEquals(
                4, registry.get("/v2/sp-demo/tags/list").json().path("tags").size());
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
        for (String other : new String[] {Pusher.digest(bytes("other")).value(), "sha256:short", "md5:0"}) {
            String path = "/v2/sp-demo/manifests/" + other;
            assertEquals("DIGEST_INVALID", send("PUT", path, "{}").ociError());
            assertEquals(404, registry.get(path).status());
        }
        assertEquals(
                "MANIFEST_INVALID",
                send("PUT", "/v2/sp-demo/manifests/v1", "no json").ociError());
    }
}
