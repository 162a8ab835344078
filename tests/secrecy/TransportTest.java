package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.ImageReference;
import lib.api.Account;
import lib.api.Deployment;
import lib.api.ManagementApi;
import lib.project.ApiCredentials;
import lib.project.Tenant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;

/** A token goes to the API's own address, over https, and to nobody else; and no page or log of ours shows one. */
class TransportTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://127.0.0.1@evil.example.com",
                "https://user:pass@api.example.com",
                "http://[::2]",
                "http://0.0.0.0",
                "http://2130706433",
                "http://127.1",
                "ftp://127.0.0.1",
                "file:///etc/passwd",
                "//127.0.0.1",
                "https:api.example.com",
                "https://api.example.com?x",
                "https://api.example.com#x",
                "https://api.example.com:0",
                "https://api.example.com:65536",
                "http://127.0.0.1:99999",
                "https://1.2.3",
                ""
            })
    void anAddressThatIsNotHttpsOrThisMachineIsRefused(String address) {
        assertEquals(
                ErrorCode.CONFIG,
                assertThrows(Failure.class, () -> ApiCredentials.url(address, "api_url"))
                        .code());
    }

    @Test
    void noRedirectIsFollowedWithAToken() throws Exception {
        try (Cloud cloud = Cloud.start();
                Cloud other = Cloud.start()) {
            ManagementApi api = api(cloud, new ArrayList<>());
            for (String call : List.of("GET registry-token", "GET status", "POST deploy", "GET me")) {
                cloud.fault(call + " redirect=" + other.apiUrl() + "/api/v1/auth/me");
            }
            Tenant.Id tenant = new Tenant.Id("ten_demo");
            ImageReference image = ImageReference.of(cloud.registryHost(), "sp-demo", "one");
            for (Failure failure : List.of(
                    assertThrows(Failure.class, () -> api.registryToken(tenant)),
                    assertThrows(Failure.class, () -> Deployment.of(api, tenant)),
                    assertThrows(Failure.class, () -> Deployment.start(api, tenant, image)),
                    assertThrows(Failure.class, () -> Account.of(api)))) {
                assertEquals(ErrorCode.PROTOCOL, failure.code());
            }
            assertEquals(List.of(), other.calls());
            // The limit of the JDK's own retries happens to stop redirects too; each must hold without the other.
            assertEquals(HttpClient.Redirect.NEVER, Http.open().followRedirects());
        }
    }

    @Test
    void neitherTheLogNorAPageOfTheSandboxShowsAToken() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            List<String> log = new ArrayList<>();
            Canary password = Canary.password(
                    api(cloud, log).registryToken(new Tenant.Id("ten_demo")).password());
            Canary token = Canary.token(cloud.operatorToken().reveal());
            assertFalse(log.isEmpty());
            HttpClient client = Http.open();
            for (String page : List.of(
                    "/",
                    "/console.json",
                    "/apps/ten_demo/",
                    "/authorize?provider=github&redirect_uri=http://127.0.0.1:1/",
                    "/nothing")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(cloud.apiUrl() + page))
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                log.add(answer.body() + answer.headers().map());
            }
            log.add(cloud.calls().toString() + cloud.credentials());
            assertEquals(Optional.empty(), password.in(log.toString()));
            assertEquals(Optional.empty(), token.in(log.toString()));
            assertTrue(log.toString().contains("sha256_prefix"), "the console shows that there is a token");
        }
    }

    private static ManagementApi api(Cloud cloud, List<String> log) {
        return ManagementApi.of(
                new ApiCredentials(cloud.operatorToken(), URI.create(cloud.apiUrl()), Optional.empty()),
                new Environment(Map.of(), Path.of("")),
                Clock.systemUTC(),
                log::add);
    }
}
