package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Path;
import lib.ErrorCode;
import lib.Failure;
import lib.Reference;
import lib.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushPermissionTest {
    private final Pushing pushing = new Pushing();

    @Test
    void isProvenAtARealRegistryAndLeavesNothingThere(@TempDir Path folder) throws Exception {
        try (RealRegistry registry = RealRegistry.start(folder)) {
            assertEquals(new PushPermission.Granted(), prove(registry.name(), RealRegistry.LOGIN));
            assertEquals(0, registry.openUploads("acme"));
        }
    }

    @Test
    void aWrongPasswordIsARefusedLogin(@TempDir Path folder) throws Exception {
        try (RealRegistry registry = RealRegistry.start(folder)) {
            PushPermission refused = prove(registry.name(), new RegistryLogin("alice", Secret.of("wrong")));
            assertTrue(assertInstanceOf(PushPermission.LoginRefused.class, refused)
                    .sentence()
                    .contains("401"));
        }
    }

    @Test
    void isProvenWithABearerToken() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            assertEquals(new PushPermission.Granted(), prove(registry.name(), RealRegistry.LOGIN));
            assertTrue(registry.uploads.isEmpty());
            assertEquals(1, registry.count("DELETE /v2/acme/blobs/uploads/u1?_state=a%2Fb"));
        }
    }

    @Test
    void aLoginThatMayPullButNotPushIsDeniedInTheRegistrysWords() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            registry.fault = exchange -> exchange.getRequestMethod().equals("POST")
                    && FakeRegistry.answer(exchange, 403, FakeRegistry.error("DENIED", "read only"));
            PushPermission.Denied denied =
                    assertInstanceOf(PushPermission.Denied.class, prove(registry.name(), RealRegistry.LOGIN));
            assertTrue(denied.mayPull());
            assertTrue(denied.sentence().endsWith("/v2/acme/blobs/uploads/: 403 DENIED: read only"), denied.sentence());
        }
    }

    @Test
    void aTokenWithoutThePushScopeIsDenied() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            registry.fault = exchange -> {
                if (!exchange.getRequestMethod().equals("POST")) return false;
                String challenge = "Bearer realm=\"" + registry.realm + "\",error=\"insufficient_scope\"";
                exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
                return FakeRegistry.answer(exchange, 401, FakeRegistry.error("UNAUTHORIZED", "push denied"));
            };
            assertInstanceOf(PushPermission.Denied.class, prove(registry.name(), RealRegistry.LOGIN));
            assertEquals(2, registry.count("GET /token"));
        }
    }

    @Test
    void aRegistryOutOfReachIsNoAnswer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Failure failure = assertThrows(Failure.class, () -> prove("127.0.0.1:" + port, RealRegistry.LOGIN));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
    }

    private PushPermission prove(String registry, RegistryLogin login) throws InterruptedException {
        return PushPermission.prove(pushing.client(), Reference.of(registry, "acme", "latest"), login);
    }
}
