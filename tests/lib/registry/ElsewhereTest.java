package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import lib.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers that may be had from another place than this machine. */
class ElsewhereTest {
    private static final byte[] LAYER = SampleImage.noise(1, 1 << 18);
    private static final SampleImage IMAGE = SampleImage.of(LAYER);

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    @Test
    void aTokenServerThatRefusesTheSourceOfAMountStopsNoPush() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            pushing.push(archive(), registry.name(), "acme", "one");
            pushing.cache.remember(Digest.of(LAYER), descriptorIn(pushing.cache), registry.name() + "/secret");
            registry.blobs.clear();
            registry.fault = exchange -> exchange.getRequestURI().toString().contains("repository%3Asecret")
                    && FakeRegistry.answer(exchange, 403, "");
            pushing.push(archive(), registry.name(), "acme", "two");
            assertEquals(List.of("pushed", "pushed"), pushing.layers);
            assertTrue(registry.uploads.isEmpty(), "the upload that came instead of a mount is cancelled");
        }
    }

    @Test
    void asksForPullOfTheSourceAndMountsFromIt() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            pushing.push(archive(), registry.name(), "acme", "one");
            pushing.cache.remember(Digest.of(LAYER), descriptorIn(pushing.cache), registry.name() + "/source");
            registry.blobs.clear();
            registry.fault = exchange -> exchange.getRequestURI().toString().contains("&from=source")
                    && FakeRegistry.answer(exchange, 201, "");
            pushing.push(archive(), registry.name(), "acme", "two");
            assertEquals(List.of("pushed", "mounted"), pushing.layers);
            assertTrue(registry.count("GET /token?account=alice&service=fake&scope=repository%3Aacme%3Apull%2Cpush"
                            + "&scope=repository%3Asource%3Apull")
                    > 0);
        }
    }

    @Test
    void aBlobThatTheRegistryKeepsAtAnotherHostCountsAndThatHostGetsNoCredentials() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BASIC);
                FakeRegistry store = new FakeRegistry(FakeRegistry.Auth.BASIC)) {
            pushing.push(archive(), registry.name(), "acme", "one");
            registry.fault = exchange -> {
                if (!exchange.getRequestMethod().equals("HEAD")) return false;
                exchange.getResponseHeaders().set("Location", "http://" + store.name() + "/object?signed=yes");
                return FakeRegistry.answer(exchange, 307, "");
            };
            store.fault = exchange -> FakeRegistry.answer(exchange, 200, "");
            pushing.push(archive(), registry.name(), "acme", "two");
            assertEquals(List.of("pushed", "exists"), pushing.layers);
            assertEquals(2, store.count("HEAD /object?signed=yes"));
            assertEquals(List.of(), store.authorizations);
        }
    }

    private static Descriptor descriptorIn(LayerCache cache) {
        LayerCache.Entry entry = cache.find(Digest.of(LAYER)).orElseThrow();
        return new Descriptor("any", entry.digest(), entry.size());
    }

    private Path archive() throws Exception {
        return SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
    }
}
