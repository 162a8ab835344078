package lib.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.HttpClients;
import lib.Reference;
import lib.Secret;
import lib.project.ApiCredentials;
import lib.project.Tenant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import sandbox.Cloud;
import sandbox.Generation;

class ManagementApiTest {
    private static final Tenant.Id TENANT = new Tenant.Id("ten_demo");
    private static final Reference IMAGE = Reference.of("registry.example.com", "acme", "t");

    private final List<String> log = new ArrayList<>();
    private final List<Duration> slept = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) server.stop(0);
    }

    @Test
    void bothGenerationsHandOutTheSameToken() throws InterruptedException {
        for (Generation generation : Generation.values()) {
            try (Cloud cloud = Cloud.builder().generation(generation).start()) {
                RegistryToken token = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.AUTO)
                        .registryToken(TENANT);
                assertEquals(cloud.registryHost(), token.registry());
                assertEquals(generation == Generation.G2, token.repository().isPresent());
            }
        }
    }

    @Test
    void exchangesOnceForManyCalls() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.AUTO);
            api.registryToken(TENANT);
            api.registryToken(TENANT);
            api.status(TENANT);
            assertEquals(1, cloud.count("POST", "token"));
            assertEquals(3, cloud.count("GET", "registry-token"), "one refused, two granted");
        }
    }

    @Test
    void exchangesAgainWhenTheBearerIsAboutToEndOrIsRevoked() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.EXCHANGE);
            api.status(TENANT);
            cloud.revokeExchangedTokens();
            api.status(TENANT);
            assertEquals(2, cloud.count("POST", "token"));
            now = now.plus(Duration.ofDays(1));
            api.status(TENANT);
            assertEquals(3, cloud.count("POST", "token"));
        }
    }

    @Test
    void directModeNeverExchanges() {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.DIRECT);
            Failure failure = assertThrows(Failure.class, () -> api.status(TENANT));
            assertEquals("Authentication failed", failure.getMessage());
            assertEquals(0, cloud.count("POST", "token"));
        }
    }

    @Test
    void aFailingExchangeReportsTheOriginalRefusal() {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            cloud.fault("POST token 500 x*");
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.AUTO);
            Failure failure = assertThrows(Failure.class, () -> api.status(TENANT));
            assertTrue(failure.getMessage().startsWith("Authentication failed ("), failure.getMessage());
            assertTrue(failure.getMessage().contains("500"), failure.getMessage());
            assertEquals(ErrorCode.AUTH, failure.code());
        }
    }

    @Test
    void readsEverySpellingOfATokenAndNamesAFieldThatIsMissing() throws Exception {
        assertEquals(
                "p",
                token("{\"registry\":\"r.io\",\"user\":\"u\",\"password\":\"p\",\"repo\":\"a/b\"}")
                        .password()
                        .reveal());
        assertEquals(
                Optional.of("a/b"),
                token("{\"registry\":\"r.io\",\"user\":\"u\",\"password\":\"p\",\"repo\":\"a/b\"}")
                        .repository());
        assertEquals(
                "t",
                token("{\"data\":{\"registry\":\"r.io\",\"username\":\"u\",\"token\":\"t\",\"password\":\"p\"}}")
                        .password()
                        .reveal());
        Failure missing = assertThrows(
                Failure.class,
                () -> token("{\"data\":{\"registry\":\"r.io\",\"username\":\"u\",\"secret\":\"hush\"}}"));
        assertEquals(ErrorCode.PROTOCOL, missing.code());
        assertTrue(missing.getMessage().contains("no token (or password)"), missing.getMessage());
        assertFalse(missing.getMessage().contains("hush"));
    }

    @Test
    void ofAnAnswerThatShouldHoldASecretNothingIsQuotedButAnErrorsSentence() throws IOException {
        String secret = "t0ken-n0body-knows-yet";
        List<String> bodies = List.of(
                "{\"error\": {\"code\": \"e\", \"message\": \"was %s\"}, \"data\": {\"refresh_token\": \"%s\"}}",
                "{\"error\": \"e\", \"error_description\": \"was %s\"}",
                "{\"error\": {\"message\": \"was %s\"}, \"tenants\": [{\"database-url\": \"%s\"}]}",
                "{\"x\": \"%s\"}",
                "[\"%s\"]",
                "%s",
                "<html><title>%s</title></html>",
                "{\"error\": {\"message\": \"was %s");
        for (String body : bodies) {
            for (int status : List.of(200, 302, 400, 401, 403, 404, 429, 500, 503)) {
                ManagementApi api = answering(status, body.replace("%s", secret));
                for (Executable call : List.<Executable>of(() -> api.registryToken(TENANT), api::account)) {
                    Failure failure = assertThrows(Failure.class, call, status + " " + body);
                    assertFalse(failure.getMessage().contains("n0body"), failure.getMessage());
                }
            }
        }
        Failure worded = assertThrows(
                Failure.class,
                () -> answering(400, "{\"error\": {\"message\": \"it was Zm9vYmFyYmF6cXV1eDAxMjM0, of ten_demo\"}}")
                        .registryToken(TENANT));
        assertTrue(worded.getMessage().endsWith(": 400 it was ****, of ten_demo"), worded.getMessage());
    }

    @Test
    void refusesWhatCouldBecomeAnOptionOrAPath() {
        List<String> hostile = List.of(
                "{\"registry\":\"--config=x\",\"username\":\"u\",\"token\":\"t\"}",
                "{\"registry\":\"r.io/../x\",\"username\":\"u\",\"token\":\"t\"}",
                "{\"registry\":\"r.io\",\"username\":\"-H\",\"token\":\"t\"}",
                "{\"registry\":\"r.io\",\"username\":\"u\\nx\",\"token\":\"t\"}",
                "{\"registry\":\"r.io\",\"username\":\"u\",\"token\":\"t\\n\"}",
                "{\"registry\":\"r.io\",\"username\":\"u\",\"token\":\"t\",\"repository\":\"../x\"}",
                "{\"registry\":\"r.io\",\"username\":\"u\",\"token\":\"t\",\"tag\":\"-x\"}");
        for (String body : hostile) {
            assertEquals(
                    ErrorCode.PROTOCOL,
                    assertThrows(Failure.class, () -> token(body), body).code());
        }
    }

    @Test
    void aDeployThatMayHaveBeenAcceptedIsLookedAtOnceAndNeverRepeated() {
        try (Cloud cloud = Cloud.builder().start()) {
            cloud.fault("POST deploy cut");
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.AUTO);
            Failure failure = assertThrows(Failure.class, () -> api.deploy(TENANT, image(cloud)));
            assertEquals(ErrorCode.OUTCOME_UNKNOWN, failure.code());
            assertTrue(failure.getMessage().contains("the tenant is now '"), failure.getMessage());
            assertEquals(1, cloud.count("POST", "deploy"));
            assertEquals(1, cloud.count("GET", "status"));
        }
    }

    @Test
    void aDeployThatWasNeverSentIsTriedAgain() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
        ManagementApi api = api(nobody, Secret.of("a.b.c"), Bearer.Mode.AUTO);
        Failure failure = assertThrows(Failure.class, () -> api.deploy(TENANT, IMAGE));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("connection refused"), failure.getMessage());
        assertEquals(2, slept.size());
    }

    @Test
    void aDeployRefusedForItsBearerIsRepeatedOnceWithAnother() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.Mode.AUTO);
            Failure refused = assertThrows(Failure.class, () -> api.deploy(TENANT, image(cloud)));
            assertEquals(ErrorCode.DEPLOY_FAILED, refused.code(), "its registry holds no such image");
            assertEquals(2, cloud.count("POST", "deploy"));
        }
    }

    @Test
    void theLogNamesCallsAndNoSecret() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            Secret operator = cloud.operatorToken();
            RegistryToken token =
                    api(URI.create(cloud.apiUrl()), operator, Bearer.Mode.AUTO).registryToken(TENANT);
            String said = String.join("\n", log) + token;
            assertTrue(said.contains("GET /api/v1/tenants/ten_demo/registry-token 200"), said);
            assertFalse(
                    said.contains(operator.reveal())
                            || said.contains(token.password().reveal()),
                    said);
        }
    }

    private static Reference image(Cloud cloud) {
        return Reference.of(cloud.registryHost(), "sp-demo", "none");
    }

    /** What the API reads out of this body. */
    private RegistryToken token(String body) throws IOException, InterruptedException {
        return answering(200, body).registryToken(TENANT);
    }

    private ManagementApi answering(int status, String body) throws IOException {
        stop();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return api(url, Secret.of("a.b.c"), Bearer.Mode.AUTO);
    }

    private ManagementApi api(URI url, Secret token, Bearer.Mode mode) {
        ApiCredentials credentials = new ApiCredentials(token, url, Optional.empty());
        Http http = new Http(url, HttpClients::shared, log::add);
        return new ManagementApi(
                credentials, http, new Bearer(credentials, http, mode, clock()), new Retry(slept::add, () -> 1.0));
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }
}
