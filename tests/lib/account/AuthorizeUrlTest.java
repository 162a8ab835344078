package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Retry;
import lib.account.BrowserLogin.AuthorizeUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthorizeUrlTest {
    private static final URI BACK = URI.create("http://127.0.0.1:8765/callback");

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String body = "";

    @BeforeEach
    void open() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void isAskedForWithTheEncodedWayBackAndNoToken() throws Exception {
        body = "{\"authorize_url\": \"https://github.com/login?x=1\"}";
        assertEquals(URI.create("https://github.com/login?x=1"), ask());
        assertEquals(
                List.of("/api/v1/auth/oauth/github?redirect_uri=http%3A%2F%2F127.0.0.1%3A8765%2Fcallback null"), asked);
        body = "{\"data\": {\"authorize_url\": \"http://localhost:1/a\"}}";
        assertEquals(URI.create("http://localhost:1/a"), ask());
    }

    @Test
    void onlyAnAddressThatABrowserMayBeSentToPasses() {
        for (String url : List.of(
                "javascript:alert(1)",
                "file:///etc/passwd",
                "http://example.com/",
                "--help",
                "https://u:p@x/",
                "https://example.com:99999/",
                "https://1.2.3/",
                "https:x",
                "")) {
            body = "{\"authorize_url\": \"" + url + "\"}";
            assertEquals(
                    ErrorCode.PROTOCOL,
                    assertThrows(Failure.class, this::ask, url).code(),
                    url);
        }
    }

    @Test
    void aRefusalIsToldWithItsStatusAndSentence() {
        body = "provider is switched off";
        status = 400;
        Failure refused = assertThrows(Failure.class, this::ask);
        assertEquals("Failed to get authorization URL: 400 provider is switched off", refused.getMessage());
        assertEquals(ErrorCode.AUTH, refused.code());
        status = 500;
        assertEquals(
                ErrorCode.UNAVAILABLE, assertThrows(Failure.class, this::ask).code());
        status = 200;
        body = "<html>";
        Failure nonsense = assertThrows(Failure.class, this::ask);
        assertEquals(ErrorCode.PROTOCOL, nonsense.code());
        assertTrue(!nonsense.getMessage().contains("<"), nonsense.getMessage());
    }

    private URI ask() throws InterruptedException {
        URI api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        Retry hasty = new Retry((Duration pause) -> {}, () -> 1);
        return new AuthorizeUrl(api, hasty, line -> {}).ask("github", BACK);
    }
}
