package lib.registry;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Retry;
import lib.Secret.Credential;
import lib.registry.ImagePush.Compression;
import lib.registry.ImagePush.LayerCache;
import lib.registry.ImagePush.LayerState;
import sandbox.Cloud;
import sandbox.RegistryCredential;

/** A push as a test makes it: with a sleep that only notes its length, and all that was told on the way. */
final class Pushing {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final List<Duration> sleeps = new CopyOnWriteArrayList<>();
    final List<String> layers = new CopyOnWriteArrayList<>();
    LayerCache cache = LayerCache.inMemory();
    Compression compression = Compression.GZIP;
    Credential login = RealRegistry.LOGIN;
    Duration limit = Duration.ofSeconds(20);

    RegistryClient client(ImageReference target) {
        return RegistryClient.of(HTTP, limit, new Retry(sleeps::add, () -> 1), target, login);
    }

    /** Returns a login that the sandbox hands out for its tenant. */
    static Credential loginAt(Cloud cloud, String tenantId) {
        RegistryCredential credential = cloud.credential(tenantId);
        return new Credential(cloud.registryHost(), credential.username(), credential.password());
    }

    ImagePush.Pushed push(Path archive, String registry, String repository, String tag) throws InterruptedException {
        ImagePush.Progress progress = new ImagePush.Progress() {
            @Override
            public void layerDone(Digest layer, LayerState state) {
                layers.add(state.toString());
            }
        };
        RegistryClient client = client(ImageReference.of(registry, repository, tag));
        return new ImagePush(client, compression, cache, progress).push(SampleImage.open(archive));
    }
}
