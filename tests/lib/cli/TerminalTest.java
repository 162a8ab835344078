package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import lib.cli.CommonOptions.Color;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void aTextIsCutByColumnsAndNeverInsideACharacter() {
        assertEquals("short", Terminal.cut("short", 5));
        assertEquals("shor…", Terminal.cut("shorter", 5));
        assertEquals("株…", Terminal.cut("株式会社", 4));
        assertEquals("株式…", Terminal.cut("株式会社", 5));
        assertEquals("👩…", Terminal.cut("👩💻👩", 4));
        assertEquals("e\u0301e\u0301…", Terminal.cut("e\u0301e\u0301e\u0301e\u0301", 3));
        assertEquals("e\u0301e\u0301e\u0301", Terminal.cut("e\u0301e\u0301e\u0301", 3));
        assertEquals("…", Terminal.cut("株式", 1));
        assertEquals("", Terminal.cut("株式", 0));
        assertEquals("", Terminal.cut("x", -5));
    }

    @Test
    void whatKnowsNoControlSequencesIsTold() {
        assertTrue(Terminal.isDumb(Map.of("TERM", "dumb")));
        assertTrue(!Terminal.isDumb(Map.of("TERM", "xterm-256color")));
    }

    @Test
    void theOptionComesFirstThenTheVariablesThenTheTerminal() {
        Map<String, String> none = Map.of();
        assertTrue(Color.auto.isUsed(true, none));
        assertTrue(!Color.auto.isUsed(false, none));
        for (Map<String, String> plain : Map.of("NO_COLOR", "1", "CLICOLOR", "0").entrySet().stream()
                .map(variable -> Map.of(variable.getKey(), variable.getValue()))
                .toList()) {
            assertTrue(!Color.auto.isUsed(true, plain), plain.toString());
            assertTrue(Color.always.isUsed(true, plain));
        }
        for (Map<String, String> forced : java.util.List.of(
                Map.of("FORCE_COLOR", "1"),
                Map.of("FORCE_COLOR", "1", "NO_COLOR", "1"),
                Map.of("CLICOLOR_FORCE", "1"),
                Map.of("CLICOLOR_FORCE", "1", "CLICOLOR", "0"))) {
            assertTrue(Color.auto.isUsed(false, forced), forced.toString());
            assertTrue(!Color.never.isUsed(true, forced));
        }
        assertTrue(!Color.auto.isUsed(true, Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1")));
        assertTrue(!Color.auto.isUsed(false, Map.of("CLICOLOR_FORCE", "0", "CLICOLOR", "1", "FORCE_COLOR", "")));
        assertTrue(Color.auto.isUsed(true, Map.of("NO_COLOR", "")));
    }
}
