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
    private final BearerTokens<RegistryCredential> bearers;

    RegistryGuard(String host, RegistryScheme scheme, Mint mint, Clock clock) {
        this.host = host;
        this.scheme = scheme;
        this.mint = mint;
        this.clock = clock;
        this.bearers = new BearerTokens<>(clock);
    }

    /** @return the answer that keeps the request out; empty to let it in */
    Optional<Response> refusal(Request request, RegistryPath path) {
        Optional<RegistryCredential> shown = scheme == RegistryScheme.BASIC
                ? request.basic().flatMap(mint::honoured)
                : request.bearer().flatMap(bearers::meaning);
        if (shown.isEmpty()) return Optional.of(challenge(path, ""));
        RegistryCredential credential = shown.get();
        Optional<String> repository = repository(path);
        boolean writes = !request.method().equals("GET") && !request.method().equals("HEAD");
        boolean allowed = repository.isEmpty() || repository.get().equals(credential.repository());
        if (allowed && (!writes || credential.mayPush())) return Optional.empty();
        return Optional.of(
                scheme == RegistryScheme.BASIC
                        ? OciError.DENIED.saying("requested access to the resource is denied")
                        : challenge(path, ",error=\"insufficient_scope\""));
    }

    /** 401 with what a client needs in order to come back with credentials. */
    Response challenge(RegistryPath path, String error) {
        String scope = repository(path)
                .map(name -> ",scope=\"repository:" + name + ":pull,push\"")
                .orElse("");
        String wanted = scheme == RegistryScheme.BASIC
                ? "Basic realm=\"" + SERVICE + "\""
                : "Bearer realm=\"http://" + host + "/token\",service=\"" + SERVICE + "\"" + scope + error;
        return OciError.UNAUTHORIZED.saying("authentication required").with("WWW-Authenticate", wanted);
    }

    private static Optional<String> repository(RegistryPath path) {
        if (path instanceof RegistryPath.Tags tags) return Optional.of(tags.repository());
        if (path instanceof RegistryPath.Manifest manifest) return Optional.of(manifest.repository());
        if (path instanceof RegistryPath.Uploads uploads) return Optional.of(uploads.repository());
        if (path instanceof RegistryPath.Upload upload) return Optional.of(upload.repository());
        if (path instanceof RegistryPath.Blob blob) return Optional.of(blob.repository());
        return Optional.empty();
    }

    /** {@code GET /token}: trades a login for a bearer token, which can do what the login could and no more. */
    Response token(Request request) {
        Optional<RegistryCredential> login = request.basic().flatMap(mint::honoured);
        if (login.isEmpty()) {
            return OciError.UNAUTHORIZED
                    .saying("authentication required")
                    .with("WWW-Authenticate", "Basic realm=\"" + SERVICE + "\"");
        }
        Duration lifetime = Duration.between(clock.instant(), login.get().expires());
        Secret token = bearers.issue(login.get().username(), lifetime, login.get());
        ObjectNode answer = Json.object()
                .put("token", token.reveal())
                .put("access_token", token.reveal())
                .put("expires_in", lifetime.toSeconds())
                .put("issued_at", clock.instant().toString());
        return Response.json(200, answer);
    }
}
