//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Json.java
//SOURCES CloudState.java
//SOURCES Deployment.java
//SOURCES Fault.java
//SOURCES FaultInjector.java
//SOURCES HttpServer.java
//SOURCES ManagementApi.java
//SOURCES Manifests.java
//SOURCES Page.java
//SOURCES RecordedRequest.java
//SOURCES RegistryCredential.java
//SOURCES Request.java
//SOURCES Response.java
//SOURCES Tenant.java
package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import lib.ImageReference.Digest;
import lib.Json;

/** The page at {@code /} that shows the sandbox at work, and lets a person set and clear faults. */
final class Console implements HttpServer.Handler {
    /** Pages of other origins cannot send it without asking first, and nobody answers that question. */
    private static final String HEADER = "X-Sandbox-Console";

    private static final String FAULTS = "/console/faults";
    private static final int LIMIT = 100;

    private final CloudState state;
    private final Manifests manifests;
    private final FaultInjector faults;

    Console(CloudState state, Manifests manifests, FaultInjector faults) {
        this.state = state;
        this.manifests = manifests;
        this.faults = faults;
    }

    static boolean owns(Request request) {
        String path = request.path();
        return path.equals("/") || path.equals("/console.json") || path.startsWith(FAULTS);
    }

    @Override
    public Response handle(Request request) throws IOException {
        if (!request.isAddressedTo(state.apiHost())) {
            return Response.text(400, "the console is at its own address alone");
        }
        return switch (request.method() + " " + request.path()) {
            case "GET /" -> page();
            case "GET /console.json" -> Response.json(200, json()).with("Cache-Control", "no-store");
            default -> changeFaults(request);
        };
    }

    private static Response page() {
        String nonce = UUID.randomUUID().toString();
        String policy = "; connect-src 'self'; script-src 'nonce-" + nonce + "'";
        return Page.of(200, "console.html", Map.of("nonce", nonce), policy);
    }

    private Response changeFaults(Request request) throws IOException {
        if (!request.isFromPageOf(state.apiHost()) || request.header(HEADER).isEmpty()) {
            return ManagementApi.error(403, "forbidden", "Faults are set on the console's own page");
        }
        String path = request.path();
        if (request.method().equals("POST") && path.equals(FAULTS)) return add(request);
        if (!request.method().equals("DELETE")) return ManagementApi.notFound();
        if (path.equals(FAULTS)) faults.clear();
        else if (path.matches(FAULTS + "/[0-9]{1,9}")) {
            faults.remove(Integer.parseInt(path.substring(FAULTS.length() + 1)));
        } else return ManagementApi.notFound();
        return Response.of(204);
    }

    private Response add(Request request) throws IOException {
        try {
            faults.add(
                    Fault.parse(Json.text(Json.parse(request.text()), "fault").orElse("")));
            return Response.of(204);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return ManagementApi.error(400, "bad_fault", e.getMessage());
        }
    }

    /** Returns what the page shows: digests in place of secrets, and no more than the last 100 of anything. */
    private ObjectNode json() {
        Instant now = state.clock().instant();
        ObjectNode json = Json.object();
        json.put("generation", state.generation().ordinal() + 1);
        json.put("api", state.apiUrl()).put("registry", state.registryHost());
        tenants(json.putArray("tenants"));
        tokens(json.putArray("tokens"), now);
        images(json.putArray("images"));
        deployments(json.putArray("deployments"), now);
        calls(json.putArray("calls"));
        ArrayNode list = json.putArray("faults");
        for (FaultInjector.Pending one : faults.pending()) {
            list.addObject().put("id", one.id()).put("fault", one.fault().toString());
        }
        return json;
    }

    private void tenants(ArrayNode list) {
        for (Tenant tenant : state.tenants()) {
            list.addObject()
                    .put("id", tenant.id())
                    .put("name", tenant.name())
                    .put("repository", state.issuer().repository(tenant))
                    .put("status", state.status(tenant))
                    .put("app_url", state.appUrl(tenant));
        }
    }

    private void tokens(ArrayNode list, Instant now) {
        for (RegistryCredential one : newestFirst(state.issuer().issued())) {
            long left = Duration.between(now, one.expires()).toSeconds();
            list.addObject()
                    .put("tenant", one.tenantId())
                    .put("username", one.username())
                    .put("sha256_prefix", one.password().sha256Prefix())
                    .put("repository", one.repository())
                    .put("access", one.mayPush() ? "pull, push" : "pull")
                    .put("state", one.stateAt(now))
                    .put("age_s", Duration.between(one.issued(), now).toSeconds())
                    .put("left_s", Math.max(0, left));
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
                    for (Manifests.Descriptor layer : manifest.layers()) {
                        layers.addObject().put("digest", layer.digest().value()).put("size", layer.size());
                    }
                });
            }
        }
    }

    private void deployments(ArrayNode list, Instant now) {
        for (Deployment one : newestFirst(state.deployments())) {
            list.addObject()
                    .put("tenant", one.tenantId())
                    .put("image", one.image().toString())
                    .put("digest", one.digest().map(Digest::value).orElse(""))
                    .put("status", one.statusAt(now))
                    .put("at", one.at().toString());
        }
    }

    private void calls(ArrayNode list) {
        for (RecordedRequest call : newestFirst(faults.records())) {
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
