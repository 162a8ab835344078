package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
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
    void whatAnotherRepositoryHasIsSentAgainAndNoTokenIsAskedForIt() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(FakeRegistry.Auth.BEARER)) {
            pushing.push(archive(), registry.name(), "source", "one");
            registry.blobs.clear();
            registry.requests.clear();
            pushing.push(archive(), registry.name(), "acme", "one");
            assertEquals(List.of("pushed", "pushed"), pushing.layers);
            assertEquals(0, registry.count("POST /v2/acme/blobs/uploads/?mount"));
            List<String> tokens = registry.requests.stream()
                    .filter(request -> request.contains("scope="))
                    .map(request -> request.replaceFirst(".*?scope=", ""))
                    .distinct()
                    .toList();
            assertEquals(List.of("repository%3Aacme%3Apull%2Cpush"), tokens);
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

    private Path archive() throws Exception {
        return SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
    }
}
