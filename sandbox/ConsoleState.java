package sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lib.Digest;
import lib.Json;

/** What the console shows, as JSON: digests in place of secrets, and no more than the last 100 of anything. */
final class ConsoleState {
    private static final int LIMIT = 100;

    private final World world;
    private final ManifestStore manifests;
    private final CallLog log;
    private final Weather weather;

    ConsoleState(World world, ManifestStore manifests, CallLog log, Weather weather) {
        this.world = world;
        this.manifests = manifests;
        this.log = log;
        this.weather = weather;
    }

    ObjectNode json() {
        Instant now = world.clock().instant();
        ObjectNode state = Json.object();
        state.put("generation", world.generation().ordinal() + 1);
        state.put("api", world.apiUrl()).put("registry", world.registryHost());
        tenants(state.putArray("tenants"));
        tokens(state.putArray("tokens"), now);
        images(state.putArray("images"));
        deployments(state.putArray("deployments"), now);
        calls(state.putArray("calls"));
        ArrayNode faults = state.putArray("faults");
        for (Weather.Pending one : weather.pending()) {
            faults.addObject().put("id", one.id()).put("fault", one.fault().toString());
        }
        return state;
    }

    private void tenants(ArrayNode list) {
        for (Tenant tenant : world.tenants().all()) {
            list.addObject()
                    .put("id", tenant.id())
                    .put("name", tenant.name())
                    .put("repository", world.mint().repository(tenant))
                    .put("status", world.status(tenant))
                    .put("app_url", world.appUrl(tenant));
        }
    }

    private void tokens(ArrayNode list, Instant now) {
        for (RegistryCredential one : newestFirst(world.mint().issued())) {
            list.addObject()
                    .put("tenant", one.tenantId())
                    .put("username", one.username())
                    .put("sha256_prefix", one.password().sha256Prefix())
                    .put("repository", one.repository())
                    .put("access", one.mayPush() ? "pull, push" : "pull")
                    .put("state", one.stateAt(now))
                    .put("age_s", Duration.between(one.issued(), now).toSeconds())
                    .put(
                            "left_s",
                            Math.max(0, Duration.between(now, one.expires()).toSeconds()));
        }
    }

    private void images(ArrayNode list) {
        for (String repository : manifests.repositories()) {
            for (String tag : newestFirst(manifests.tags(repository).orElse(List.of()))) {
                manifests.find(repository, tag).ifPresent(manifest -> {
                    ObjectNode image =
                            list.addObject().put("repository", repository).put("tag", tag);
                    image.put("digest", manifest.digest().value()).put("size", manifest.size());
                    ArrayNode layers = image.putArray("layers");
                    for (Manifest.Part layer : manifest.layers()) {
                        layers.addObject().put("digest", layer.digest().value()).put("size", layer.size());
                    }
                });
            }
        }
    }

    private void deployments(ArrayNode list, Instant now) {
        for (Deployment one : newestFirst(world.deployments().all())) {
            list.addObject()
                    .put("tenant", one.tenantId())
                    .put("image", one.image().toString())
                    .put("digest", one.digest().map(Digest::value).orElse(""))
                    .put("status", one.statusAt(now))
                    .put("at", one.at().toString());
        }
    }

    private void calls(ArrayNode list) {
        for (Call call : newestFirst(log.all())) {
            list.addObject()
                    .put("at", call.at().toString())
                    .put("server", call.server())
                    .put("method", call.method())
                    .put("path", call.path())
                    .put("status", call.status().orElse(0))
                    .put("fault", call.fault().orElse(""));
        }
    }

    private static <T> List<T> newestFirst(List<T> all) {
        List<T> last = new ArrayList<>(all.subList(Math.max(0, all.size() - LIMIT), all.size()));
        Collections.reverse(last);
        return last;
    }
}
