//SOURCES ../Authority.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Retry.java
//SOURCES ApiCall.java
//SOURCES ApiResponse.java
package lib.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import lib.Authority;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Json;
import lib.Retry;

/** Asks where a browser is to be sent so that a person can let this machine act for them; the only call without a token. */
public record AuthorizeUrl(URI apiUrl, Retry retry, Consumer<String> log) {
    public static AuthorizeUrl of(URI apiUrl, Consumer<String> log) {
        return new AuthorizeUrl(apiUrl, Retry.usual(), log);
    }

    /**
     * @param provider a plain word, a segment of the path
     * @param back where the browser comes back to, on this machine
     * @return an address that a browser may be sent to: https, or this machine itself
     * @throws Failure {@code unavailable}, {@code auth}, or {@code protocol}
     */
    public URI ask(String provider, URI back) throws InterruptedException {
        String query = "?redirect_uri=" + URLEncoder.encode(back.toString(), StandardCharsets.UTF_8);
        ApiCall call = ApiCall.get("/api/v1/auth/oauth/" + provider + query);
        ApiResponse answer = new ApiCall.Client(apiUrl, Http::shared, retry, log).send(call, Optional.empty());
        if (!answer.isSuccess()) throw refused(answer);
        String url = Json.text(answer.data(), "authorize_url")
                .orElseThrow(() -> answer.unexpected("no field 'authorize_url'"));
        return checked(url).orElseThrow(() -> answer.unexpected("authorize_url is no https address"));
    }

    private static Failure refused(ApiResponse answer) {
        return new Failure(
                answer.status() >= 500 || answer.status() == 429 ? ErrorCode.UNAVAILABLE : ErrorCode.AUTH,
                "Failed to get authorization URL: " + answer.sentence(),
                "Check SYSTEMPROMPT_API_URL, try another --provider, or log in with --token-stdin");
    }

    private static Optional<URI> checked(String text) {
        try {
            URI url = new URI(text);
            boolean https = "https".equalsIgnoreCase(url.getScheme());
            boolean here = "http".equalsIgnoreCase(url.getScheme())
                    && url.getHost() != null
                    && Authority.isLoopback(url.getHost());
            boolean plain = Authority.isUsable(url) && url.getUserInfo() == null;
            return plain && (https || here) ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
