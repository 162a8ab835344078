//SOURCES ../lib/Json.java
//SOURCES ../lib/Secret.java
//SOURCES CloudState.java
//SOURCES HttpServer.java
//SOURCES ManagementApi.java
//SOURCES Page.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import lib.Json;
import lib.Secret;
import org.eclipse.jetty.util.Fields;

/**
 * How one gets a token of the Management API: an operator's in a browser, on a page whose buttons lead back to the
 * waiting client; and in generation 2, in exchange for that, one for tenant calls.
 *
 * <p>Sources: RFC 8252, 7.3; RFC 8693; RFC 6749, 5.2 for the errors, whose {@code error} is a string and no object.
 */
final class OAuth {
    private static final Duration OPERATOR_LIFETIME = Duration.ofDays(30);
    private static final Duration EXCHANGED_LIFETIME = Duration.ofMinutes(5);
    private static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final CloudState state;

    OAuth(CloudState state) {
        this.state = state;
    }

    /** {@code GET /api/v1/auth/oauth/PROVIDER?redirect_uri=}. */
    Response authorizeUrl(Request request, String provider) {
        if (!provider.equals("github") && !provider.equals("google")) return ManagementApi.notFound();
        Optional<String> back = loopback(request.query());
        if (back.isEmpty()) {
            return ManagementApi.error(400, "invalid_redirect_uri", "redirect_uri must be http on loopback");
        }
        String url = state.apiUrl() + "/authorize?provider=" + provider + "&redirect_uri=" + encode(back.get());
        return Response.json(200, Json.object().put("authorize_url", url));
    }

    /** {@code GET /authorize}: stands in for a provider's own page. */
    Response page(Request request) {
        Optional<String> back = loopback(request.query());
        if (!request.isAddressedTo(state.apiHost()) || back.isEmpty()) {
            return Response.text(400, "redirect_uri must be http on loopback");
        }
        String provider = request.query("provider").orElse("").equals("google") ? "Google" : "GitHub";
        return Page.of(
                200,
                "sign-in.html",
                Map.of(
                        "provider",
                        provider,
                        "email",
                        CloudState.EMAIL,
                        "place",
                        back.get().replaceFirst("\\?.*", ""),
                        "redirect_uri",
                        back.get()));
    }

    /** {@code POST /authorize}: the token is in the redirect alone, never on a page. */
    Response decide(Request request) throws IOException {
        if (!request.isFromPageOf(state.apiHost())) return Response.text(403, "this form was sent from another page");
        Fields form = request.form();
        Optional<String> back = loopback(form);
        if (back.isEmpty()) return Response.text(400, "redirect_uri must be http on loopback");
        String result = value(form, "decision").equals("authorize")
                ? "access_token=" + state.operatorToken(OPERATOR_LIFETIME).reveal()
                : "error=access_denied&error_description=" + encode("The sign-in was denied");
        return Response.of(303)
                .with("Location", back.get() + (back.get().contains("?") ? "&" : "?") + result)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer");
    }

    /** Nobody but a program on this machine gets a token. */
    private static Optional<String> loopback(Fields fields) {
        try {
            URI uri = new URI(value(fields, "redirect_uri"));
            String host = String.valueOf(uri.getHost());
            boolean here = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
            boolean plain = "http".equals(uri.getScheme()) && uri.getUserInfo() == null && uri.getFragment() == null;
            return here && plain ? Optional.of(uri.toASCIIString()) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** {@code POST /api/v1/core/oauth/token}: exchanges an operator's token for one that is good for tenant calls. */
    Response exchange(Request request) throws IOException {
        Fields form = request.form();
        String client = value(form, "client_id");
        if (!value(form, "grant_type").equals(GRANT_TYPE)) return error(400, "unsupported_grant_type", GRANT_TYPE);
        if (client.isEmpty()) return error(400, "invalid_request", "client_id: is required");
        if (!client.equals("sp_web")) return error(401, "invalid_client", "unknown client");
        if (!value(form, "resource").equals(state.apiUrl())) {
            return error(400, "invalid_target", "the resource is not on the allow list");
        }
        if (!value(form, "subject_token_type").equals(ACCESS_TOKEN)) {
            return error(400, "invalid_request", "unknown subject_token_type");
        }
        Optional<Object> grant = state.tokens().grant(value(form, "subject_token"));
        if (!grant.equals(Optional.of(CloudState.Grant.ACCOUNT))) {
            return error(401, "invalid_grant", "the subject_token is expired or unknown");
        }
        Secret token = state.tokens().issue(CloudState.USER_ID, EXCHANGED_LIFETIME, CloudState.Grant.TENANTS);
        ObjectNode body = Json.object()
                .put("access_token", token.reveal())
                .put("issued_token_type", ACCESS_TOKEN)
                .put("token_type", "Bearer")
                .put("scope", "tenant")
                .put("expires_in", EXCHANGED_LIFETIME.toSeconds());
        return Response.json(200, body).with("Cache-Control", "no-store");
    }

    private static Response error(int status, String error, String description) {
        return Response.json(status, Json.object().put("error", error).put("error_description", description));
    }

    private static String value(Fields fields, String name) {
        return Objects.requireNonNullElse(fields.getValue(name), "");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
