package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignInTest {
    private static final String BACK = "http://127.0.0.1:8765/callback";

    private final Cloud cloud = Cloud.start();
    private final Caller browser = Caller.of(cloud.apiUrl());

    @AfterEach
    void end() {
        cloud.close();
    }

    private Caller.Answer authorizeUrl(String provider, String redirectUri) throws Exception {
        String query = "?redirect_uri=" + URLEncoder.encode(redirectUri, StandardCharsets.UTF_8);
        return browser.get("/api/v1/auth/oauth/" + provider + query);
    }

    private Caller.Answer decide(String decision, String redirectUri, String origin) throws Exception {
        String form =
                "redirect_uri=" + URLEncoder.encode(redirectUri, StandardCharsets.UTF_8) + "&decision=" + decision;
        return browser.post("/authorize", form, "Origin", origin, "Content-Type", "application/x-www-form-urlencoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"github", "google"})
    void leadsFromTheProviderToAPageWithTwoButtons(String provider) throws Exception {
        String url = authorizeUrl(provider, BACK).json().path("authorize_url").asText();
        assertTrue(url.startsWith(cloud.apiUrl() + "/authorize?"), url);
        Caller.Answer page = browser.get(url);
        assertEquals(200, page.status());
        assertTrue(page.body().contains(">Authorize<") && page.body().contains(">Deny<"), page.body());
        assertTrue(page.header("Content-Security-Policy").orElseThrow().startsWith("default-src 'none'"));
        assertFalse(page.body().contains("src=") || page.body().contains("href="), "no outside resources");
    }

    @Test
    void sendsATokenThatWorksAndShowsNone() throws Exception {
        Caller.Answer answer = decide("authorize", BACK, cloud.apiUrl());
        assertEquals(303, answer.status());
        assertEquals("", answer.body());
        String location = answer.header("Location").orElseThrow();
        assertTrue(location.startsWith(BACK + "?access_token="), location);
        Caller operator = browser.bearer(location.substring((BACK + "?access_token=").length()));
        assertEquals(200, operator.get("/api/v1/auth/me").status());
    }

    @Test
    void sendsAnErrorWhenDenied() throws Exception {
        String location = decide("deny", BACK + "?state=s", cloud.apiUrl())
                .header("Location")
                .orElseThrow();
        assertEquals(BACK + "?state=s&error=access_denied&error_description=The+sign-in+was+denied", location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example/callback",
                "http://evil.example/callback",
                "http://127.0.0.1.evil.example/",
                "http://127.0.0.1@evil.example/",
                "javascript:alert(1)",
                "http://127.0.0.1:1/#",
                "http://127.0.0.1:1/\r\nX: y",
            })
    void sendsATokenToNobodyOutsideOfThisMachine(String redirectUri) throws Exception {
        assertEquals(400, authorizeUrl("github", redirectUri).status());
        assertEquals(400, decide("authorize", redirectUri, cloud.apiUrl()).status());
    }

    @Test
    void takesTheFormFromItsOwnPageAlone() throws Exception {
        assertEquals(403, decide("authorize", BACK, "http://evil.example").status());
        assertEquals(403, decide("authorize", BACK, "null").status());
    }

    @Test
    void writesWhatItWasGivenAsTextAndNotAsMarkup() throws Exception {
        String url = authorizeUrl("github", "http://127.0.0.1:1/'a'")
                .json()
                .path("authorize_url")
                .asText();
        assertTrue(browser.get(url).body().contains("http://127.0.0.1:1/&#39;a&#39;"));
    }

    @Test
    void knowsNoOtherProvider() throws Exception {
        assertEquals(404, authorizeUrl("gitlab", BACK).status());
    }
}
