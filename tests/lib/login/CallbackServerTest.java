package lib.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import lib.ErrorCode;
import lib.Failure;
import lib.Secret;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spoken to over plain sockets, since no HTTP client lets a test choose the host that it claims to want. */
class CallbackServerTest {
    private CallbackServer server;

    @BeforeEach
    void open() {
        server = CallbackServer.open(0);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theTokenLeavesTheAddressBarAndIsOnNoPage() throws Exception {
        CompletableFuture<String> browser = ask("GET /callback?access_token=a.b.c HTTP/1.1", host());
        assertEquals(new Callback.Token(Secret.of("a.b.c")), await());
        server.conclude(CallbackPage.success("dev@example.com"));
        String redirect = got(browser);
        assertTrue(redirect.startsWith("HTTP/1.1 303 "), redirect);
        assertTrue(redirect.contains("Location: /callback/end\r\n"), redirect);
        assertFalse(redirect.contains("a.b.c"), redirect);
        String page = got(ask("GET /callback/end HTTP/1.1", host()));
        assertTrue(page.contains("dev@example.com") && !page.contains("a.b.c"), page);
    }

    @Test
    void nothingMayKeepOrPassOnWhatItAnswers() throws Exception {
        for (String path : new String[] {"/callback/end", "/other", "/callback?error=x"}) {
            CompletableFuture<String> browser = ask("GET " + path + " HTTP/1.1", host());
            if (path.startsWith("/callback?")) await();
            server.conclude(CallbackPage.failure("x"));
            String answer = got(browser).toLowerCase(java.util.Locale.ROOT);
            assertTrue(answer.contains("cache-control: no-store\r\n"), answer);
            assertTrue(answer.contains("referrer-policy: no-referrer\r\n"), answer);
            assertTrue(answer.contains("content-security-policy: default-src 'none'"), answer);
        }
    }

    @Test
    void aForeignHostIsRefusedAndDoesNotCount() throws Exception {
        int port = server.address().getPort();
        for (String foreign : new String[] {"evil.example:" + port, "127.0.0.1", "127.0.0.1:1", "[::1]:" + port, ""})
            assertRefused(403, "GET /callback?access_token=x HTTP/1.1", foreign);
        assertRefused(403, "GET /callback?access_token=x HTTP/1.0", null);
        assertNoAnswerYet();
        ask("GET /callback?access_token=good HTTP/1.1", "localhost:" + port);
        assertEquals(new Callback.Token(Secret.of("good")), await());
    }

    @Test
    void anotherPathOrMethodIsRefusedAndDoesNotCount() throws Exception {
        assertRefused(404, "GET /callback/?access_token=x HTTP/1.1", host());
        assertRefused(404, "GET /callbackx?access_token=x HTTP/1.1", host());
        assertRefused(404, "GET /?access_token=x HTTP/1.1", host());
        assertRefused(405, "POST /callback?access_token=x HTTP/1.1", host());
        assertRefused(405, "HEAD /callback?access_token=x HTTP/1.1", host());
        assertNoAnswerYet();
    }

    @Test
    void onlyTheFirstCallbackCounts() throws Exception {
        ask("GET /callback?access_token=first HTTP/1.1", host());
        assertEquals(new Callback.Token(Secret.of("first")), await());
        assertRefused(409, "GET /callback?access_token=second HTTP/1.1", host());
        assertEquals(new Callback.Token(Secret.of("first")), await());
    }

    @Test
    void theReasonsForNoTokenAreToldAsTheServiceTellsThem() {
        assertEquals(
                "OAuth error: access_denied - you said no",
                refusal("error=access_denied&error_description=you+said+no"));
        assertEquals("OAuth error: x - (no description provided)", refusal("error=x&access_token=ignored"));
        assertEquals("No token received in callback", refusal("access_token="));
        assertEquals("No token received in callback", refusal(null));
        assertEquals("OAuth error: a b - c", refusal("error=a%1b%5b31m%0ab&error_description=c%00"));
    }

    @Test
    void textFromOutsideIsNoMarkup() {
        String page = CallbackPage.failure("<script>alert('x')</script>").html();
        assertFalse(page.contains("<script>"), page);
    }

    @Test
    void aTokenDoesNotShowInText() throws Exception {
        ask("GET /callback?access_token=secret.word.here HTTP/1.1", host());
        assertFalse(await().toString().contains("secret"));
    }

    @Test
    void aBusyPortIsAFailureThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Failure failure = assertThrows(Failure.class, () -> CallbackServer.open(taken.getLocalPort()));
            assertEquals(ErrorCode.UNAVAILABLE, failure.code());
            assertTrue(failure.getMessage().contains("Port " + taken.getLocalPort()), failure.getMessage());
        }
    }

    @Test
    void waitsNoLongerThanItsPatienceAndTellsEachSecond() {
        StringBuilder ticks = new StringBuilder();
        Failure failure = assertThrows(
                Failure.class,
                () -> server.await(
                        Duration.ofSeconds(2),
                        left -> ticks.append(left.toSeconds()).append(' ')));
        assertEquals("2 1 ", ticks.toString());
        assertEquals(ErrorCode.AUTH, failure.code());
        assertTrue(failure.getMessage().startsWith("Authentication timed out after 2 seconds"), failure.getMessage());
    }

    private Callback await() throws InterruptedException {
        return server.await(Duration.ofSeconds(20), left -> {});
    }

    private void assertNoAnswerYet() {
        assertThrows(Failure.class, () -> server.await(Duration.ofSeconds(1), left -> {}));
    }

    private static String refusal(String query) {
        return ((Callback.Refusal) Callback.of(query)).sentence();
    }

    private String host() {
        return "127.0.0.1:" + server.address().getPort();
    }

    private void assertRefused(int status, String request, String host) throws Exception {
        String answer = got(ask(request, host));
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), request + ", " + host + ": " + answer);
    }

    private static String got(CompletableFuture<String> answer) throws ExecutionException, InterruptedException {
        try {
            return answer.get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** @param host null for no such header */
    private CompletableFuture<String> ask(String request, String host) {
        String head = request + "\r\n" + (host == null ? "" : "Host: " + host + "\r\n") + "Connection: close\r\n\r\n";
        return CompletableFuture.supplyAsync(
                () -> {
                    try (Socket socket =
                            new Socket("127.0.0.1", server.address().getPort())) {
                        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                        try (InputStream answer = socket.getInputStream()) {
                            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
                        }
                    } catch (IOException e) {
                        return e.toString();
                    }
                    // A thread each: the first waits for its answer until another has had one.
                },
                work -> new Thread(work, "ask").start());
    }
}
