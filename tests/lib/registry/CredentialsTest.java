package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import lib.ErrorCode;
import lib.Failure;
import lib.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.noise(1, 1 << 18));

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    @Test
    void fetchesABearerTokenForPullAndPushOfThisRepository() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            push(registry);
            String wanted = "GET /token?account=alice&service=fake&scope=repository%3Aacme%3Apull%2Cpush";
            assertEquals(1, registry.count(wanted));
            assertEquals(1, registry.manifests.size());
        }
    }

    @Test
    void renewsATokenThatEndsInTheMiddleOfAPush() throws Exception {
        for (String moment : List.of("POST", "PATCH", "PUT /v2/acme/blobs", "PUT /v2/acme/manifests")) {
            try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
                AtomicInteger calls = new AtomicInteger();
                registry.fault = exchange -> {
                    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
                    if (request.startsWith(moment) && calls.getAndIncrement() == 0) registry.tokens.incrementAndGet();
                    return false;
                };
                push(registry);
                assertEquals(1, registry.manifests.size(), moment);
                assertEquals(List.of(), pushing.sleeps, moment);
            }
        }
    }

    @Test
    void aTokenServersRefusalIsAFailedLogin() throws Exception {
        pushing.login = new RegistryLogin("alice", Secret.of("wrong"));
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            RefusedException refused = assertThrows(RefusedException.class, () -> push(registry));
            assertEquals(ErrorCode.LOGIN_FAILED, refused.failure().code());
            assertEquals(1, registry.count("GET /token"));
        }
    }

    @Test
    void aRegistryThatForgetsEachTokenIsAskedOnlyOnceMore() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            registry.fault = exchange -> {
                if (exchange.getRequestMethod().equals("POST")) registry.tokens.incrementAndGet();
                return false;
            };
            RefusedException refused = assertThrows(RefusedException.class, () -> push(registry));
            assertEquals(ErrorCode.PUSH_FAILED, refused.failure().code());
            assertTrue(registry.count("GET /token") <= 3, () -> registry.requests.toString());
        }
    }

    @Test
    void neverSendsThePasswordToARealmThatCanBeOverheard() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            registry.realm = "http://tokens.example.com/token";
            Failure failure = assertThrows(Failure.class, () -> push(registry));
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertTrue(failure.getMessage().contains("not https"), failure.getMessage());
            assertEquals(List.of(), registry.authorizations);
        }
    }

    @Test
    void anAddressThatNoRequestCanBeSentToIsNoAnswerOfARegistry() throws Exception {
        for (String address : List.of("https://r.io:99999/t", "https://r.io:0/t", "https://1.2.3/t", "https:///t")) {
            try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
                registry.realm = address;
                Failure failure = assertThrows(Failure.class, () -> push(registry), address);
                assertEquals(ErrorCode.PROTOCOL, failure.code(), address);
            }
            try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
                registry.fault = exchange -> {
                    if (!exchange.getRequestMethod().equals("POST")) return false;
                    exchange.getResponseHeaders().set("Location", address);
                    return FakeRegistry.answer(exchange, 202, "");
                };
                Failure failure = assertThrows(Failure.class, () -> push(registry), address);
                assertEquals(ErrorCode.PROTOCOL, failure.code(), address);
            }
        }
    }

    @Test
    void anUploadsPlaceOnAnotherHostGetsTheBytesWithoutCredentials() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC);
                FakeRegistry other = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            registry.fault = exchange -> {
                if (!exchange.getRequestMethod().equals("POST")) return false;
                exchange.getResponseHeaders().set("Location", "http://" + other.name() + "/elsewhere");
                return FakeRegistry.answer(exchange, 202, "");
            };
            other.fault = exchange ->
                    FakeRegistry.answer(exchange, exchange.getRequestMethod().equals("PATCH") ? 202 : 201, "");
            push(registry);
            assertTrue(other.count("PATCH /elsewhere") > 0);
            assertEquals(List.of(), other.authorizations);
        }
    }

    @Test
    void followsNoRedirectWithCredentials() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC);
                FakeRegistry other = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            registry.fault = exchange -> {
                if (exchange.getRequestHeaders().getFirst("Authorization") == null) return false;
                exchange.getResponseHeaders().set("Location", "http://" + other.name() + exchange.getRequestURI());
                return FakeRegistry.answer(exchange, 307, "");
            };
            assertEquals(
                    ErrorCode.PROTOCOL,
                    assertThrows(Failure.class, () -> push(registry)).code());
            assertEquals(List.of(), other.requests);
        }
    }

    @Test
    void refusesAClientThatFollowsRedirects() {
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThrows(IllegalArgumentException.class, () -> new RegistryClient(following));
    }

    @Test
    void speaksPlainHttpToLoopbackAlone() {
        for (String name : List.of("localhost:5000", "127.0.0.1", "127.9.8.7:80", "[::1]:5000"))
            assertEquals("http", Endpoint.of(name).root().getScheme(), name);
        for (String name : List.of("127.0.0.1.example.com", "localhost.example.com", "registry.example.com", "[::2]:1"))
            assertEquals("https", Endpoint.of(name).root().getScheme(), name);
    }

    @Test
    void thePasswordIsInNoMessageEvenIfTheRegistrySaysItBack() throws Exception {
        String password = RealRegistry.LOGIN.password().reveal();
        String basic = RealRegistry.LOGIN.basic().reveal();
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            registry.fault = exchange -> exchange.getRequestMethod().equals("POST")
                    && FakeRegistry.answer(exchange, 403, FakeRegistry.error("DENIED", password + " " + basic));
            RefusedException refused = assertThrows(RefusedException.class, () -> push(registry));
            StringWriter trace = new StringWriter();
            refused.printStackTrace(new PrintWriter(trace));
            assertTrue(refused.getMessage().contains("DENIED: **** ****"), refused.getMessage());
            assertFalse(trace.toString().contains(password) || trace.toString().contains(basic));
        }
    }

    private void push(FakeRegistry registry) throws Exception {
        Path archive = SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
        pushing.push(archive, registry.name(), "acme", "one");
    }
}
