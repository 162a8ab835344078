package lib.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Retry;
import lib.api.ApiCall.ApiResponse;
import org.junit.jupiter.api.Test;

class ApiCallTest {
    private static final ApiCall GET = ApiCall.get("/x");
    private static final ApiCall POST = ApiCall.json("POST", "/x", "{}", Duration.ofSeconds(1));

    private final List<Duration> slept = new ArrayList<>();
    private final ApiCall.Client client = client(1.0);

    @Test
    void growsItsPausesAndSucceedsAtTheThirdTry() throws InterruptedException {
        ApiResponse good = answer(200, "{}");
        assertSame(good, send(GET, answer(503, ""), answer(503, ""), good));
        assertEquals(List.of(Duration.ofMillis(100), Duration.ofMillis(200)), slept);
    }

    @Test
    void keepsTheLastErrorAndDoesNotSleepAfterTheLastTry() {
        Failure failure = assertThrows(
                Failure.class, () -> send(GET, answer(502, ""), answer(429, ""), answer(504, "gateway asleep")));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertEquals("Failed after 3 retries: GET /x: 504 gateway asleep", failure.getMessage());
        assertEquals(2, slept.size());
    }

    @Test
    void takesAnErrorOfTheApisOwnAsTheLastWord() throws InterruptedException {
        for (String body : List.of("{\"error\":{\"message\":\"closed\"}}", "{\"error\":\"server_error\"}"))
            for (int status : List.of(500, 502, 503))
                assertEquals(status, send(GET, answer(status, body)).status());
        assertEquals(List.of(), slept);
    }

    @Test
    void neverRepeatsAPostForItsAnswer() throws InterruptedException {
        for (int status : List.of(429, 502, 503, 504))
            assertEquals(status, send(POST, answer(status, "")).status());
        assertEquals(List.of(), slept);
    }

    @Test
    void grantsTheServersWishUpToTenSeconds() throws InterruptedException {
        send(GET, asking(2), asking(3600), answer(200, "{}"));
        assertEquals(List.of(Duration.ofSeconds(2), Duration.ofSeconds(10)), slept);
    }

    @Test
    void jitterMovesThePause() throws InterruptedException {
        Deque<ApiResponse> answers = new ArrayDeque<>(List.of(answer(503, ""), answer(200, "{}")));
        client(0.5).retrying(GET, answers::pop);
        assertEquals(List.of(Duration.ofMillis(50)), slept);
    }

    @Test
    void triesAgainAfterABrokenConnectionAndNotAfterABadCertificate() {
        Failure broken = assertThrows(
                Failure.class,
                () -> client.retrying(GET, () -> {
                    throw new IOException("connection reset");
                }));
        assertTrue(broken.getMessage().endsWith("connection reset"));
        assertEquals(2, slept.size());
        slept.clear();
        Failure untrusted = assertThrows(
                Failure.class,
                () -> client.retrying(GET, () -> {
                    throw new IOException(new CertificateException("unknown CA"));
                }));
        assertEquals(ErrorCode.UNAVAILABLE, untrusted.code());
        assertEquals(List.of(), slept);
    }

    private ApiCall.Client client(double jitter) {
        return new ApiCall.Client(
                URI.create("https://api.example.com"), Http::shared, new Retry(slept::add, () -> jitter), line -> {});
    }

    private ApiResponse send(ApiCall call, ApiResponse... answers) throws InterruptedException {
        Deque<ApiResponse> next = new ArrayDeque<>(List.of(answers));
        return client.retrying(call, next::pop);
    }

    private static ApiResponse answer(int status, String body) {
        return new ApiResponse(GET, status, body, Optional.empty());
    }

    private static ApiResponse asking(int seconds) {
        return new ApiResponse(GET, 429, "", Optional.of(Duration.ofSeconds(seconds)));
    }
}
