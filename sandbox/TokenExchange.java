package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import lib.Json;
import lib.Secret;
import org.eclipse.jetty.util.Fields;

/**
 * {@code POST /api/v1/core/oauth/token}: an operator's token for one that opens tenant calls.
 *
 * <p>Source: RFC 8693, and RFC 6749, 5.2 for the errors, whose {@code error} is a string here and not an object.
 */
final class TokenExchange {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final Bearers bearers;
    private final String apiUrl;

    TokenExchange(Bearers bearers, String apiUrl) {
        this.bearers = bearers;
        this.apiUrl = apiUrl;
    }

    Response answer(Request request) throws IOException {
        Fields form = request.form();
        if (!GRANT.equals(value(form, "grant_type"))) return error(400, "unsupported_grant_type", GRANT);
        if (form.getValue("client_id") == null) return error(400, "invalid_request", "client_id: is required");
        if (!form.getValue("client_id").equals("sp_web")) return error(401, "invalid_client", "unknown client");
        if (!value(form, "resource").equals(apiUrl)) {
            return error(400, "invalid_target", "the resource is not on the allow list");
        }
        if (!ACCESS_TOKEN.equals(value(form, "subject_token_type"))) {
            return error(400, "invalid_request", "unknown subject_token_type");
        }
        Optional<Secret> token = bearers.exchange(value(form, "subject_token"));
        if (token.isEmpty()) return error(401, "invalid_grant", "the subject_token is expired or unknown");
        ObjectNode answer = Json.object()
                .put("access_token", token.get().reveal())
                .put("issued_token_type", ACCESS_TOKEN)
                .put("token_type", "Bearer")
                .put("scope", "tenant")
                .put("expires_in", Bearers.EXCHANGED_LIFETIME.toSeconds());
        return Response.json(200, answer).with("Cache-Control", "no-store");
    }

    private static String value(Fields form, String name) {
        return Objects.requireNonNullElse(form.getValue(name), "");
    }

    private static Response error(int status, String error, String description) {
        return Response.json(status, Json.object().put("error", error).put("error_description", description));
    }
}
