package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import harness.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Secret;
import lib.account.CallbackServer.Callback;
import lib.account.CallbackServer.CallbackPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spoken to over plain sockets, since no HTTP client lets a test choose the host that it claims to want. */
class CallbackServerTest {
    private static final String PAGE = """
        <p id="asked"></p>
        <script>
          const say = what => asked.append(what + " ");
          const image = new Image();
          image.onerror = () => {
            say("image");
            fetch("CALLBACKfetch", {mode: "no-cors"}).catch(() => 0).then(() => {
              say("fetch");
              const frame = document.createElement("iframe");
              frame.onload = () => say("frame");
              frame.src = "CALLBACKframe";
              document.body.append(frame);
            });
          };
          image.src = "CALLBACKimage";
        </script>
        """;

    @TempDir
    Path profile;

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
        server.conclude(CallbackPage.success("back@example.com"));
        String redirect = got(browser);
        assertTrue(redirect.startsWith("HTTP/1.1 303 "), redirect);
        assertTrue(redirect.contains("Location: /callback/end\r\n"), redirect);
        assertFalse(redirect.contains("a.b.c"), redirect);
        String page = got(ask("GET /callback/end HTTP/1.1", host()));
        assertTrue(page.contains("back@example.com") && !page.contains("a.b.c"), page);
    }

    @Test
    void aRefusalThatRepeatsTheTokenDoesNotShowItInTheBrowser() {
        Secret token = Secret.of("c4nary&of'the<callback>");
        String page = CallbackPage.failure("no right with " + token.reveal()).html();
        assertTrue(page.contains("no right with ****."), page);
        assertFalse(page.contains("c4nary"), page);
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
    void whatABrowserFetchesForAPageIsRefusedAndDoesNotCount() throws Exception {
        for (String fetched : List.of(
                "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image",
                "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe",
                "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty",
                "Sec-Fetch-Dest: image",
                "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Purpose: prefetch;prerender"))
            assertRefused(403, "GET /callback?access_token=x HTTP/1.1\r\n" + fetched, host());
        assertNoAnswerYet();
        ask(
                "GET /callback?access_token=good HTTP/1.1\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
                        + "Sec-Fetch-Site: cross-site",
                host());
        assertEquals(new Callback.Token(Secret.of("good")), await());
    }

    /** What is no browser's way back here is one there: images of a page elsewhere, and a redirect from elsewhere. */
    @Test
    void aPageOfAnotherOriginCannotAnswerButLeadsBackHere() throws Exception {
        assumeTrue(Browser.executable().isPresent(), "no Chromium on the PATH");
        String callback = server.address() + "?access_token=";
        HttpServer elsewhere = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        elsewhere.createContext("/page", exchange -> answer(exchange, 200, PAGE.replace("CALLBACK", callback)));
        elsewhere.createContext("/authorized", exchange -> {
            exchange.getResponseHeaders().set("Location", callback + "good");
            answer(exchange, 303, "");
        });
        elsewhere.start();
        String origin = "http://localhost:" + elsewhere.getAddress().getPort();
        try (Browser browser = Browser.start(profile)) {
            browser.open(origin + "/page").awaitText("image fetch frame");
            assertNoAnswerYet();
            browser.eval("location = '/authorized'");
            assertEquals(new Callback.Token(Secret.of("good")), await());
            server.conclude(CallbackPage.success("back@example.com"));
            browser.awaitText("back@example.com");
        } finally {
            elsewhere.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, int status, String html) throws IOException {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void connectionsThatSendNothingOrHalfARequestStandInNobodysWay() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = new Socket("127.0.0.1", server.address().getPort());
                waiting.add(socket);
                if (i % 3 > 0)
                    socket.getOutputStream()
                            .write((i % 3 == 1 ? "GET /callback?acc" : "GET / HTTP/1.1\r\nHost: ").getBytes());
            }
            ask("GET /callback?access_token=good HTTP/1.1", host());
            assertEquals(new Callback.Token(Secret.of("good")), await());
        } finally {
            for (Socket socket : waiting) socket.close();
        }
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
    void waitsNoLongerThanItsTimeoutAndCountsTheSeconds() {
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
