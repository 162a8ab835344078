package sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import lib.Json;
import org.eclipse.jetty.util.Fields;

/** The browser's way to an operator's token: a page with two buttons, which lead back to the waiting client. */
final class SignIn {
    private static final Duration OPERATOR_LIFETIME = Duration.ofDays(30);

    private final World world;
    private final String host;

    SignIn(World world, String host) {
        this.world = world;
        this.host = host;
    }

    /** {@code GET /api/v1/auth/oauth/{provider}?redirect_uri=}. */
    Response authorizeUrl(Request request, String provider) {
        if (!provider.equals("github") && !provider.equals("google")) return ApiError.notFound();
        Optional<String> back = loopback(request.query());
        if (back.isEmpty()) return ApiError.of(400, "invalid_redirect_uri", "redirect_uri must be http on loopback");
        String url = world.apiUrl() + "/authorize?provider=" + provider + "&redirect_uri=" + encode(back.get());
        return Response.json(200, Json.object().put("authorize_url", url));
    }

    Response page(Request request) {
        Optional<String> back = loopback(request.query());
        if (!request.isAddressedTo(host) || back.isEmpty())
            return Response.text(400, "redirect_uri must be http on loopback");
        String provider = request.query("provider").orElse("github").equals("google") ? "Google" : "GitHub";
        return Response.page(200, "style-src 'unsafe-inline'", SignInPage.html(provider, back.get()));
    }

    /** The token is in the redirect alone, never on a page. */
    Response decide(Request request) throws IOException {
        if (!request.isFromPageOf(host)) return Response.text(403, "this form was sent from another page");
        Fields form = request.form();
        Optional<String> back = loopback(form);
        if (back.isEmpty()) return Response.text(400, "redirect_uri must be http on loopback");
        String answer = "authorize".equals(form.getValue("decision"))
                ? "access_token=" + world.bearers().operator(OPERATOR_LIFETIME).reveal()
                : "error=access_denied&error_description=" + encode("The sign-in was denied");
        String joint = back.get().contains("?") ? "&" : "?";
        return Response.of(303)
                .with("Location", back.get() + joint + answer)
                .with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer");
    }

    /** Nobody but a program on this machine gets a token. Source: RFC 8252, 7.3. */
    private static Optional<String> loopback(Fields fields) {
        try {
            URI uri = new URI(Objects.requireNonNullElse(fields.getValue("redirect_uri"), ""));
            String name = String.valueOf(uri.getHost());
            boolean here = name.equals("127.0.0.1") || name.equals("localhost") || name.equals("[::1]");
            boolean plain = "http".equals(uri.getScheme()) && uri.getUserInfo() == null && uri.getFragment() == null;
            return here && plain ? Optional.of(uri.toASCIIString()) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
