package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;
import sandbox.RegistryAuth;

/** What a registry, its token server or an archive says can neither show a secret nor end in an exception of the client's. */
class HostileAnswersTest {
    private static final SampleImage IMAGE = SampleImage.of(SampleImage.noise(1, 1 << 16));

    @TempDir
    Path folder;

    private final Pushing pushing = new Pushing();

    @Test
    void aTokenThatNoHeaderCanCarryIsNotQuoted() throws Exception {
        for (String token : List.of("fresh-t0ken-one\\n", "fresh-t0ken-two \\u00e9", "fresh-t0ken three")) {
            for (String body : List.of("{\"token\": \"" + token + "\"}", "{\"access_token\": \"" + token + "\"}")) {
                Failure failure = refusedByTokenServer(200, body);
                assertEquals(ErrorCode.PROTOCOL, failure.code());
                assertTrue(failure.getMessage().endsWith("/token: 200: no token in it"), failure.getMessage());
                assertFalse(traceOf(failure).contains("fresh-t0ken"), traceOf(failure));
            }
        }
    }

    @Test
    void ofATokenServersAnswerNothingIsQuotedButAnErrorsSentence() throws Exception {
        String page = "<!doctype html><title>fresh-t0ken</title>";
        for (String body : List.of("fresh-t0ken", "{\"tok\": \"fresh-t0ken\"}", "[\"fresh-t0ken\"]", page)) {
            for (int status : List.of(200, 400, 401, 404, 500)) {
                String said = refusedByTokenServer(status, body).getMessage();
                assertFalse(said.contains("t0ken"), status + " " + body + ": " + said);
                assertTrue(said.contains("/token: " + status), said);
            }
        }
        String error = "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"no t0ken-f1eld-42 nor "
                + "Zm9vYmFyYmF6cXV1eDAxMjM0\"}], \"extra\": {\"refresh_token\": \"t0ken-f1eld-42\"}}";
        String said = refusedByTokenServer(401, error).getMessage();
        assertTrue(said.endsWith(": 401 DENIED: no **** nor ****"), said);
    }

    @Test
    void aBodyOfASuccessThatIsNoneIsNotQuoted() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("POST uploads 200:{\"token\": \"fresh-t0ken\"} x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertTrue(
                    failure.getMessage().endsWith("/v2/sp-demo/blobs/uploads/: 200: no Location in it"),
                    failure.getMessage());
        }
    }

    @Test
    void ofAPageInItsPlaceNothingIsShownButTheTitle() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("PATCH upload 413:\n<html><head><title>413 Request\nEntity &amp; Co</title></head>"
                    + "<body>nginx</body></html> x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            String end = ": 413 from something before the registry: '413 Request Entity & Co'";
            assertTrue(failure.getMessage().endsWith(end), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v2/ 404", "GET /v2/ 400", "POST uploads 403", "PATCH upload 403"})
    void aPageOfWhatStandsBeforeTheRegistryIsNeitherARefusalNorItsAnswer(String fault) throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault(fault + ":<html><title>Attention Required!</title></html> x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            assertEquals(ErrorCode.PROTOCOL, failure.code());
            assertEquals(Failure.Remedy.NONE, failure.remedy(), "no new token is spent");
            assertTrue(failure.getMessage().endsWith("before the registry: 'Attention Required!'"));
        }
    }

    @Test
    void aRefusalInARegistrysOwnFormIsOneWhateverItQuotes() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("POST uploads 403:{\"errors\":[{\"code\":\"DENIED\",\"message\":\"<html>\"}]} x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            assertEquals(Failure.Remedy.NEW_TOKEN, failure.remedy());
        }
    }

    @Test
    void aRedirectIsSaidToBeOne() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            cloud.fault("POST uploads redirect=http://" + cloud.registryHost() + "/v2/other/ x*");
            Failure failure = assertThrows(Failure.class, () -> push(cloud));
            assertTrue(failure.getMessage().contains(": a redirect, which is not followed"), failure.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD manifest 405", "HEAD manifest 400", "HEAD manifest 200"})
    void whatATagMeansIsFoundWhereARegistryDoesNotSayItInAHeader(String fault) throws Exception {
        try (Cloud cloud = Cloud.start()) {
            push(cloud);
            RegistryClient repository = pushing.client(ImageReference.of(cloud.registryHost(), "sp-demo", "one"));
            Optional<Digest> known = ImageLookup.digest(repository, "one");
            cloud.fault(fault + ": x*");
            assertEquals(known, ImageLookup.digest(repository, "one"));
            cloud.fault("GET manifest 404: x*");
            assertEquals(Optional.empty(), ImageLookup.digest(repository, "one"));
        }
    }

    @Test
    void aRegistryThatNoClientCanAskIsNone() {
        for (String registry : List.of("registry.1abc:5000", "[::zz]:5000", "256.256.256.256", "a.example.com:99999")) {
            Failure failure = assertThrows(Failure.class, () -> RegistryClient.root(registry), registry);
            assertEquals(ErrorCode.PROTOCOL, failure.code());
        }
    }

    @Test
    void aMediaTypeThatIsNoneIsFoundBeforeAnythingIsSent() throws Exception {
        for (String type : List.of("a/b\\r\\nX-Other: 1", "a/b\\u0000", "\\u00e9/x", "plain", "a/b, c/d", " ")) {
            Map<String, Object> plain = SampleImage.ociLayout(IMAGE);
            for (String member : List.of("config", "layers", "manifest")) {
                try (Cloud cloud = Cloud.start()) {
                    Path archive = SampleImage.write(folder.resolve("a.tar"), with(type, member, plain));
                    Failure failure = assertThrows(
                            Failure.class,
                            () -> pushing.push(archive, cloud.registryHost(), "sp-demo", "one"),
                            member + " " + type);
                    assertEquals(ErrorCode.CONFIG, failure.code());
                    assertTrue(failure.getMessage().contains("media type"), failure.getMessage());
                    assertFalse(failure.getMessage().contains("X-Other"), failure.getMessage());
                    assertEquals(List.of(), cloud.calls());
                }
            }
        }
    }

    /** The layout with another media type in its manifest. */
    private static Map<String, Object> with(String type, String member, Map<String, Object> layout) {
        String index = text(layout.get("index.json"));
        String digest = index.replaceFirst("(?s).*\"digest\":\"sha256:([0-9a-f]{64})\".*", "$1");
        String manifest = text(layout.get("blobs/sha256/" + digest));
        String before = member.equals("manifest")
                ? "^\\{\"schemaVersion\":2,\"mediaType\":\""
                : "\"" + member + "\":\\[?\\{\"mediaType\":\"";
        String changed = manifest.replaceFirst("(" + before + ")[^\"]*", "$1" + Matcher.quoteReplacement(type));
        assertFalse(changed.equals(manifest), manifest);
        byte[] bytes = SampleImage.bytes(changed);
        Map<String, Object> members = new LinkedHashMap<>(layout);
        members.remove("blobs/sha256/" + digest);
        members.put("blobs/sha256/" + Digest.of(bytes).hex(), bytes);
        members.put(
                "index.json",
                SampleImage.bytes(index.replace(digest, Digest.of(bytes).hex())
                        .replaceFirst("\"size\":[0-9]+", "\"size\":" + bytes.length)));
        return members;
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private Failure refusedByTokenServer(int status, String body) throws Exception {
        try (Cloud cloud =
                Cloud.builder().registryScheme(RegistryAuth.Scheme.BEARER).start()) {
            cloud.fault("GET token " + status + ":" + body + " x*");
            try {
                push(cloud);
                throw new AssertionError("it was pushed: " + status + " " + body);
            } catch (Failure failure) {
                return failure;
            }
        }
    }

    private static String traceOf(Failure failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private void push(Cloud cloud) throws Exception {
        Path archive = folder.resolve("plain.tar");
        if (!Files.exists(archive)) SampleImage.write(archive, IMAGE.dockerSave());
        pushing.login = Pushing.loginAt(cloud, "ten_demo");
        pushing.push(archive, cloud.registryHost(), "sp-demo", "one");
    }
}
