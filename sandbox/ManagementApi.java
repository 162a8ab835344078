//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Json.java
//SOURCES ../lib/Secret.java
//SOURCES CloudState.java
//SOURCES Deployment.java
//SOURCES FaultInjector.java
//SOURCES Generation.java
//SOURCES HttpServer.java
//SOURCES OAuth.java
//SOURCES Page.java
//SOURCES RegistryCredential.java
//SOURCES Request.java
//SOURCES Response.java
//SOURCES Tenant.java
package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Secret;
import org.eclipse.jetty.http.HttpStatus;

/** The Management API: the account's calls, and those of a tenant once the bearer token is good. */
final class ManagementApi implements HttpServer.Handler, FaultInjector.Errors {
    private final CloudState state;
    private final OAuth oauth;

    ManagementApi(CloudState state) {
        this.state = state;
        this.oauth = new OAuth(state);
    }

    @Override
    public Response handle(Request request) throws IOException {
        List<String> path = Stream.of(request.path().split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
        if (request.path().startsWith("/api/v1/")) return api(request, path.subList(2, path.size()));
        return switch (request.method() + " " + request.path()) {
            case "GET /authorize" -> oauth.page(request);
            case "POST /authorize" -> oauth.decide(request);
            default -> app(request, path);
        };
    }

    private Response app(Request request, List<String> path) {
        boolean app = request.method().equals("GET")
                && path.size() == 2
                && path.get(0).equals("apps");
        return Optional.of(path)
                .filter(any -> app)
                .flatMap(segments -> state.tenant(segments.get(1)))
                .map(this::page)
                .orElseGet(ManagementApi::notFound);
    }

    /** Returns what answers at an {@code app_url}: a word about what is deployed there. */
    private Response page(Tenant tenant) {
        Optional<Deployment> latest = state.latest(tenant);
        if (latest.isEmpty()) return Page.of(404, "no-app.html", Map.of("tenant", tenant.name()));
        String status = state.status(tenant);
        Response page = Page.of(
                status.equals("running") ? 200 : 503,
                "app.html",
                Map.of(
                        "tenant", tenant.name(),
                        "status", status,
                        "image", latest.get().image().toString(),
                        "digest", latest.get().digest().map(Digest::value).orElse("unknown"),
                        "at", latest.get().at().truncatedTo(ChronoUnit.SECONDS).toString()));
        return status.equals("deploying") ? page.with("Refresh", "1") : page;
    }

    /** @param path the segments after {@code /api/v1/} */
    private Response api(Request request, List<String> path) throws IOException {
        String call = request.method() + " " + String.join("/", path);
        if (call.startsWith("GET auth/oauth/") && path.size() == 3) return oauth.authorizeUrl(request, path.get(2));
        if (path.size() >= 3 && path.get(0).equals("tenants")) return tenantCall(request, path);
        return switch (call) {
            case "POST core/oauth/token" -> state.generation() == Generation.G2 ? oauth.exchange(request) : notFound();
            case "GET auth/me" -> refusal(request, CloudState.Grant.ACCOUNT).orElseGet(this::me);
            case "GET tenants" -> refusal(request, CloudState.Grant.ACCOUNT).orElseGet(this::tenants);
            default -> notFound();
        };
    }

    /** @return the response that keeps the request out; empty to let it in */
    private Optional<Response> refusal(Request request, CloudState.Grant needed) {
        boolean known = request.bearer()
                .flatMap(state.tokens()::grant)
                .filter(needed::equals)
                .isPresent();
        String message = needed == CloudState.Grant.ACCOUNT
                ? "Missing, expired or unknown bearer token"
                : "Tenant calls need an exchanged bearer token";
        return known
                ? Optional.empty()
                : Optional.of(error(401, "unauthorized", message).with("WWW-Authenticate", "Bearer"));
    }

    /** {@code GET auth/me}: not wrapped in {@code data}. */
    private Response me() {
        ObjectNode me = Json.object();
        me.putObject("user")
                .put("id", CloudState.USER_ID)
                .put("email", CloudState.EMAIL)
                .put("name", "Sandbox Developer");
        ObjectNode customer = me.putObject("customer").put("id", "cus_sandbox");
        if (state.generation() == Generation.G2) customer.put("status", "active");
        ArrayNode tenants = me.putArray("tenants");
        state.tenants().forEach(tenant -> describe(tenant, tenants.addObject()));
        return Response.json(200, me);
    }

    private void describe(Tenant tenant, ObjectNode json) {
        json.put("id", tenant.id())
                .put("name", tenant.name())
                .put("subscription_id", "sub_" + tenant.id())
                .put("subscription_status", "active")
                .put("app_id", tenant.appId())
                .put("hostname", tenant.hostname())
                .put("region", tenant.region());
        json.putObject("plan").put("name", "Sandbox").put("memory_mb", 512).put("volume_gb", 1);
        if (state.generation() == Generation.G1) return;
        json.put("status", tenant.provisioned() ? "active" : "pending")
                .put("external_db_access", false)
                .put("database_url", "postgres://" + tenant.appId() + ":***@db.sandbox.invalid/" + tenant.appId());
    }

    /** {@code GET tenants}. */
    private Response tenants() {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("data");
        for (Tenant tenant : state.tenants()) {
            ObjectNode json = list.addObject().put("id", tenant.id()).put("name", tenant.name());
            json.put("fly_app_name", tenant.appId()).put("fly_hostname", tenant.hostname());
            if (state.generation() == Generation.G2) json.put("hostname", tenant.hostname());
        }
        return Response.json(200, body);
    }

    /** The calls below {@code tenants/ID/}. */
    private Response tenantCall(Request request, List<String> path) throws IOException {
        Optional<Response> refusal = refusal(
                request, state.generation() == Generation.G1 ? CloudState.Grant.ACCOUNT : CloudState.Grant.TENANTS);
        if (refusal.isPresent()) return refusal.get();
        Optional<Tenant> found = state.tenant(path.get(1));
        if (found.isEmpty()) return error(404, "tenant_not_found", "Tenant not found");
        Tenant tenant = found.get();
        boolean credentials = path.size() == 4 && path.get(2).equals("credentials");
        if (credentials && request.method().equals("GET")) return databaseSecrets(tenant, path.get(3));
        if (path.size() != 3) return notFound();
        return switch (request.method() + " " + path.get(2)) {
            case "GET status" -> status(tenant);
            case "GET registry-token" -> tenant.provisioned() ? registryToken(tenant) : notProvisioned();
            case "PUT secrets" -> receiveSecrets(request, tenant);
            case "POST deploy" -> tenant.provisioned() ? deploy(request, tenant) : notProvisioned();
            default -> notFound();
        };
    }

    private static Response notProvisioned() {
        return error(409, "not_provisioned", "No cloud infrastructure provisioned");
    }

    private Response status(Tenant tenant) {
        ObjectNode data = Json.object().put("status", state.status(tenant));
        state.latest(tenant)
                .flatMap(latest -> latest.messageAt(state.clock().instant()))
                .ifPresent(message -> data.put("message", message));
        if (tenant.provisioned()) data.put("app_url", state.appUrl(tenant));
        state.ticket(tenant)
                .map(ticket -> state.apiUrl() + "/api/v1/tenants/" + tenant.id() + "/credentials/" + ticket)
                .ifPresent(url -> data.put("secrets_url", url));
        return data(data);
    }

    private Response registryToken(Tenant tenant) {
        RegistryCredential credential = state.issuer().issue(tenant);
        ObjectNode data = Json.object().put("registry", state.registryHost()).put("username", credential.username());
        if (state.generation() == Generation.G1) {
            data.put("password", credential.password().reveal());
        } else {
            data.put("token", credential.password().reveal())
                    .put("repository", credential.repository())
                    .put("tag", credential.tag());
        }
        return data(data).with("Cache-Control", "no-store");
    }

    private Response receiveSecrets(Request request, Tenant tenant) throws IOException {
        Map<String, Secret> secrets = new LinkedHashMap<>();
        try {
            JsonNode json = Json.parse(request.text()).path("secrets");
            json.properties()
                    .forEach(one ->
                            secrets.put(one.getKey(), Secret.of(one.getValue().asText())));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return badRequest("The body is {\"secrets\":{\"KEY\":\"value\"}}, without empty values");
        }
        state.receiveSecrets(tenant, secrets);
        return Response.of(204);
    }

    /** {@code GET credentials/TICKET}: one-time, and not wrapped in {@code data}. */
    private Response databaseSecrets(Tenant tenant, String ticket) {
        if (!state.redeem(tenant, ticket)) return error(404, "not_found", "These credentials were fetched already");
        String url = "postgres://" + tenant.appId() + ":" + UUID.randomUUID() + "@db.sandbox.invalid/" + tenant.appId();
        ObjectNode body = Json.object().put("database_url", url).put("app_url", state.appUrl(tenant));
        if (state.generation() == Generation.G1)
            body.put("jwt_secret", UUID.randomUUID().toString());
        else body.put("internal_database_url", url.replace("@db.", "@internal.db."));
        return Response.json(200, body).with("Cache-Control", "no-store");
    }

    /** {@code POST deploy}: accepts an image that the registry holds, and no other. */
    private Response deploy(Request request, Tenant tenant) throws IOException {
        ImageReference image;
        try {
            String text = Json.text(Json.parse(request.text()), "image").orElse("");
            if (text.isEmpty()) return badRequest("The body is {\"image\":\"REFERENCE\"}");
            image = ImageReference.parse(text);
        } catch (JsonProcessingException e) {
            return badRequest("The body is not JSON");
        } catch (IllegalArgumentException e) {
            return invalidImage("The image is " + e.getMessage());
        }
        if (!image.registry().orElse("").equals(state.registryHost())) {
            return invalidImage(
                    "The image must be in the registry " + state.registryHost() + ", not at " + image.name());
        }
        String repository = state.issuer().repository(tenant);
        if (!image.repository().equals(repository)) {
            return invalidImage(
                    "The image must be in this tenant's repository " + repository + ", not in " + image.repository());
        }
        Optional<Digest> digest;
        try {
            digest = state.images().find(image);
            if (digest.isEmpty()) return invalidImage("The registry does not hold the image " + image);
        } catch (IOException e) {
            digest = Optional.empty();
        }
        state.add(
                new Deployment(tenant.id(), image, digest, state.clock().instant(), state.startup(), tenant.ending()));
        return data(Json.object().put("status", "deploying").put("app_url", state.appUrl(tenant)));
    }

    private static Response data(ObjectNode data) {
        return Response.json(200, Json.object().set("data", data));
    }

    private static Response invalidImage(String message) {
        return error(422, "invalid_image", message);
    }

    private static Response badRequest(String message) {
        return error(400, "bad_request", message);
    }

    static Response notFound() {
        return error(404, "not_found", "No such endpoint");
    }

    static Response error(int status, String code, String message) {
        ObjectNode body = Json.object();
        body.putObject("error").put("code", code).put("message", message);
        return Response.json(status, body);
    }

    @Override
    public Response error(int status, String message) {
        String code = HttpStatus.getMessage(status).toLowerCase(Locale.ROOT).replace(' ', '_');
        return error(status, code, message);
    }
}
