package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import lib.ErrorCode;
import lib.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadWeatherTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.noise(1, 1 << 20));

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();
    private FakeRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry(FakeRegistry.Auth.BASIC);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void survivesA503OnAnUploadAndStartsItAgain() throws Exception {
        registry.fault = once("PATCH", exchange -> FakeRegistry.answer(exchange, 503, "busy"));
        push();
        assertEquals(List.of(Duration.ofMillis(100)), pushing.sleeps);
        assertEquals(3, registry.count("POST"), "two blobs, one of them twice");
        assertEquals(1, registry.manifests.size());
    }

    @Test
    void survivesAConnectionResetInTheMiddleOfABlob() throws Exception {
        int port = Integer.parseInt(registry.name().substring(registry.name().indexOf(':') + 1));
        try (BrokenLine line = new BrokenLine(port, 300_000)) {
            pushing.push(archive(), line.name(), "acme", "one");
            assertTrue(line.wasReset());
        }
        assertEquals(1, registry.manifests.size());
        assertEquals(1, pushing.sleeps.size());
    }

    @Test
    void survivesAConnectionThatClosesWithoutAnAnswer() throws Exception {
        registry.fault = once("PUT /v2/acme/blobs", exchange -> true);
        push();
        assertEquals(1, registry.manifests.size());
    }

    @Test
    void survivesALostUploadSession() throws Exception {
        registry.fault = once("PUT /v2/acme/blobs", exchange -> FakeRegistry.answer(exchange, 404, ""));
        push();
        assertEquals(1, registry.manifests.size());
    }

    @Test
    void waitsAsLongAsTheRegistryAsksButNoLongerThanTenSeconds() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        registry.fault = exchange -> {
            if (!exchange.getRequestURI().getPath().contains("/manifests/") || calls.incrementAndGet() > 2)
                return false;
            exchange.getResponseHeaders().set("Retry-After", calls.get() == 1 ? "7" : "3600");
            return FakeRegistry.answer(exchange, 429, FakeRegistry.error("TOOMANYREQUESTS", "slow down"));
        };
        push();
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(10)), pushing.sleeps);
    }

    @Test
    void doesNotBelieveAnAnswerThatComesBeforeTheBlobIsSent() throws Exception {
        registry.fault = once("PATCH", exchange -> {
            exchange.getResponseHeaders().set("Location", "/v2/acme/blobs/uploads/none");
            exchange.sendResponseHeaders(202, -1);
            return true;
        });
        push();
        assertEquals(1, registry.manifests.size());
    }

    @Test
    void givesUpAfterThreeTriesAndSaysWhy() {
        registry.fault = exchange -> exchange.getRequestMethod().equals("PATCH")
                && FakeRegistry.answer(exchange, 503, FakeRegistry.error("UNAVAILABLE", "\\u001b[31mstorage down"));
        Failure failure = assertThrows(Failure.class, this::push);
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(
                failure.getMessage().matches("PATCH http://[^ ?]+: 503 UNAVAILABLE: storage down \\(tried 3 times\\)"));
        assertFalse(failure.hint().isEmpty());
        assertTrue(registry.manifests.isEmpty());
    }

    @Test
    void saysThatNothingListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path archive = archive();
        Failure failure = assertThrows(Failure.class, () -> pushing.push(archive, "127.0.0.1:" + port, "acme", "one"));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("connection refused"), failure.getMessage());
        assertEquals(2, pushing.sleeps.size());
    }

    @Test
    void doesNotHangOnAnUploadThatStalls() {
        CountDownLatch never = new CountDownLatch(1);
        pushing.limit = Duration.ofMillis(400);
        registry.fault = exchange -> exchange.getRequestMethod().equals("PATCH") && waited(never);
        Failure failure = assertThrows(Failure.class, this::push);
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        never.countDown();
    }

    @Test
    void aRefusedPushIsNotRepeatedAndTellsTheRegistrysSentence() {
        registry.fault = exchange -> exchange.getRequestMethod().equals("POST")
                && FakeRegistry.answer(exchange, 403, FakeRegistry.error("DENIED", "may pull but not push"));
        RefusedException refused = assertThrows(RefusedException.class, this::push);
        assertEquals(ErrorCode.PUSH_FAILED, refused.failure().code());
        assertTrue(refused.getMessage().endsWith(": 403 DENIED: may pull but not push"), refused.getMessage());
        assertEquals(List.of(), pushing.sleeps);
    }

    @Test
    void aRegistryThatConfirmsAnotherDigestIsNotBelieved() {
        registry.fault = once("PUT /v2/acme/manifests", exchange -> {
            exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "0".repeat(64));
            return FakeRegistry.answer(exchange, 201, "");
        });
        assertEquals(ErrorCode.PROTOCOL, assertThrows(Failure.class, this::push).code());
    }

    @Test
    void aPageThatIsNoRegistryIsSaidToBeNone() {
        registry.fault = exchange -> FakeRegistry.answer(exchange, 404, "<html>" + "x".repeat(5000));
        Failure failure = assertThrows(Failure.class, this::push);
        assertTrue(failure.getMessage().length() < 700);
    }

    @Test
    void anAnswerWithoutEndIsCut() {
        registry.fault = once("POST", exchange -> {
            exchange.sendResponseHeaders(418, 0);
            byte[] block = new byte[1 << 16];
            for (int i = 0; i < 1000; i++) exchange.getResponseBody().write(block);
            return true;
        });
        assertEquals(
                ErrorCode.PUSH_FAILED, assertThrows(Failure.class, this::push).code());
    }

    private void push() throws IOException, RefusedException, InterruptedException {
        pushing.push(archive(), registry.name(), "acme", "one");
    }

    private Path archive() throws IOException {
        return SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
    }

    private static boolean waited(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /** The first request that starts so meets the fault. */
    private static FakeRegistry.Fault once(String start, FakeRegistry.Fault fault) {
        AtomicInteger calls = new AtomicInteger();
        return exchange -> isA(exchange, start) && calls.getAndIncrement() == 0 && fault.answered(exchange);
    }

    private static boolean isA(HttpExchange exchange, String start) {
        return (exchange.getRequestMethod() + " " + exchange.getRequestURI()).startsWith(start);
    }
}
