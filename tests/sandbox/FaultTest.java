package sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET registry-token 503 x2",
                "GET registry-token 503=Registry service not available",
                "GET registry-token 429 retry-after=2 x3",
                "POST deploy 500=Out of x2 machines x*",
                "GET status slow=1500",
                "POST uploads 202 location=http://127.0.0.1:1/elsewhere x*",
                "POST uploads 401=no www-authenticate='Bearer realm=\"x\"' x*",
                "GET registry-token 200:{\"data\":{\"token\":\"a=b c\"}}",
                "PATCH upload early 202 x2",
                "PATCH upload reset=300000",
                "GET me stall",
                "POST deploy cut",
                "* /v2/ reset x*",
                "PUT blob truncate",
                "GET me html",
                "GET me empty",
                "GET me garbage",
                "GET me huge",
                "GET me ansi",
            })
    void readsWhatItWrites(String text) {
        assertEquals(text, Fault.parse(text).toString());
    }

    @Test
    void readsARedirectAsAStatusWithALocation() {
        assertEquals(
                "GET me 307 location=http://127.0.0.1:1/", Fault.parse("GET me redirect=http://127.0.0.1:1/") + "");
    }

    @Test
    void strikesOnceUnlessItSaysHowOften() {
        assertEquals(1, Fault.parse("GET me 503").times().orElseThrow());
        assertTrue(Fault.parse("GET me 503 x*").times().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "GET", "GET me", "get me 503", "GET me 9000", "GET me slow", "GET me 503 x0", "GET me x2"})
    void saysWhatIsWrongWithAnythingElse(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Fault.parse(text))
                .getMessage();
        assertTrue(message.contains("METHOD TARGET ACTION") || message.contains("use a status"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "GET registry-token, GET, /api/v1/tenants/ten_demo/registry-token",
        "* status, PUT, /api/v1/tenants/ten_demo/status",
        "POST token, POST, /api/v1/core/oauth/token",
        "POST uploads, POST, /v2/a/b/blobs/uploads/",
        "PATCH upload, PATCH, /v2/a/blobs/uploads/01234567-89ab-cdef-0123-456789abcdef",
        "PUT blob, PUT, /v2/a/blobs/uploads/01234567-89ab-cdef-0123-456789abcdef",
        "POST blob, POST, /v2/a/blobs/uploads/",
        "HEAD manifest, HEAD, /v2/a/manifests/v1",
        "GET ping, GET, /v2/",
        "GET tags, GET, /v2/a/tags/list",
        "GET /v2/, GET, /v2/",
        "GET /v2/*/manifests/*, GET, /v2/a/b/manifests/v1",
        "GET /v2/, GET, /v2/?n=1",
        "GET /token?*scope=*, GET, /token?account=x&scope=y",
    })
    void hitsWhatItAimsAt(String fault, String method, String path) {
        assertTrue(Fault.parse(fault + " 503").hits(method, path));
        assertFalse(Fault.parse(fault + " 503").hits(method, "/api/v1/auth/me"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET status, POST, /api/v1/tenants/ten_demo/status",
        "GET /v2/, GET, /v2/a/tags/list",
        "GET /token?*scope=*, GET, /token?account=x",
        "GET us, GET, /api/v1/tenants/ten_demo/status",
        "PUT upload, PUT, /v2/a/manifests/upload-1",
    })
    void missesTheRest(String fault, String method, String path) {
        assertFalse(Fault.parse(fault + " 503").hits(method, path));
    }
}
