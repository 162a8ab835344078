package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import lib.Json;
import lib.Secret;

/** Who may do what in the registry. Source: RFC 7617; the distribution project's token authentication. */
final class RegistryGuard {
    private static final String SERVICE = "sandbox-registry";

    private final String host;
    private final RegistryScheme scheme;
    private final Mint mint;
    private final Clock clock;
    private final BearerTokens<RegistryAccess> bearers;

    RegistryGuard(String host, RegistryScheme scheme, Mint mint, Clock clock) {
        this.host = host;
        this.scheme = scheme;
        this.mint = mint;
        this.clock = clock;
        this.bearers = new BearerTokens<>(clock);
    }

    /** @return the answer that keeps the request out; empty to let it in */
    Optional<Response> refusal(Request request, RegistryPath path) {
        boolean basic = scheme == RegistryScheme.BASIC;
        Optional<RegistryAccess> access = basic
                ? request.basic().flatMap(mint::honoured).map(RegistryAccess::of)
                : request.bearer().flatMap(bearers::meaning);
        if (access.isEmpty()) {
            return Optional.of(challenge(path, request.bearer().isPresent() ? ",error=\"invalid_token\"" : ""));
        }
        boolean writes = !request.method().equals("GET") && !request.method().equals("HEAD");
        if (access.get().allows(path.repository(), writes)) return Optional.empty();
        return Optional.of(
                basic
                        ? OciError.DENIED.saying("requested access to the resource is denied")
                        : challenge(path, ",error=\"insufficient_scope\""));
    }

    /** 401 with what a client needs in order to come back with credentials. */
    Response challenge(RegistryPath path, String error) {
        String scope = path.repository()
                .map(name -> ",scope=\"repository:" + name + ":pull,push\"")
                .orElse("");
        String wanted = scheme == RegistryScheme.BASIC
                ? "Basic realm=\"" + SERVICE + "\""
                : "Bearer realm=\"http://" + host + "/token\",service=\"" + SERVICE + "\"" + scope + error;
        return OciError.UNAUTHORIZED.saying("authentication required").with("WWW-Authenticate", wanted);
    }

    /** {@code GET /token}: trades a login for a bearer token, which can do what the login could and was asked for. */
    Response token(Request request) {
        Optional<RegistryCredential> login = request.basic().flatMap(mint::honoured);
        if (login.isEmpty()) {
            return OciError.UNAUTHORIZED
                    .saying("authentication required")
                    .with("WWW-Authenticate", "Basic realm=\"" + SERVICE + "\"");
        }
        Duration lifetime = Duration.between(clock.instant(), login.get().expires());
        RegistryAccess access =
                RegistryAccess.of(login.get()).within(request.query().getValuesOrEmpty("scope"));
        Secret token = bearers.issue(login.get().username(), lifetime, access);
        ObjectNode answer = Json.object()
                .put("token", token.reveal())
                .put("access_token", token.reveal())
                .put("expires_in", lifetime.toSeconds())
                .put("issued_at", clock.instant().toString());
        return Response.json(200, answer);
    }
}
