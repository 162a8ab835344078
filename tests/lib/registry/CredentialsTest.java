package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sandbox.RegistryAuth.Scheme.BASIC;
import static sandbox.RegistryAuth.Scheme.BEARER;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Secret;
import lib.Secret.Credential;
import lib.registry.RegistryAuth.Challenge;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.RecordedRequest;
import sandbox.RegistryAuth;

class CredentialsTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.noise(1, 1 << 18));

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    private static Cloud start(RegistryAuth.Scheme scheme) {
        return Cloud.builder().registryScheme(scheme).start();
    }

    @Test
    void fetchesABearerTokenForPullAndPushOfThisRepository() throws Exception {
        try (Cloud cloud = start(BEARER)) {
            String scope = "&scope=repository%3Asp-demo%3Apull%2Cpush";
            cloud.fault("GET /token?account=x&service=sandbox-registry" + scope + " slow=1");
            push(cloud);
            assertEquals(List.of(), cloud.faults(), "this token and no other");
            assertEquals(1, cloud.count("GET", "token"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST uploads", "PATCH upload", "PUT upload", "PUT manifest"})
    void renewsATokenThatEndsInTheMiddleOfAPush(String moment) throws Exception {
        try (Cloud cloud = start(BEARER)) {
            cloud.fault(moment + " 401");
            push(cloud);
            assertEquals(2, cloud.count("GET", "token"));
            assertEquals(List.of(), pushing.sleeps);
        }
    }

    @Test
    void aTokenServersRefusalIsAFailedLogin() throws Exception {
        try (Cloud cloud = start(BEARER)) {
            Credential wrong = new Credential("registry", "alice", Secret.of("wrong"));
            Failure refused = assertThrows(Failure.class, () -> push(cloud, wrong));
            assertEquals(ErrorCode.LOGIN_FAILED, refused.code());
            assertEquals(1, cloud.count("GET", "token"));
        }
    }

    @Test
    void aRegistryThatForgetsEachTokenIsAskedOnlyOnceMore() throws Exception {
        try (Cloud cloud = start(BEARER)) {
            cloud.fault("POST uploads 401 x*");
            Failure refused = assertThrows(Failure.class, () -> push(cloud));
            assertEquals(ErrorCode.PUSH_FAILED, refused.code());
            assertTrue(cloud.count("GET", "token") <= 3, () -> cloud.calls().toString());
        }
    }

    @Test
    void neverSendsThePasswordToARealmThatCanBeOverheard() throws Exception {
        try (Cloud cloud = start(BEARER)) {
            String challenge = "Bearer realm=\"http://tokens.example.com/token\",service=\"fake\"";
            cloud.fault("GET ping 401 www-authenticate='" + challenge + "' x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertTrue(failure.getMessage().contains("not https"), failure.getMessage());
            assertGotNoCredentials(cloud);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic realm=\"all\", Bearer realm=\"REALM\", service=\"s\"",
                "BEARER service=s,Realm = REALM",
                "Negotiate, bearer error=\"invalid_token\",realm=\"REALM\"",
                "Bearer realm=\"http://tokens.example.com/\", Bearer realm=\"REALM\"",
                "Digest realm=\"a, Basic b\", qop=\"auth\" , Bearer realm=\"REALM\""
            })
    void aTokenIsFetchedHoweverTheRegistryOrdersAndSpellsItsChallenges(String challenges) throws Exception {
        try (Cloud cloud = start(BEARER)) {
            String realm = "http://" + cloud.registryHost() + "/token";
            cloud.fault("GET ping 401 www-authenticate='" + challenges.replace("REALM", realm) + "'");
            push(cloud);
            assertEquals(1, cloud.count("GET", "token"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BASIC",
                "Bearer realm=\"http://tokens.example.com/\", Basic realm=\"x\"",
                "Bearer realm=\"nowhere\", Basic",
                ""
            })
    void theRegistryItselfGetsThePasswordWhereNoSafeRealmIsNamed(String challenges) throws Exception {
        try (Cloud cloud = start(BASIC)) {
            cloud.fault("GET ping 401 www-authenticate='" + challenges + "'");
            push(cloud);
            assertEquals(0, cloud.count("GET", "token"));
        }
    }

    @Test
    void anAddressThatNoRequestCanBeSentToIsNoAnswerOfARegistry() throws Exception {
        for (String address : List.of(
                "https://r.io:99999/t", "https://r.io:0/t", "https://1.2.3/t", "https:///t", "http://[::zz]/")) {
            try (Cloud cloud = start(BEARER)) {
                cloud.fault("GET ping 401 www-authenticate='Bearer realm=\"" + address + "\",service=\"x\"' x*");
                assertProtocol(cloud, address);
            }
            try (Cloud cloud = start(BASIC)) {
                cloud.fault("POST uploads 202 location=" + address + " x*");
                assertProtocol(cloud, address);
            }
        }
    }

    private void assertProtocol(Cloud cloud, String address) {
        Failure failure = assertThrows(Failure.class, () -> push(cloud), address);
        assertEquals(ErrorCode.PROTOCOL, failure.code(), address);
    }

    @Test
    void anUploadsPlaceOnAnotherHostGetsTheBytesWithoutCredentials() throws Exception {
        try (Cloud cloud = start(BASIC);
                Cloud other = start(BASIC)) {
            cloud.fault("POST uploads 202 location=http://" + other.registryHost() + "/elsewhere x*");
            cloud.fault("PUT manifest 201");
            other.fault("PATCH /elsewhere 202 x*");
            other.fault("PUT /elsewhere 201 x*");
            push(cloud);
            assertEquals(2, other.count("PATCH", "/elsewhere"));
            assertGotNoCredentials(other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://r.io/v2/, http://r.io/v2/a/blobs/uploads/1?_state=a%2Fb,"
                + " https://r.io/v2/a/blobs/uploads/1?_state=a%2Fb",
        "https://r.io:5443/v2/, http://R.io:5443/u, https://R.io:5443/u",
        "https://r.io/v2/, http://r.io:8080/u, http://r.io:8080/u",
        "https://r.io/v2/, http://store.r.io/u, http://store.r.io/u",
        "http://localhost:5000/v2/, http://localhost:5000/u, http://localhost:5000/u"
    })
    void anUploadThatBeganByTlsGoesOnByTlsWhereTheRegistryNamesItselfByHttp(URI asked, URI said, URI place) {
        assertEquals(place, RegistryResponse.asPrivately(asked, said));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/elsewhere?state=a|b c", "/elsewhere?name={x}&100%", "elsewhere?_state=a%2Fb"})
    void anUploadsPlaceMayHoldWhatNoAddressShould(String place) throws Exception {
        try (Cloud cloud = start(BASIC)) {
            cloud.fault("POST uploads 202 location='" + place + "' x*");
            cloud.fault("PATCH /*elsewhere?* 202 x*");
            cloud.fault("PUT /*elsewhere?*&digest=* 201 x*");
            cloud.fault("PUT manifest 201");
            push(cloud);
            assertEquals(
                    2,
                    cloud.calls().stream()
                            .filter(call -> call.toString().contains("PATCH"))
                            .count());
        }
    }

    /** A proxy that ends TLS before a registry that knows nothing of it: the password goes there, though never by http. */
    @ParameterizedTest
    @CsvSource({
        "https://r.io/v2/, http://r.io/service/token, https://r.io/service/token",
        "https://r.io:5443/v2/, http://r.io:5443/token, https://r.io:5443/token",
        "https://r.io/v2/, http://tokens.r.io/token, http://tokens.r.io/token",
        "https://r.io/v2/, https://tokens.r.io/token, https://tokens.r.io/token"
    })
    void aTokenIsAskedForByTlsWhereTheRegistryNamesItselfByHttp(URI asked, String said, URI realm) {
        Challenge bearer = new Challenge(asked, "bearer", Map.of("realm", said));
        assertEquals(realm, bearer.realm().orElseThrow());
    }

    @Test
    void followsNoRedirectWithCredentials() throws Exception {
        try (Cloud cloud = start(BASIC);
                Cloud other = start(BASIC)) {
            cloud.fault("GET ping 401");
            cloud.fault("* /* redirect=http://" + other.registryHost() + "/v2/ x*");
            assertEquals(
                    ErrorCode.PROTOCOL,
                    assertThrows(Failure.class, () -> push(cloud)).code());
            assertTrue(cloud.calls().get(1).authorized(), "that is what was redirected");
            assertEquals(List.of(), other.calls());
        }
    }

    @Test
    void refusesAClientThatFollowsRedirects() {
        HttpClient following = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        ImageReference target = ImageReference.of("registry.example.com", "acme", "one");
        assertThrows(IllegalArgumentException.class, () -> RegistryClient.of(following, target, RealRegistry.LOGIN));
    }

    @Test
    void speaksPlainHttpToLoopbackAlone() {
        for (String name : List.of("localhost:5000", "127.0.0.1", "127.9.8.7:80", "[::1]:5000"))
            assertEquals("http", RegistryClient.root(name).getScheme(), name);
        for (String name : List.of("127.0.0.1.example.com", "localhost.example.com", "registry.example.com", "[::2]:1"))
            assertEquals("https", RegistryClient.root(name).getScheme(), name);
    }

    @Test
    void thePasswordIsInNoMessageEvenIfTheRegistrySaysItBack() throws Exception {
        try (Cloud cloud = start(BASIC)) {
            Credential login = Pushing.loginAt(cloud, "ten_demo");
            String password = login.password().reveal();
            String basic = login.basic().reveal();
            cloud.fault("POST uploads 403=" + password + " " + basic + " x*");
            Failure refused = assertThrows(Failure.class, () -> push(cloud, login));
            StringWriter trace = new StringWriter();
            refused.printStackTrace(new PrintWriter(trace));
            assertTrue(refused.getMessage().contains("DENIED: **** ****"), refused.getMessage());
            assertFalse(trace.toString().contains(password) || trace.toString().contains(basic));
        }
    }

    private static void assertGotNoCredentials(Cloud cloud) {
        assertFalse(cloud.calls().isEmpty());
        assertEquals(
                List.of(),
                cloud.calls().stream().filter(RecordedRequest::authorized).toList());
    }

    private void push(Cloud cloud) throws Exception {
        push(cloud, Pushing.loginAt(cloud, "ten_demo"));
    }

    private void push(Cloud cloud, Credential login) throws Exception {
        pushing.login = login;
        Path archive = SampleImage.write(folder.resolve("a.tar"), IMAGE.dockerSave());
        pushing.push(archive, cloud.registryHost(), "sp-demo", "one");
    }
}
