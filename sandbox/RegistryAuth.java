//SOURCES ../lib/Json.java
//SOURCES ../lib/Secret.java
//SOURCES BearerTokens.java
//SOURCES Registry.java
//SOURCES RegistryCredential.java
//SOURCES RegistryTokenIssuer.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Json;
import lib.Secret;

/** Who may do what in the registry. Sources: RFC 7617; the distribution project's token authentication. */
public final class RegistryAuth {
    private static final String SERVICE = "sandbox-registry";
    private static final String BASIC_CHALLENGE = "Basic realm=\"" + SERVICE + "\"";

    /** How the registry asks for credentials. */
    public enum Scheme {
        /** With every request. */
        BASIC,
        /** Once, at {@code /token}, for a bearer token. */
        BEARER
    }

    /** What a login or a token may do, in at most one repository; everyone who is known may ping. */
    private record Access(Optional<String> repository, boolean push) {
        static Access of(RegistryCredential credential) {
            return new Access(Optional.of(credential.repository()), credential.mayPush());
        }

        /**
         * Returns the part of this access that was asked for.
         *
         * @param scopes as the distribution project writes them: {@code repository:NAME:pull,push}, parted by spaces
         */
        Access within(List<String> scopes) {
            List<String> actions = scopes.stream()
                    .flatMap(scope -> Stream.of(scope.split(" ")))
                    .map(scope -> scope.split(":"))
                    .filter(parts -> parts.length == 3 && parts[0].equals("repository"))
                    .filter(parts -> repository.filter(parts[1]::equals).isPresent())
                    .flatMap(parts -> Arrays.stream(parts[2].split(",")))
                    .toList();
            boolean pull = actions.contains("pull") || actions.contains("push");
            return new Access(pull ? repository : Optional.empty(), push && actions.contains("push"));
        }

        boolean allows(Optional<String> wanted, boolean write) {
            return wanted.isEmpty() || wanted.equals(repository) && (push || !write);
        }
    }

    private final String host;
    private final Scheme scheme;
    private final RegistryTokenIssuer issuer;
    private final BearerTokens tokens;
    private final Clock clock;

    RegistryAuth(String host, Scheme scheme, RegistryTokenIssuer issuer, BearerTokens tokens, Clock clock) {
        this.host = host;
        this.scheme = scheme;
        this.issuer = issuer;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** @return the response that keeps the request out; empty to let it in */
    Optional<Response> refusal(Request request, Registry.Endpoint endpoint) {
        boolean basic = scheme == Scheme.BASIC;
        Optional<Access> access = basic
                ? request.basic().flatMap(issuer::accepted).map(Access::of)
                : request.bearer()
                        .flatMap(tokens::grant)
                        .filter(Access.class::isInstance)
                        .map(Access.class::cast);
        if (access.isEmpty()) {
            String error = request.bearer().isPresent() ? ",error=\"invalid_token\"" : "";
            return Optional.of(challenge(endpoint.repository(), error));
        }
        if (access.get().allows(endpoint.repository(), !request.reads())) return Optional.empty();
        return Optional.of(
                basic
                        ? Registry.ErrorCode.DENIED.response("requested access to the resource is denied")
                        : challenge(endpoint.repository(), ",error=\"insufficient_scope\""));
    }

    /** Returns a 401 with what a client needs in order to come back with credentials. */
    Response challenge(Optional<String> repository, String error) {
        String scope = repository
                .map(name -> ",scope=\"repository:" + name + ":pull,push\"")
                .orElse("");
        return unauthorized(
                scheme == Scheme.BASIC
                        ? BASIC_CHALLENGE
                        : "Bearer realm=\"http://" + host + "/token\",service=\"" + SERVICE + "\"" + scope + error);
    }

    private static Response unauthorized(String challenge) {
        return Registry.ErrorCode.UNAUTHORIZED
                .response("authentication required")
                .with("WWW-Authenticate", challenge);
    }

    /** {@code GET /token}: trades a login for a bearer token, which can do what the login could and was asked for. */
    Response token(Request request) {
        Optional<RegistryCredential> login = request.basic().flatMap(issuer::accepted);
        if (login.isEmpty()) return unauthorized(BASIC_CHALLENGE);
        Duration lifetime = Duration.between(clock.instant(), login.get().expires());
        Access access = Access.of(login.get()).within(request.query().getValuesOrEmpty("scope"));
        Secret token = tokens.issue(login.get().username(), lifetime, access);
        ObjectNode body = Json.object()
                .put("token", token.reveal())
                .put("access_token", token.reveal())
                .put("expires_in", lifetime.toSeconds())
                .put("issued_at", clock.instant().toString());
        return Response.json(200, body);
    }
}
