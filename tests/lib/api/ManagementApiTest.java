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
import java.util.Locale;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.ImageReference;
import lib.Retry;
import lib.Secret;
import lib.api.ManagementApi.Bearer;
import lib.project.ApiCredentials;
import lib.project.Tenant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.Generation;

class ManagementApiTest {
    private static final Tenant.Id TENANT = new Tenant.Id("ten_demo");
    private static final ImageReference IMAGE = ImageReference.of("registry.example.com", "acme", "t");

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
                RegistryToken token = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO)
                        .registryToken(TENANT);
                assertEquals(cloud.registryHost(), token.registry());
                assertEquals(generation == Generation.G2, token.repository().isPresent());
            }
        }
    }

    @Test
    void exchangesOnceForManyCalls() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            api.registryToken(TENANT);
            api.registryToken(TENANT);
            Deployment.of(api, TENANT);
            assertEquals(1, cloud.count("POST", "token"));
            assertEquals(3, cloud.count("GET", "registry-token"), "one refused, two granted");
        }
    }

    @Test
    void exchangesAgainWhenTheBearerIsAboutToEndOrIsRevoked() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.EXCHANGE);
            Deployment.of(api, TENANT);
            cloud.revokeExchangedTokens();
            Deployment.of(api, TENANT);
            assertEquals(2, cloud.count("POST", "token"));
            now = now.plus(Duration.ofDays(1));
            Deployment.of(api, TENANT);
            assertEquals(3, cloud.count("POST", "token"));
        }
    }

    @Test
    void directModeNeverExchanges() {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.DIRECT);
            Failure failure = assertThrows(Failure.class, () -> Deployment.of(api, TENANT));
            assertEquals("Authentication failed", failure.getMessage());
            assertEquals(0, cloud.count("POST", "token"));
        }
    }

    @Test
    void aFailingExchangeReportsTheOriginalRefusal() {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            cloud.fault("POST token 500 x*");
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            Failure failure = assertThrows(Failure.class, () -> Deployment.of(api, TENANT));
            assertTrue(failure.getMessage().startsWith("Authentication failed ("), failure.getMessage());
            assertTrue(failure.getMessage().contains("500"), failure.getMessage());
            assertEquals(ErrorCode.AUTH, failure.code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST token 503 x2", "POST token cut x2", "POST token reset x2"})
    void aPassingFailureOfTheExchangeIsNoRefusal(String fault) throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            cloud.fault(fault);
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            assertEquals("ready", Deployment.of(api, TENANT).status());
            assertEquals(2, slept.size());
        }
    }

    @Test
    void aServerThatExchangesNoTokensLeavesTheFirstAnswerAlone() {
        for (String none : List.of("404", "404=no such route", "405", "404:<html><title>Not Found</title></html>")) {
            try (Cloud cloud = Cloud.start()) {
                cloud.fault("GET registry-token 403=Not yours x*");
                cloud.fault("POST token " + none + " x*");
                ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
                Failure failure = assertThrows(Failure.class, () -> api.registryToken(TENANT));
                assertEquals("Not yours", failure.getMessage());
                assertEquals(1, cloud.count("POST", "token"));
                ManagementApi exchanging = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.EXCHANGE);
                Failure asked = assertThrows(Failure.class, () -> exchanging.registryToken(TENANT));
                assertTrue(asked.getMessage().contains("this API exchanges no tokens"), asked.getMessage());
            }
        }
    }

    @Test
    void aPageOfAFirewallIsNoRefusalOfABearerAndNothingOfItIsShownButItsTitle() throws Exception {
        String page = "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>";
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            cloud.fault("GET status 403:" + page + " x*");
            cloud.fault("GET registry-token 403:" + page + " x*");
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            Failure status = assertThrows(Failure.class, () -> Deployment.of(api, TENANT));
            assertTrue(
                    status.getMessage()
                            .endsWith(": 403 from something before the API: 'Attention Required! | Cloudflare'"),
                    status.getMessage());
            Failure token = assertThrows(Failure.class, () -> api.registryToken(TENANT));
            assertTrue(token.getMessage().endsWith("'Attention Required! | Cloudflare'"), token.getMessage());
            assertTrue(token.hint().contains("firewall"), token.hint());
            assertEquals(0, cloud.count("POST", "token"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 520, 522, 527, 530})
    void aPassingHiccupOfAGetIsTriedAgain(int status) throws InterruptedException {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("GET registry-token " + status + ":<html>" + status + "</html>");
            api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO).registryToken(TENANT);
            assertEquals(2, cloud.count("GET", "registry-token"));
            assertEquals(1, slept.size());
        }
    }

    @Test
    void theSentenceOfAMissingRegistryIsKnownInWhateverEnvelope() throws Exception {
        String sentence = "Registry service not available";
        for (String body : List.of(
                "{\"message\": \"" + sentence + "\"}",
                "{\"errors\": [{\"detail\": \"" + sentence + "\"}]}",
                "{\"detail\": {\"reason\": \"" + sentence.toLowerCase(Locale.ROOT) + "\"}}",
                sentence)) {
            for (int status : List.of(400, 500, 503)) {
                ManagementApi api = answering(status, body);
                Failure failure = assertThrows(Failure.class, () -> api.registryToken(TENANT));
                assertEquals(sentence, failure.getMessage());
                assertEquals("Contact admin", failure.hint());
                assertEquals(ErrorCode.UNAVAILABLE, failure.code());
                assertEquals(List.of(), slept, "one request");
            }
        }
    }

    @Test
    void anErrorIsOneWhateverTheStatus() throws Exception {
        ManagementApi api = answering(200, "{\"error\": {\"message\": \"Registry service not available\"}}");
        Failure failure = assertThrows(Failure.class, () -> api.registryToken(TENANT));
        assertEquals("Contact admin", failure.hint());
        ManagementApi other = answering(200, "{\"error\": {\"message\": \"closed\"}}");
        Failure closed = assertThrows(Failure.class, () -> Deployment.of(other, TENANT));
        assertTrue(closed.getMessage().endsWith(": 200 closed"), closed.getMessage());
    }

    @Test
    void aSuccessWithoutWhatWasAskedForSaysWhy() throws Exception {
        for (String body : List.of(
                "{\"success\": false, \"message\": \"tenant suspended\"}",
                "{\"error\": \"tenant suspended\", \"data\": null}",
                "{\"errors\": [{\"message\": \"tenant suspended\"}]}",
                "{\"status\": \"error\", \"message\": \"tenant suspended\"}")) {
            Failure failure =
                    assertThrows(Failure.class, () -> answering(200, body).registryToken(TENANT), body);
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertTrue(failure.getMessage().endsWith(": no field 'registry': tenant suspended"), failure.getMessage());
        }
        String known = "{\"success\": false, \"message\": \"Registry service not available\"}";
        Failure failure =
                assertThrows(Failure.class, () -> answering(200, known).registryToken(TENANT));
        assertEquals("Contact admin", failure.hint());
    }

    @Test
    void aPageInAFieldOfAnAnswerIsNotTakenForTheAnswer() throws Exception {
        String body = "{\"status\": \"provisioning\", \"message\": \"<html><title>502</title></html>\"}";
        assertEquals("provisioning", Deployment.of(answering(200, body), TENANT).status());
        Failure failure = assertThrows(Failure.class, () -> answering(200, body).registryToken(TENANT));
        assertTrue(failure.getMessage().contains("unexpected response: no field 'registry'"), failure.getMessage());
    }

    @Test
    void aPageThatIsNotFoundSaysNothingOfATenant() throws Exception {
        ManagementApi api = answering(404, "<html><title>404 Not Found</title></html>");
        Failure failure = assertThrows(Failure.class, () -> Deployment.of(api, TENANT));
        assertEquals(ErrorCode.PROTOCOL, failure.code());
        assertTrue(failure.getMessage().endsWith("before the API: '404 Not Found'"), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\": %s}", "%s"})
    void aDeployCallThatSaysItFailedHasFailed(String envelope) throws Exception {
        String body = envelope.replace("%s", "{\"status\": \"failed\", \"message\": \"no capacity\"}");
        ManagementApi api = answering(200, body);
        Failure failure = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, IMAGE));
        assertEquals(ErrorCode.DEPLOY_FAILED, failure.code());
        assertEquals("The tenant is 'failed': no capacity", failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "OK", "{\"data\": {\"message\": \"started\"}}", "{\"status\": 1}"})
    void aSuccessOfADeployCallThatCannotBeReadMayBeOne(String body) throws Exception {
        ManagementApi api = answering(202, body);
        Failure failure = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, IMAGE));
        assertEquals(ErrorCode.OUTCOME_UNKNOWN, failure.code());
        assertTrue(failure.getMessage().contains("may or may not have been accepted"), failure.getMessage());
    }

    @Test
    void aProxysOwnFormOfAnErrorIsReadAsAPersonWould() throws Exception {
        ManagementApi api = answering(418, "{\"message\": \"no Route matched with those values\"}");
        Failure failure = assertThrows(Failure.class, () -> Deployment.of(api, TENANT));
        assertTrue(failure.getMessage().endsWith(": 418 no Route matched with those values"), failure.getMessage());
    }

    @Test
    void whatRefusesATokenIsToldInWhateverEnvelope() {
        for (String body : List.of(
                "{\"detail\": [{\"loc\": [\"path\"], \"msg\": \"too many tenants\"}]}",
                "\ufeff{\"message\": \"too many tenants\", \"token\": \"e2a4-n0body\"}",
                "[{\"title\": \"too many tenants\"}]")) {
            Failure failure =
                    assertThrows(Failure.class, () -> answering(409, body).registryToken(TENANT), body);
            assertTrue(failure.getMessage().endsWith(": 409 too many tenants"), failure.getMessage());
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
        assertTrue(missing.getMessage().contains("no field 'token' or 'password'"), missing.getMessage());
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
                for (Executable call : List.<Executable>of(() -> api.registryToken(TENANT), () -> Account.of(api))) {
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
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            Failure failure = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, image(cloud)));
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
        ManagementApi api = api(nobody, Secret.of("a.b.c"), Bearer.AUTO);
        Failure failure = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, IMAGE));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("connection refused"), failure.getMessage());
        assertEquals(2, slept.size());
    }

    @Test
    void aDeployWhoseHandshakeBrokeWasNeverSentAndIsTriedAgain() throws IOException {
        try (ServerSocket closing = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            Thread closer = new Thread(() -> {
                try {
                    while (true) closing.accept().close();
                } catch (IOException ended) {
                    // The test is done.
                }
            });
            closer.start();
            ManagementApi api =
                    api(URI.create("https://127.0.0.1:" + closing.getLocalPort()), Secret.of("h.s.k"), Bearer.AUTO);
            Failure failure = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, IMAGE));
            assertEquals(ErrorCode.UNAVAILABLE, failure.code(), failure.getMessage());
            assertEquals(2, slept.size());
        }
    }

    @Test
    void aDeployRefusedForItsBearerIsRepeatedOnceWithAnother() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            ManagementApi api = api(URI.create(cloud.apiUrl()), cloud.operatorToken(), Bearer.AUTO);
            Failure refused = assertThrows(Failure.class, () -> Deployment.start(api, TENANT, image(cloud)));
            assertEquals(ErrorCode.DEPLOY_FAILED, refused.code(), "its registry holds no such image");
            assertEquals(2, cloud.count("POST", "deploy"));
        }
    }

    @Test
    void theLogNamesCallsAndNoSecret() throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            Secret operator = cloud.operatorToken();
            RegistryToken token =
                    api(URI.create(cloud.apiUrl()), operator, Bearer.AUTO).registryToken(TENANT);
            String said = String.join("\n", log) + token;
            assertTrue(said.contains("GET /api/v1/tenants/ten_demo/registry-token 200"), said);
            assertFalse(
                    said.contains(operator.reveal())
                            || said.contains(token.password().reveal()),
                    said);
        }
    }

    private static ImageReference image(Cloud cloud) {
        return ImageReference.of(cloud.registryHost(), "sp-demo", "none");
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
        return api(url, Secret.of("a.b.c"), Bearer.AUTO);
    }

    private ManagementApi api(URI url, Secret token, Bearer mode) {
        ApiCredentials credentials = new ApiCredentials(token, url, Optional.empty());
        ApiCall.Client client = new ApiCall.Client(url, Http::shared, new Retry(slept::add, () -> 1.0), log::add);
        return new ManagementApi(credentials, client, mode, clock());
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
