package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import lib.Environment;
import lib.Failure;
import lib.account.Login.Service;
import org.junit.jupiter.api.Test;

class ServiceTest {
    @Test
    void eachEnvironmentHasItsAddressAndTheVariableNamesAnyOther() {
        assertEquals(URI.create("https://api.systemprompt.io"), Service.production.api(variable("")));
        assertEquals(URI.create("https://api-sandbox.systemprompt.io"), Service.sandbox.api(variable("")));
        assertEquals(URI.create("http://127.0.0.1:9"), Service.sandbox.api(variable("http://127.0.0.1:9/")));
    }

    @Test
    void aTokenGoesToNoPlainHttpElsewhere() {
        assertThrows(Failure.class, () -> Service.production.api(variable("http://api.example.com")));
    }

    private static Environment variable(String url) {
        return new Environment(Map.of("SYSTEMPROMPT_API_URL", url), Path.of(""));
    }
}
