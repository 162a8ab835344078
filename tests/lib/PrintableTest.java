package lib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void leavesNoControlCharacterAndNoEscapeSequence() {
        assertEquals("red text", Printable.of("\u001b[31mred\u001b[0m\r\n\u0007text\u202e"));
        assertEquals("", Printable.of(null));
    }

    @Test
    void cutsAtFiveHundredCharacters() {
        // Words, since other tests of this process may have secrets of one letter, which would be masked.
        assertEquals(500, Printable.of("so it goes ".repeat(1 << 17)).length());
    }
}
