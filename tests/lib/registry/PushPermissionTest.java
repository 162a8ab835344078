package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Secret;
import lib.Secret.Credential;
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
            assertEquals(Optional.empty(), refusal(registry.name(), RealRegistry.LOGIN));
            assertEquals(0, registry.openUploads("acme"));
        }
    }

    @Test
    void aWrongPasswordIsARefusedLogin(@TempDir Path folder) throws Exception {
        try (RealRegistry registry = RealRegistry.start(folder)) {
            Failure refused = refusal(registry.name(), new Credential("registry", "alice", Secret.of("wrong")))
                    .orElseThrow();
            String message = refused.getMessage();
            assertTrue(message.startsWith("The registry does not accept its token: "), message);
            assertTrue(message.contains("401"), message);
        }
    }

    @Test
    void isProvenWithABearerTokenAndTheUploadCancelled() throws Exception {
        try (Cloud cloud =
                Cloud.builder().registryScheme(RegistryAuth.Scheme.BEARER).start()) {
            assertEquals(Optional.empty(), refusal(cloud));
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
            String message = refusal(cloud).orElseThrow().getMessage();
            assertTrue(message.contains("may pull from") && message.contains("but not push to it: POST "), message);
            assertTrue(message.endsWith("/v2/sp-demo/blobs/uploads/: 403 DENIED: read only"), message);
        }
    }

    @Test
    void aTokenWithoutThePushScopeIsDenied() throws Exception {
        try (Cloud cloud =
                Cloud.builder().registryScheme(RegistryAuth.Scheme.BEARER).start()) {
            cloud.pullOnlyCredentials(true);
            String message = refusal(cloud).orElseThrow().getMessage();
            assertTrue(message.startsWith("The registry token may "), message);
            assertEquals(2, cloud.count("GET", "token"));
        }
    }

    @Test
    void aRegistryOutOfReachIsNoAnswer() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Failure failure = assertThrows(Failure.class, () -> refusal("127.0.0.1:" + port, RealRegistry.LOGIN));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
    }

    private Optional<Failure> refusal(Cloud cloud) throws InterruptedException {
        return refusal(cloud.registryHost(), "sp-demo", Pushing.loginAt(cloud, "ten_demo"));
    }

    private Optional<Failure> refusal(String registry, Credential login) throws InterruptedException {
        return refusal(registry, "acme", login);
    }

    private Optional<Failure> refusal(String registry, String repository, Credential login)
            throws InterruptedException {
        pushing.login = login;
        return pushing.client(ImageReference.of(registry, repository, "latest")).pushRefusal();
    }
}
