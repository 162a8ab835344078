package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlobsTest {
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
    void takesNothingAtALocationWithoutItsQuery() throws Exception {
        String place = startUpload();
        assertEquals(
                "BLOB_UPLOAD_INVALID",
                send("PATCH", place.replaceFirst("\\?.*", ""), "x").ociError());
        assertEquals(202, send("PATCH", place, "x").status());
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
    void writesDownAnUploadWhoseClientWentAway() throws Exception {
        String place = startUpload();
        String[] host = cloud.registryHost().split(":");
        try (Socket socket = new Socket(host[0], Integer.parseInt(host[1]))) {
            String half = "PATCH " + place + " HTTP/1.1\r\nHost: x\r\nAuthorization: "
                    + registry.authorization().orElseThrow() + "\r\nContent-Length: 10\r\n\r\nhalf";
            socket.getOutputStream().write(bytes(half));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
        RecordedRequest last = cloud.calls().get(cloud.calls().size() - 1);
        assertEquals("PATCH", last.method());
        assertTrue(last.status().isEmpty());
        assertEquals("0-3", registry.get(place).header("Range").orElseThrow());
    }
}
