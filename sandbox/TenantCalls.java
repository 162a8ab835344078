package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Json;
import lib.Secret;

/** The calls below {@code /api/v1/tenants/{id}/}. */
final class TenantCalls {
    private final World world;
    private final DeployCall deploy;
    private final Entropy entropy = new Entropy();

    TenantCalls(World world) {
        this.world = world;
        this.deploy = new DeployCall(world);
    }

    /** @param rest the segments after the tenant's id */
    Response answer(Request request, Tenant tenant, List<String> rest) throws IOException {
        boolean ticket = rest.size() == 2 && rest.get(0).equals("credentials");
        if (ticket && request.method().equals("GET")) return databaseSecrets(tenant, rest.get(1));
        if (rest.size() != 1) return ApiError.notFound();
        return switch (request.method() + " " + rest.get(0)) {
            case "GET status" -> status(tenant);
            case "GET registry-token" -> unlessUnprovisioned(tenant).orElseGet(() -> registryToken(tenant));
            case "PUT secrets" -> receiveSecrets(request, tenant);
            case "POST deploy" -> {
                Optional<Response> refusal = unlessUnprovisioned(tenant);
                yield refusal.isPresent() ? refusal.get() : deploy.answer(request, tenant);
            }
            default -> ApiError.notFound();
        };
    }

    private static Optional<Response> unlessUnprovisioned(Tenant tenant) {
        return tenant.provisioned()
                ? Optional.empty()
                : Optional.of(ApiError.of(409, "not_provisioned", "No cloud infrastructure provisioned"));
    }

    private Response status(Tenant tenant) {
        ObjectNode data = Json.object().put("status", world.status(tenant));
        world.deployments()
                .latest(tenant.id())
                .flatMap(latest -> latest.messageAt(world.clock().instant()))
                .ifPresent(message -> data.put("message", message));
        if (tenant.provisioned()) data.put("app_url", world.appUrl(tenant));
        world.secrets()
                .ticket(tenant.id())
                .map(ticket -> world.apiUrl() + "/api/v1/tenants/" + tenant.id() + "/credentials/" + ticket)
                .ifPresent(url -> data.put("secrets_url", url));
        return Response.json(200, Json.object().set("data", data));
    }

    private Response registryToken(Tenant tenant) {
        if (!world.mint().isOpen()) return ApiError.of(503, "registry_unavailable", "Registry service not available");
        RegistryCredential credential = world.mint().issue(tenant);
        ObjectNode data = Json.object().put("registry", world.registryHost()).put("username", credential.username());
        if (world.generation() == Generation.G1) {
            data.put("password", credential.password().reveal());
        } else {
            data.put("token", credential.password().reveal())
                    .put("repository", credential.repository())
                    .put("tag", credential.tag());
        }
        return Response.json(200, Json.object().set("data", data)).with("Cache-Control", "no-store");
    }

    private Response receiveSecrets(Request request, Tenant tenant) throws IOException {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        try {
            JsonNode json = Json.parse(request.text()).path("secrets");
            json.properties()
                    .forEach(one ->
                            secrets.put(one.getKey(), Secret.of(one.getValue().asText())));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return ApiError.of(
                    400, "bad_request", "The body is {\"secrets\":{\"KEY\":\"value\"}}, without empty values");
        }
        world.secrets().receive(tenant.id(), secrets);
        return Response.of(204);
    }

    /** One-time, and not wrapped in {@code data}. */
    private Response databaseSecrets(Tenant tenant, String ticket) {
        if (!world.secrets().redeem(tenant.id(), ticket)) {
            return ApiError.of(404, "not_found", "These credentials were fetched already");
        }
        String password = entropy.hex(12);
        String url = "postgres://" + tenant.appId() + ":" + password + "@db.sandbox.invalid/" + tenant.appId();
        ObjectNode body = Json.object().put("database_url", url).put("app_url", world.appUrl(tenant));
        if (world.generation() == Generation.G1) body.put("jwt_secret", entropy.hex(32));
        else body.put("internal_database_url", url.replace("@db.", "@internal.db."));
        return Response.json(200, body).with("Cache-Control", "no-store");
    }
}
