package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultInjectorTest {
    private static final String UPLOADS = "/v2/sp-demo/blobs/uploads/";
    private static final String TENANT = "/api/v1/tenants/ten_demo";

    private final Cloud cloud = Cloud.start();

    @AfterEach
    void end() {
        cloud.close();
    }

    private Caller.Answer status() throws Exception {
        return Caller.tenant(cloud).get(TENANT + "/status");
    }

    private RecordedRequest lastCall() {
        return cloud.calls().get(cloud.calls().size() - 1);
    }

    @Test
    void strikesAsOftenAsItSaysAndThenClears() throws Exception {
        cloud.fault("GET status 503 x2");
        assertEquals(503, status().status());
        assertEquals("503", lastCall().fault().orElseThrow());
        assertEquals("GET status 503", cloud.faults().get(0).toString());
        assertEquals(503, status().status());
        assertEquals(200, status().status());
        assertEquals(Optional.empty(), lastCall().fault());
    }

    @Test
    void canBeCleared() throws Exception {
        cloud.fault("GET status 503 x*");
        assertEquals(503, status().status());
        cloud.clearFaults();
        assertEquals(200, status().status());
    }

    @Test
    void wordsAStatusInTheEnvelopeOnlyWithASentence() throws Exception {
        cloud.fault("GET status 503");
        cloud.fault("GET status 503=Registry service not available retry-after=2");
        assertThrows(IOException.class, status()::json);
        Caller.Answer worded = status();
        assertEquals("Registry service not available", worded.error());
        assertEquals("2", worded.header("Retry-After").orElseThrow());
    }

    @Test
    void wordsARegistrysRefusalAsRegistriesDo() throws Exception {
        Caller registry = Caller.registry(cloud, cloud.credential("ten_demo"));
        cloud.fault("POST uploads 401");
        cloud.fault("POST uploads 403=quota exceeded");
        cloud.fault("POST uploads 500");
        Caller.Answer first = registry.post(UPLOADS, "");
        assertEquals("UNAUTHORIZED", first.ociError());
        assertTrue(first.header("WWW-Authenticate").isPresent());
        assertEquals("DENIED", registry.post(UPLOADS, "").ociError());
        assertEquals(500, registry.post(UPLOADS, "").status());
    }

    @Test
    void resetsBeforeAnythingHappens() throws Exception {
        cloud.fault("GET registry-token reset x*");
        Caller tenant = Caller.tenant(cloud);
        assertThrows(IOException.class, () -> tenant.get(TENANT + "/registry-token"));
        assertTrue(cloud.credentials().isEmpty());
        assertEquals(OptionalInt.empty(), lastCall().status());
        String[] host = cloud.apiUrl().split("[/:]+");
        try (Socket socket = new Socket(host[1], Integer.parseInt(host[2]))) {
            socket.getOutputStream()
                    .write("GET /registry-token HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            SocketException thrown = assertThrows(
                    SocketException.class, () -> socket.getInputStream().read());
            assertEquals("Connection reset", thrown.getMessage());
        }
    }

    @Test
    void cutsOffTheAnswerAfterTheEffect() throws Exception {
        Pusher.image(cloud, "ten_demo", "v1");
        cloud.fault("POST deploy cut");
        String body = "{\"image\":\"" + cloud.registryHost() + "/sp-demo:v1\"}";
        assertThrows(IOException.class, () -> Caller.tenant(cloud).post(TENANT + "/deploy", body));
        assertEquals(1, cloud.deployments().size());
        assertEquals(1, cloud.count("POST", "deploy"));
        assertEquals(OptionalInt.empty(), lastCall().status());
    }

    @Test
    void truncatesAnAnswer() {
        cloud.fault("GET status truncate");
        assertThrows(IOException.class, this::status);
    }

    @Test
    void resetsInTheMiddleOfABody() throws Exception {
        Caller registry = Caller.registry(cloud, cloud.credential("ten_demo"));
        cloud.fault("PATCH upload reset=300000");
        String place = registry.post(UPLOADS, "").header("Location").orElseThrow();
        BodyPublisher body = BodyPublishers.ofByteArray(new byte[1_000_000]);
        assertThrows(IOException.class, () -> registry.send("PATCH", place, body));
        assertEquals("0-0", registry.get(place).header("Range").orElseThrow());
        assertTrue(cloud.faults().isEmpty());
    }

    @Test
    void answersWhatTheFaultSaysAndWithItsHeaders() throws Exception {
        cloud.fault("GET status 203:{\"data\":7} content-language=en www-authenticate='Bearer realm=\"x y\"'");
        Caller.Answer answer = status();
        assertEquals(203, answer.status());
        assertEquals(7, answer.json().path("data").asInt());
        assertEquals("en", answer.header("Content-Language").orElseThrow());
        assertEquals("Bearer realm=\"x y\"", answer.header("WWW-Authenticate").orElseThrow());
    }

    @Test
    void answersBeforeTheBodyIsRead() throws Exception {
        cloud.fault("PUT secrets early 202");
        String[] host = cloud.apiUrl().split("[/:]+");
        try (Socket socket = new Socket(host[1], Integer.parseInt(host[2]))) {
            String head = "PUT /secrets HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 202", answer);
        }
    }

    @Test
    void stallsUntilTheCloudEnds() throws Exception {
        cloud.fault("GET status stall");
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread caller = new Thread(() -> end.complete(assertThrows(IOException.class, this::status)));
        caller.start();
        while (!cloud.faults().isEmpty()) Thread.sleep(5);
        assertThrows(TimeoutException.class, () -> end.get(200, TimeUnit.MILLISECONDS));
        cloud.close();
        end.get(5, TimeUnit.SECONDS);
    }

    @Test
    void aimsAtAQueryToo() throws Exception {
        Caller registry = Caller.registry(cloud, cloud.credential("ten_demo"));
        cloud.fault("POST /v2/*?mount=*&from=* 201 x*");
        assertEquals(202, registry.post(UPLOADS, "").status());
        assertEquals(201, registry.post(UPLOADS + "?mount=a&from=b", "").status());
    }

    @Test
    void recordsWhoCameWithCredentialsAndNotWhich() throws Exception {
        Caller.of(cloud.apiUrl()).get("/api/v1/auth/me");
        status();
        assertEquals(
                List.of(false, true),
                cloud.calls().stream().map(RecordedRequest::authorized).toList());
        assertFalse(cloud.calls().toString().contains(cloud.operatorToken().reveal()));
    }

    @Test
    void isLate() throws Exception {
        cloud.fault("GET status slow=300");
        long start = System.nanoTime();
        assertEquals(200, status().status());
        assertTrue(System.nanoTime() - start >= 300_000_000L);
    }

    @Test
    void lies() throws Exception {
        cloud.fault("GET status html");
        cloud.fault("GET status empty");
        cloud.fault("GET status garbage");
        assertTrue(status().body().startsWith("<!doctype html>"));
        assertEquals("", status().body());
        assertThrows(IOException.class, status()::json);
    }

    @Test
    void leadsAway() throws Exception {
        cloud.fault("GET status redirect=http://127.0.0.1:1/");
        Caller.Answer answer = status();
        assertEquals(307, answer.status());
        assertEquals("http://127.0.0.1:1/", answer.header("Location").orElseThrow());
    }

    @Test
    void speaksInControlCodes() throws Exception {
        cloud.fault("GET status ansi");
        String error = status().error();
        assertTrue(error.contains("\u001b[31m") && error.contains("\u0007"), error);
    }

    @Test
    void goesOnAndOn() throws Exception {
        cloud.fault("GET status huge");
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(cloud.apiUrl() + TENANT + "/status").toURL().openConnection();
        assertEquals(256L << 20, connection.getContentLengthLong() - 2);
        try (InputStream body = connection.getInputStream()) {
            assertEquals("[    ", new String(body.readNBytes(5), StandardCharsets.US_ASCII));
        }
        connection.disconnect();
    }
}
