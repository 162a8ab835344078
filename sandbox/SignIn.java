package sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import lib.Json;

/** The browser's way to an operator's token: a page with two buttons, which lead back to the waiting client. */
final class SignIn {
    private static final Duration OPERATOR_LIFETIME = Duration.ofDays(30);

    private final World world;
    private final SameOrigin sameOrigin;

    SignIn(World world, SameOrigin sameOrigin) {
        this.world = world;
        this.sameOrigin = sameOrigin;
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
        if (!sameOrigin.isHost(request) || back.isEmpty())
            return Response.text(400, "redirect_uri must be http on loopback");
        String provider = request.query().first("provider").orElse("github").equals("google") ? "Google" : "GitHub";
        return Response.page(200, "style-src 'unsafe-inline'", SignInPage.html(provider, back.get()));
    }

    /** The token is in the redirect alone, never on a page. */
    Response decide(Request request) throws IOException {
        if (!sameOrigin.mayPost(request)) return Response.text(403, "this form was sent from another page");
        Fields form = Fields.ofForm(request.text());
        Optional<String> back = loopback(form);
        if (back.isEmpty()) return Response.text(400, "redirect_uri must be http on loopback");
        String answer = form.first("decision").orElse("").equals("authorize")
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
            URI uri = new URI(fields.first("redirect_uri").orElse(""));
            String host = String.valueOf(uri.getHost());
            boolean here = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
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
