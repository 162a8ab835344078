package sandbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Management API: finds who answers a request, once its bearer token is good. */
final class ManagementApi implements HttpServer.Handler {
    private final World world;
    private final AccountCalls accounts;
    private final TenantCalls tenants;
    private final TokenExchange exchange;
    private final SignIn signIn;

    ManagementApi(World world, String host) {
        this.world = world;
        this.accounts = new AccountCalls(world);
        this.tenants = new TenantCalls(world);
        this.exchange = new TokenExchange(world.bearers(), world.apiUrl());
        this.signIn = new SignIn(world, host);
    }

    @Override
    public Response handle(Request request) throws IOException {
        List<String> path = Stream.of(request.path().split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
        if (request.path().startsWith("/api/v1/")) return api(request, path.subList(2, path.size()));
        return switch (request.method() + " " + request.path()) {
            case "GET /authorize" -> signIn.page(request);
            case "POST /authorize" -> signIn.decide(request);
            default -> app(request, path);
        };
    }

    private Response app(Request request, List<String> path) {
        boolean shaped = request.method().equals("GET")
                && path.size() == 2
                && path.get(0).equals("apps");
        return Optional.of(path)
                .filter(any -> shaped)
                .flatMap(segments -> world.tenants().find(segments.get(1)))
                .map(tenant -> AppPage.of(world, tenant))
                .orElseGet(ApiError::notFound);
    }

    /** @param path the segments after {@code /api/v1/} */
    private Response api(Request request, List<String> path) throws IOException {
        String call = request.method() + " " + String.join("/", path);
        if (call.startsWith("GET auth/oauth/") && path.size() == 3) return signIn.authorizeUrl(request, path.get(2));
        if (path.size() >= 3 && path.get(0).equals("tenants")) return tenant(request, path);
        return switch (call) {
            case "POST core/oauth/token" ->
                world.generation() == Generation.G2 ? exchange.answer(request) : ApiError.notFound();
            case "GET auth/me" -> world.bearers().refusalOfAccountCall(request).orElseGet(accounts::me);
            case "GET tenants" -> world.bearers().refusalOfAccountCall(request).orElseGet(accounts::tenants);
            default -> ApiError.notFound();
        };
    }

    private Response tenant(Request request, List<String> path) throws IOException {
        Optional<Response> refusal = world.bearers().refusalOfTenantCall(request);
        if (refusal.isPresent()) return refusal.get();
        Optional<Tenant> tenant = world.tenants().find(path.get(1));
        if (tenant.isEmpty()) return ApiError.of(404, "tenant_not_found", "Tenant not found");
        return tenants.answer(request, tenant.get(), path.subList(2, path.size()));
    }
}
