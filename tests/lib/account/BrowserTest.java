package lib.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.Environment;
import lib.account.BrowserLogin.Browser;
import org.junit.jupiter.api.Test;

class BrowserTest {
    private static final String URL = "https://api.example/authorize?a=b&c=d";

    @Test
    void theVariableComesFirstAndMayHoldSeveralCommands() {
        Browser browser = browser("linux", Map.of("BROWSER", "firefox --new-window:w3m %s -F", "DISPLAY", ":0"));
        assertEquals(
                List.of(List.of("firefox", "--new-window", URL), List.of("w3m", URL, "-F")), browser.commands(URL));
    }

    @Test
    void eachSystemHasItsOwn() {
        assertEquals(
                List.of(List.of("open", URL)), browser("mac os x", Map.of()).commands(URL));
        assertEquals(
                List.of(List.of("rundll32", "url.dll,FileProtocolHandler", URL)),
                browser("windows 11", Map.of()).commands(URL));
        assertEquals(
                "xdg-open",
                browser("linux", Map.of("DISPLAY", ":0")).commands(URL).get(0).get(0));
    }

    @Test
    void withoutAScreenNoneIsStarted() throws Exception {
        assertFalse(browser("linux", Map.of()).open(URI.create(URL)));
    }

    @Test
    void aCommandThatFailsIsNoBrowserAndTheNextIsTried() throws Exception {
        assertFalse(browser("linux", Map.of("BROWSER", "false:/does/not/exist")).open(URI.create(URL)));
        assertTrue(browser("linux", Map.of("BROWSER", "false:true")).open(URI.create(URL)));
    }

    @Test
    void aPersonOverSshOrWithoutAScreenIsAfar() {
        assertFalse(browser("linux", Map.of("DISPLAY", ":0")).isAfar());
        assertFalse(browser("mac os x", Map.of()).isAfar());
        assertTrue(browser("linux", Map.of()).isAfar());
        assertTrue(browser("linux", Map.of("DISPLAY", "localhost:10.0", "SSH_TTY", "/dev/pts/1"))
                .isAfar());
        assertTrue(browser("mac os x", Map.of("SSH_CONNECTION", "a 1 b 22")).isAfar());
    }

    @Test
    void theTunnelLeadsToTheAddressThatTheSessionCameTo() {
        assertEquals("ssh -L 8765:127.0.0.1:8765 dev@203.0.113.9", tunnel("198.51.100.7 51234 203.0.113.9 22"));
        assertEquals("ssh -L 8765:127.0.0.1:8765 -p 2222 dev@203.0.113.9", tunnel("198.51.100.7 1 203.0.113.9 2222"));
        assertEquals("ssh -L 8765:127.0.0.1:8765 dev@2001:db8::9", tunnel("2001:db8::7 1 2001:db8::9 22"));
        assertEquals(
                "ssh -L 8765:127.0.0.1:8765 dev@203.0.113.9", tunnel("::ffff:198.51.100.7 1 ::ffff:203.0.113.9 22"));
        assertFalse(tunnel("a 1 $(id) 22").contains("$"));
    }

    private static String tunnel(String connection) {
        return browser("linux", Map.of("USER", "dev", "SSH_CONNECTION", connection))
                .tunnel(8765);
    }

    private static Browser browser(String system, Map<String, String> variables) {
        return new Browser(new Environment(variables, Path.of("")), system);
    }
}
