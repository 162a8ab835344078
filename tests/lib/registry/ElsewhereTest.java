package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import lib.ImageReference.Digest;
import lib.registry.ImagePush.LayerCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.RecordedRequest;
import sandbox.RegistryAuth;
import sandbox.Tenant;

/** Layers that may be had from another place than this machine. */
class ElsewhereTest {
    private static final byte[] LAYER = SampleImage.noise(1, 1 << 18);
    private static final SampleImage IMAGE = SampleImage.of(LAYER);

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    @Test
    void whatAnotherRepositoryHasIsSentAgainAndNoTokenIsAskedForIt() throws Exception {
        try (Cloud cloud = start(RegistryAuth.Scheme.BEARER)) {
            push(cloud, "ten_demo");
            cloud.fault("GET /token?*sp-demo* 500");
            cloud.fault("POST /v2/acme/blobs/uploads/?mount* 500");
            push(cloud, "ten_2");
            assertEquals(List.of("pushed", "pushed"), pushing.layers);
            assertEquals(2, cloud.faults().size(), "a fault struck: the other repository was asked for");
        }
    }

    @Test
    void aBlobThatTheRegistryKeepsAtAnotherHostCountsAndThatHostGetsNoCredentials() throws Exception {
        try (Cloud cloud = start(RegistryAuth.Scheme.BASIC);
                Cloud store = start(RegistryAuth.Scheme.BASIC)) {
            push(cloud, "ten_demo");
            LayerCache.Entry layer = pushing.cache
                    .find(Digest.of(LAYER), ImagePush.Compression.GZIP)
                    .orElseThrow();
            moveBlob(cloud, store, layer.digest(), layer.size());
            moveBlob(cloud, store, Digest.of(IMAGE.config()), IMAGE.config().length);
            push(cloud, "ten_demo");
            assertEquals(List.of("pushed", "exists"), pushing.layers);
            assertEquals(2, store.count("HEAD", "/object"));
            assertFalse(store.calls().stream().anyMatch(RecordedRequest::authorized));
        }
    }

    private static void moveBlob(Cloud cloud, Cloud store, Digest blob, long size) {
        String place = "/object?signed=" + blob.hex();
        cloud.fault("HEAD /v2/*/" + blob + " redirect=http://" + store.registryHost() + place);
        store.fault("HEAD " + place + " 200: content-length=" + size);
    }

    /** With a second tenant, of the repository {@code acme}. */
    private static Cloud start(RegistryAuth.Scheme scheme) {
        Cloud cloud = Cloud.builder().registryScheme(scheme).start();
        cloud.put(Tenant.of("ten_2", "two", "acme"));
        return cloud;
    }

    private void push(Cloud cloud, String tenantId) throws Exception {
        Path archive = SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
        pushing.login = Pushing.loginAt(cloud, tenantId);
        String repository = cloud.tenant(tenantId).orElseThrow().appId();
        pushing.push(archive, cloud.registryHost(), repository, "one");
    }
}
