package lib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import harness.Command;
import harness.Jwt;
import harness.TestProject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import lib.Failure.ErrorCode;
import lib.Network.EnvironmentProxy;
import lib.Network.Tls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Behind a company's proxy, with a company's CA. */
@Isolated("it sets the JDK's properties")
class HttpTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path folder;

    private static HttpsServer server;
    private static Path authority;
    private static final List<Map<String, List<String>>> RECEIVED = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void serveWithACertificateOfItsOwn() throws IOException, GeneralSecurityException {
        Path store = folder.resolve("server.p12");
        authority = folder.resolve("company-ca.pem");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=Acme",
                "-ext",
                "bc:critical=ca:true",
                "-ext",
                "san=dns:api.example.com,dns:localhost");
        keytool(store, "-exportcert", "-rfc", "-alias", "a", "-file", authority.toString());
        server = serving(store);
        answer(server);
    }

    private static HttpsServer serving(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(store)) {
            keys.load(content, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private static void answer(HttpServer server) {
        server.createContext("/", exchange -> {
            RECEIVED.add(exchange.getRequestHeaders());
            boolean refused = exchange.getRequestURI().getPath().equals("/refused");
            byte[] text = "server".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(refused ? 401 : 200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    private static void keytool(Path store, String... arguments) {
        Command.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString())
                .with(arguments)
                .with("-keystore", store.toString(), "-storepass", new String(PASSWORD), "-storetype", "PKCS12")
                .run()
                .succeeded();
    }

    @AfterAll
    static void end() {
        server.stop(0);
    }

    private static HttpResponse<byte[]> answer(Map<String, String> variables, String url)
            throws IOException, InterruptedException {
        return Http.send(Http.open(variables), HttpRequest.newBuilder(URI.create(url)), Duration.ofSeconds(20));
    }

    private static String get(Map<String, String> variables, String url) throws IOException, InterruptedException {
        return new String(answer(variables, url).body(), StandardCharsets.US_ASCII);
    }

    private static Map<String, String> behind(LoopbackProxy proxy, String userInfo) {
        Map<String, String> variables = new HashMap<>();
        variables.put("HTTPS_PROXY", "http://" + userInfo + "127.0.0.1:" + proxy.port());
        variables.put("http_proxy", "127.0.0.1:" + proxy.port());
        variables.put("SSL_CERT_FILE", authority.toString());
        return variables;
    }

    @Test
    void aCompanysCaIsTrustedWhenItIsNamed() throws Exception {
        String url = "https://localhost:" + server.getAddress().getPort() + "/";
        assertThrows(SSLException.class, () -> get(Map.of(), url));
        assertEquals("server", get(Map.of("SSL_CERT_FILE", authority.toString()), url));
    }

    /** In the JDK's log of TLS, what is sent stands as it was before it was encrypted. */
    @Test
    void theJdksLogOfTlsShowsNoToken() {
        URI url = URI.create("https://localhost:" + server.getAddress().getPort());
        Path project = folder.resolve("project");
        TestProject.in(project, url).token(Jwt.expiringIn(Duration.ofHours(1)));
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Command.of(java, "-Djavax.net.debug=all", "-cp", System.getProperty("java.class.path"), "registry_token")
                .in(project)
                .env("SSL_CERT_FILE", authority.toString())
                .run()
                .exitedWith(76)
                .errContains("ClientHello")
                .errLacks("laintext");
    }

    @Test
    void whomTheJdkTrustsIsTrustedStill() throws Exception {
        Path other = folder.resolve("other.p12");
        Path otherAuthority = folder.resolve("other-ca.pem");
        keytool(other, "-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=Other");
        keytool(other, "-exportcert", "-rfc", "-alias", "a", "-file", otherAuthority.toString());
        Map<String, String> variables = Map.of("SSL_CERT_FILE", otherAuthority.toString());
        String url = "https://localhost:" + server.getAddress().getPort() + "/";
        assertThrows(SSLException.class, () -> get(variables, url));

        Path known = folder.resolve("known.p12");
        keytool(known, "-importcert", "-noprompt", "-alias", "a", "-file", authority.toString());
        System.setProperty("javax.net.ssl.trustStore", known.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
        try {
            SSLContext context = Tls.context(Optional.of(otherAuthority.toString()));
            HttpClient client = HttpClient.newBuilder().sslContext(context).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            assertEquals("server", client.send(request, BodyHandlers.ofString()).body());
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    @Test
    void aCompanysCaIsTrustedBesideACertificateOfTheUsersOwn() throws Exception {
        String url = "https://localhost:" + server.getAddress().getPort() + "/";
        System.setProperty("javax.net.ssl.keyStore", folder.resolve("own.p12").toString());
        try {
            assertEquals("server", get(Map.of("SSL_CERT_FILE", authority.toString()), url));
        } finally {
            System.clearProperty("javax.net.ssl.keyStore");
        }
    }

    @Test
    void aServerMustProveThatItIsTheOneThatWasAsked() {
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
        assertThrows(SSLException.class, () -> get(Map.of("SSL_CERT_FILE", authority.toString()), url));
    }

    @Test
    void aFileWithoutCertificatesIsNamedWhenItIsNeeded() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        String url = "https://localhost:" + server.getAddress().getPort() + "/";
        for (Path file : List.of(empty, folder.resolve("missing.pem"), folder)) {
            Failure failure = assertThrows(Failure.class, () -> get(Map.of("SSL_CERT_FILE", file.toString()), url));
            assertEquals(ErrorCode.CONFIG, failure.code());
            assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "a key, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', ''",
        "a key after it, '', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n'",
        "a list of revoked ones, '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n', ''",
        "a byte order mark, '\uFEFF', ''",
        "words, 'Subject: CN = Acme -- our own\n', '# end ---\n'",
    })
    void certificatesAreFoundAmongWhatElseTheirFileHolds(String what, String before, String after) throws Exception {
        Path mixed = Files.writeString(
                folder.resolve("mixed.pem"),
                before + Files.readString(authority).strip() + "\n" + after);
        String url = "https://localhost:" + server.getAddress().getPort() + "/";
        // A context is kept for each file name.
        Path file = Files.move(mixed, folder.resolve(what.replace(' ', '-') + ".pem"));
        assertEquals("server", get(Map.of("SSL_CERT_FILE", file.toString()), url));
    }

    @Test
    void aCertificateThatHasEndedIsToldByTheClockAndNotAsUnknown() throws Exception {
        Path store = folder.resolve("ended.p12");
        Path issuer = folder.resolve("issuer.pem");
        keytool(store, "-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Issuer", "-ext", "bc:c=ca:true");
        keytool(store, "-exportcert", "-rfc", "-alias", "ca", "-file", issuer.toString());
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-signer",
                "ca",
                "-startdate",
                "-90d",
                "-validity",
                "30",
                "-ext",
                "san=dns:localhost");
        keytool(store, "-delete", "-alias", "ca");
        HttpsServer ended = serving(store);
        answer(ended);
        try {
            String url = "https://localhost:" + ended.getAddress().getPort() + "/";
            IOException refused =
                    assertThrows(IOException.class, () -> get(Map.of("SSL_CERT_FILE", issuer.toString()), url));
            assertTrue(Http.isUntrusted(refused));
            String reason = Http.reason(refused);
            assertTrue(reason.startsWith("TLS failed: the certificate is not valid by this machine's clock, "), reason);
            assertTrue(reason.contains("NotAfter: "), reason);
            IOException unknown = assertThrows(IOException.class, () -> get(Map.of(), url));
            assertEquals(
                    "TLS failed: unable to find valid certification path to requested target", Http.reason(unknown));
        } finally {
            ended.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, Connection reset", "false, the connection ended before the answer did"})
    void aConnectionThatBreaksIsToldByWhatBrokeIt(boolean reset, String reason) throws Exception {
        try (ServerSocket breaking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try (Socket client = breaking.accept()) {
                    client.getInputStream().read(new byte[8192]);
                    if (reset) client.setSoLinger(true, 0);
                } catch (IOException ended) {
                    // The other side is done.
                }
            });
            answering.start();
            String address = "http://localhost:" + breaking.getLocalPort() + "/";
            IOException broken = assertThrows(IOException.class, () -> get(Map.of(), address));
            assertEquals(reason, Http.reason(broken));
        }
    }

    @Test
    void aHandshakeThatBreaksIsABrokenConnectionAndNoMatterOfTrust() throws Exception {
        try (ServerSocket closing = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try {
                    closing.accept().close();
                } catch (IOException ended) {
                    // The test is done.
                }
            });
            answering.start();
            String url = "https://localhost:" + closing.getLocalPort() + "/";
            IOException broken = assertThrows(IOException.class, () -> get(Map.of(), url));
            assertFalse(Http.isUntrusted(broken));
            assertTrue(Http.reason(broken).startsWith("TLS failed: "), Http.reason(broken));
        }
    }

    @Test
    void requestsGoThroughTheProxyThatTheVariablesName() throws Exception {
        try (LoopbackProxy proxy = new LoopbackProxy(server.getAddress().getPort(), Optional.empty())) {
            assertEquals("server", get(behind(proxy, ""), "https://api.example.com/"));
            assertTrue(
                    proxy.heads().get(0).startsWith("CONNECT api.example.com:443 "),
                    proxy.heads().toString());
            assertEquals("proxy", get(behind(proxy, ""), "http://api.example.com/"));
        }
    }

    @Test
    void theProxysPasswordGoesToTheProxyAndNoFurther() throws Exception {
        String basic = "Basic dXNlcjpwQHNz"; // user:p@ss
        try (LoopbackProxy proxy = new LoopbackProxy(server.getAddress().getPort(), Optional.of(basic))) {
            RECEIVED.clear();
            assertEquals("server", get(behind(proxy, "user:p%40ss@"), "https://api.example.com/"));
            assertFalse(
                    RECEIVED.get(0).keySet().stream().anyMatch(name -> name.equalsIgnoreCase("Proxy-Authorization")));
        }
    }

    @Test
    void aProxyThatAsksWhoComesIsToldOf() throws Exception {
        try (LoopbackProxy proxy = new LoopbackProxy(server.getAddress().getPort(), Optional.of("Basic b3RoZXI="))) {
            for (String user : List.of("", "user:wr0ng@")) {
                Failure failure =
                        assertThrows(Failure.class, () -> get(behind(proxy, user), "https://api.example.com/"));
                assertEquals(ErrorCode.CONFIG, failure.code());
                assertTrue(failure.getMessage().startsWith("The proxy in between asks for a user"));
                assertFalse(failure.getMessage().contains("wr0ng"));
            }
        }
    }

    @Test
    void whatFailsOnTheWayNamesTheProxyThatIsTakenAndNotItsPassword() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Path project = folder.resolve("behind-a-proxy");
        TestProject.in(project, URI.create("https://api.example.com")).token(Jwt.expiringIn(Duration.ofHours(2)));
        Command.of(Path.of(System.getProperty("java.home"), "bin/java").toString())
                .with("-cp", System.getProperty("java.class.path"), "registry_token")
                .in(project)
                .env("HTTPS_PROXY", "http://user:pa55way@127.0.0.1:" + closed)
                .run()
                .exitedWith(69)
                .errContains(": connection refused, by way of the proxy 127.0.0.1:" + closed + "\n")
                .errLacks("pa55way");
        assertEquals(
                "No route to host",
                Http.reason(new ConnectException("No route to host"), URI.create("http://127.0.0.1/")));
    }

    @Test
    void whatIsNoHttpIsSaidInWordsOfNoProgram() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try (Socket client = other.accept()) {
                    String head = "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n";
                    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().read();
                } catch (IOException closed) {
                    // The other side is done.
                }
            });
            answering.start();
            String address = "http://localhost:" + other.getLocalPort() + "/";
            IOException broken = assertThrows(IOException.class, () -> get(Map.of(), address));
            assertTrue(Http.reason(broken).startsWith("no valid HTTP came back: "), Http.reason(broken));
            assertFalse(Http.reason(broken).contains("Exception"), Http.reason(broken));
        }
    }

    @Test
    void aServersOwn401IsStillAnAnswer() throws Exception {
        try (LoopbackProxy proxy =
                new LoopbackProxy(server.getAddress().getPort(), Optional.of("Basic dXNlcjpwQHNz"))) {
            assertEquals(
                    401,
                    answer(behind(proxy, "user:p%40ss@"), "https://api.example.com/refused")
                            .statusCode());
        }
    }

    @Test
    void whatAServerPacksUnaskedIsReadAndNoMoreOfItThanTheLimit() throws Exception {
        assertEquals("{}", new String(received(packed(new byte[] {'{', '}'})), StandardCharsets.UTF_8));
        assertEquals(Http.BODY_LIMIT, received(packed(new byte[50 << 20])).length);
        byte[] plain = "{\"said\": \"gzip\"}".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(plain, received(plain));
    }

    private static byte[] packed(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }

    /** What is read of a body that says of itself that it is packed. */
    private static byte[] received(byte[] body) throws Exception {
        HttpServer packing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        packing.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        packing.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + packing.getAddress().getPort());
            return Http.send(HttpClient.newHttpClient(), HttpRequest.newBuilder(address), Duration.ofSeconds(20))
                    .body();
        } finally {
            packing.stop(0);
        }
    }

    @Test
    void loopbackAndWhatNoProxyNamesGoDirectly() {
        EnvironmentProxy proxy = new EnvironmentProxy(Map.of(
                "HTTPS_PROXY", "http://proxy.example.com:3128",
                "HTTP_PROXY", "http://proxy.example.com",
                "NO_PROXY", "internal.example.com, .corp.example.com,*.lab.example.com,one.example.com:8443"));
        for (String direct : List.of(
                "http://127.0.0.1:5000/",
                "http://localhost/",
                "http://[::1]:80/",
                "https://internal.example.com/",
                "https://api.internal.example.com/",
                "https://x.corp.example.com/",
                "https://y.lab.example.com/",
                "https://one.example.com:8443/")) {
            assertEquals(List.of(Proxy.NO_PROXY), proxy.select(URI.create(direct)), direct);
        }
        for (String proxied :
                List.of("https://notinternal.example.com/", "http://api.example.com/", "https://one.example.com/")) {
            assertEquals(
                    Proxy.Type.HTTP, proxy.select(URI.create(proxied)).get(0).type(), proxied);
        }
        EnvironmentProxy never = new EnvironmentProxy(Map.of("HTTPS_PROXY", "http://p:1", "no_proxy", "*"));
        assertEquals(List.of(Proxy.NO_PROXY), never.select(URI.create("https://api.example.com/")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, https://10.255.0.1/, https://11.0.0.1/",
        "'a, 10.1.128.0/17', https://10.1.200.3:5000/, https://10.1.127.3/",
        "192.0.2.7/32, https://192.0.2.7/, https://192.0.2.8/",
        "0.0.0.0/0, https://198.51.100.1/, https://name.example.com/",
        "2001:db8::/32, https://[2001:db8:1::1]/, https://[2001:db9::1]/",
        "200.0.0.0/7, https://201.0.0.1/, https://202.0.0.1/",
        "10.0.0.0/99, https://localhost/, https://10.0.0.1/",
        "2001:db8::/32, https://127.0.0.1/, https://32.1.13.184/",
    })
    void aNetworkThatNoProxyNamesGoesDirectly(String network, String direct, String proxied) {
        EnvironmentProxy proxy = new EnvironmentProxy(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", network));
        assertEquals(List.of(Proxy.NO_PROXY), proxy.select(URI.create(direct)), direct);
        assertEquals(Proxy.Type.HTTP, proxy.select(URI.create(proxied)).get(0).type(), proxied);
    }

    @Test
    void theJdksOwnPropertiesWin() {
        System.setProperty("https.proxyHost", "jdk.example.com");
        try {
            Proxy chosen = Http.open(Map.of("HTTPS_PROXY", "http://other.example.com:1"))
                    .proxy()
                    .orElseThrow()
                    .select(URI.create("https://api.example.com/"))
                    .get(0);
            assertTrue(chosen.toString().contains("jdk.example.com"), chosen.toString());
        } finally {
            System.clearProperty("https.proxyHost");
        }
    }

    @Test
    void aProxyThatCannotBeUsedIsToldOfWithoutItsPassword() {
        for (String wrong : List.of(
                "socks5://user:s3cret@p:1",
                "http://user:s3 cret@p:1",
                "https://user:s3cret@p",
                "http://user:s3cret@p:0")) {
            EnvironmentProxy proxy = new EnvironmentProxy(Map.of("https_proxy", wrong));
            Failure failure = assertThrows(Failure.class, () -> proxy.select(URI.create("https://api.example.com/")));
            assertEquals("HTTPS_PROXY names no http proxy", failure.getMessage());
            assertFalse(failure.toString().contains("s3") || proxy.toString().contains("s3"));
        }
    }
}
