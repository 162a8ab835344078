package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Browser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesInBrowserTest {
    private static final String BACK = "http://127.0.0.1:1/callback";

    private final Cloud cloud = Cloud.start();
    private Browser browser;

    @BeforeAll
    void open(@TempDir Path profile) throws IOException, InterruptedException {
        assumeTrue(Browser.executable().isPresent(), "there is no Chromium here");
        browser = Browser.start(profile);
    }

    @AfterAll
    void end() {
        if (browser != null) browser.close();
        cloud.close();
    }

    private void ask() throws Exception {
        browser.open(cloud.apiUrl() + "/authorize?provider=github&redirect_uri=" + BACK);
    }

    @Test
    void signsInWithAClickOnAuthorize() throws Exception {
        ask();
        browser.click("#authorize");
        String start = BACK + "?access_token=";
        while (!browser.url().startsWith(start)) Thread.sleep(50);
        String token = browser.url().substring(start.length());
        assertEquals(
                200,
                Caller.of(cloud.apiUrl()).bearer(token).get("/api/v1/auth/me").status());
    }

    @Test
    void comesBackWithAnErrorAfterAClickOnDeny() throws Exception {
        ask();
        browser.click("#deny");
        while (!browser.url().startsWith(BACK + "?error=access_denied&")) Thread.sleep(50);
    }

    @Test
    void showsADeployWhileItHappensAndNoToken() throws Exception {
        browser.open(cloud.apiUrl() + "/");
        browser.await("document.body.innerText.includes('Nothing deployed yet.')");
        Pusher.image(cloud, "ten_demo", "v1");
        Caller.tenant(cloud)
                .post("/api/v1/tenants/ten_demo/deploy", "{\"image\":\"" + cloud.registryHost() + "/sp-demo:v1\"}");
        browser.await("document.getElementById('deployments').innerText.includes('/sp-demo:v1')");
        browser.await("document.getElementById('tenants').innerText.includes('running')");
        RegistryCredential credential = cloud.credentials().get(0);
        String page = browser.eval("document.documentElement.outerHTML");
        assertTrue(page.contains(credential.password().sha256Prefix()));
        assertFalse(page.contains(credential.password().reveal()));
        assertFalse(page.contains(cloud.operatorToken().reveal()));
    }

    @Test
    void setsAndRemovesFaultsByHand() throws Exception {
        browser.open(cloud.apiUrl() + "/");
        browser.await("document.getElementById('faults')?.innerText.includes('No faults')");
        browser.eval("document.getElementById('fault').value = 'GET me 503 x2'");
        browser.click("#new-fault .go");
        browser.await("document.getElementById('faults').innerText.includes('GET me 503 x2')");
        assertEquals("GET me 503 x2", cloud.faults().get(0).toString());
        browser.click("#faults button");
        browser.await("document.getElementById('faults').innerText.includes('No faults')");
        assertTrue(cloud.faults().isEmpty());
        browser.eval("document.getElementById('fault').value = 'GET me sometimes'");
        browser.click("#new-fault .go");
        browser.await("document.getElementById('said').innerText.includes('use a status')");
    }
}
