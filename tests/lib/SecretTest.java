package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SecretTest {
    @Test
    void masksItself() {
        assertEquals("****", Secret.of("hush").toString());
        assertEquals("a ****", "a " + Secret.of("hush"));
    }

    @Test
    void tellsSecretsApartByTheStartOfTheirHash() {
        assertEquals("ba7816bf", Secret.of("abc").sha256Prefix());
        assertNotEquals(Secret.of("a"), Secret.of("b"));
        assertEquals(Secret.of("a"), Secret.of("a"));
    }

    @Test
    void refusesToBeEmpty() {
        assertThrows(IllegalArgumentException.class, () -> Secret.of(""));
    }
}
