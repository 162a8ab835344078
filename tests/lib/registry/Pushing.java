package lib.registry;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.Digest;
import lib.ImageReference;
import sandbox.Cloud;
import sandbox.RegistryCredential;

/** A push as a test makes it: with a sleep that only notes its length, and all that was told on the way. */
final class Pushing {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final List<Duration> sleeps = new CopyOnWriteArrayList<>();
    final List<String> layers = new CopyOnWriteArrayList<>();
    LayerCache cache = LayerCache.inMemory();
    Compression compression = Compression.GZIP;
    RegistryLogin login = RealRegistry.LOGIN;
    Duration limit = Duration.ofSeconds(20);

    RegistryClient client() {
        return new RegistryClient(HTTP, new Patience(limit, limit, limit, sleeps::add, bound -> 0));
    }

    /** Returns a login that the sandbox hands out for its tenant. */
    static RegistryLogin loginAt(Cloud cloud, String tenantId) {
        RegistryCredential credential = cloud.credential(tenantId);
        return new RegistryLogin(credential.username(), credential.password());
    }

    PushedArchive push(Path archive, String registry, String repository, String tag)
            throws RefusedException, InterruptedException {
        PushProgress progress = new PushProgress() {
            @Override
            public void layerDone(Digest layer, LayerState state) {
                layers.add(state.toString());
            }
        };
        return new ArchivePush(client(), compression, cache, progress)
                .push(SampleImage.open(archive), ImageReference.of(registry, repository, tag), login);
    }
}
