package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Path;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Secret;
import lib.Secret.Credential;
import lib.registry.RegistryClient.PushPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.RecordedRequest;
import sandbox.RegistryAuth;

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
            PushPermission refused = prove(registry.name(), new Credential("registry", "alice", Secret.of("wrong")));
            assertTrue(assertInstanceOf(PushPermission.LoginRefused.class, refused)
                    .sentence()
                    .contains("401"));
        }
    }

    @Test
    void isProvenWithABearerTokenAndTheUploadCancelled() throws Exception {
        try (Cloud cloud =
                Cloud.builder().registryScheme(RegistryAuth.Scheme.BEARER).start()) {
            assertEquals(new PushPermission.Granted(), prove(cloud));
            assertEquals(1, cloud.count("POST", "uploads"));
            RecordedRequest last = cloud.calls().get(cloud.calls().size() - 1);
            assertEquals("DELETE", last.method());
            assertEquals(204, last.status().orElseThrow());
        }
    }

    @Test
    void aLoginThatMayPullButNotPushIsDeniedInTheRegistrysWords() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("POST uploads 403=read only");
            PushPermission.Denied denied = assertInstanceOf(PushPermission.Denied.class, prove(cloud));
            assertTrue(denied.mayPull());
            assertTrue(
                    denied.sentence().endsWith("/v2/sp-demo/blobs/uploads/: 403 DENIED: read only"), denied.sentence());
        }
    }

    @Test
    void aTokenWithoutThePushScopeIsDenied() throws Exception {
        try (Cloud cloud =
                Cloud.builder().registryScheme(RegistryAuth.Scheme.BEARER).start()) {
            cloud.pullOnlyCredentials(true);
            assertInstanceOf(PushPermission.Denied.class, prove(cloud));
            assertEquals(2, cloud.count("GET", "token"));
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

    private PushPermission prove(Cloud cloud) throws InterruptedException {
        return prove(cloud.registryHost(), "sp-demo", Pushing.loginAt(cloud, "ten_demo"));
    }

    private PushPermission prove(String registry, Credential login) throws InterruptedException {
        return prove(registry, "acme", login);
    }

    private PushPermission prove(String registry, String repository, Credential login) throws InterruptedException {
        pushing.login = login;
        return PushPermission.prove(pushing.client(ImageReference.of(registry, repository, "latest")));
    }
}
