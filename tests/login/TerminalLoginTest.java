package login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Pty;
import harness.Ran;
import harness.Scripts;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** Logins of a person at a terminal, and of whoever has none. */
class TerminalLoginTest {
    private static final String CTRL_Z = "\u001a";

    @TempDir
    Path home;

    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.start();
    private int port;

    @BeforeEach
    void findPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void withoutATerminalNobodyIsWaitedFor() {
        Ran ran = login().run().exitedWith(2).errContains("login --token-stdin");
        ran.errContains("nothing was saved").errLacks("Waiting").outIsEmpty();
        assertTrue(ran.took().compareTo(Duration.ofSeconds(60)) < 0);
        login("--no-browser").run().exitedWith(2).errContains("--provider");
    }

    @Test
    void inCiNobodyIsWaitedForThoughThereIsATerminal() {
        for (String option : new String[] {"--no-browser", "--token-stdin"}) {
            try (Pty terminal = start(login(option).env("CI", "true"), option)) {
                terminal.end().exitedWith(2).outContains("login --token-stdin");
            }
        }
    }

    @Test
    void aTokenIsAskedForInOneLineThatIsNotShown() {
        String token = cloud.operatorToken().reveal();
        try (Pty terminal = start(login("--token-stdin"), "pty")) {
            terminal.await("Token (it is not shown):");
            terminal.type(token.substring(0, 40) + "x\u007f" + token.substring(40) + "\r");
            terminal.await("Logged in as dev@example.com").end().succeeded();
            assertFalse(terminal.written().contains(token.substring(0, 20)), terminal.written());
        }
        assertTrue(Files.exists(credentials()));
    }

    @Test
    void whoTypesNoTokenIsToldHowToPipeOneIn() {
        for (String keys : new String[] {"\r", "\u001b", "\u0004"}) {
            try (Pty terminal = start(login("--token-stdin"), "pty" + (int) keys.charAt(0))) {
                terminal.await("Token").type(keys).end().exitedWith(2).outContains("No token on standard input");
            }
        }
    }

    @Test
    void theAddressComesBeforeABrowserThatDoesNotComeBack() throws Exception {
        Path browser = Files.writeString(home.resolve("browser"), "#!/bin/sh\nexec sleep 60\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
        try (Pty terminal = start(login("--provider", "github").env("BROWSER", browser.toString()), "pty")) {
            String screen = terminal.await("Opening the browser").screen();
            assertTrue(screen.indexOf("/authorize") < screen.indexOf("Opening the browser"), screen);
            assertTrue(screen.contains("/authorize"), screen);
        }
    }

    @Test
    void overSshTheTunnelIsNamed() {
        Command afar = login("--provider", "github")
                .env("SSH_CONNECTION", "198.51.100.7 51234 203.0.113.9 22")
                .env("USER", "dev");
        try (Pty terminal = start(afar, "pty")) {
            String tunnel = "ssh -L " + port + ":127.0.0.1:" + port + " dev@203.0.113.9";
            assertTrue(terminal.await("Waiting").screen().contains(tunnel), terminal.screen());
        }
    }

    @Test
    void anAddressThatIsPastedIsTakenAndNotShown() {
        String token = cloud.operatorToken().reveal();
        try (Pty terminal = start(login("--no-browser", "--provider", "github"), "pty")) {
            terminal.await("Waiting").type("help me\r").await("This is not the address that the browser ends at");
            terminal.type("\u001b[200~http://127.0.0.1:" + port + "/callback?access_token=" + token + "\u001b[201~\r");
            terminal.await("Logged in as dev@example.com").end().succeeded();
            assertFalse(terminal.written().contains(token.substring(0, 20)), terminal.written());
            assertFalse(terminal.written().contains("help me"), terminal.written());
        }
        assertTrue(Files.exists(credentials()));
    }

    @Test
    void nothingThatIsTypedWhileALoginWaitsReachesTheShell() throws Exception {
        Path settings = Files.writeString(home.resolve("settings"), "PS1='exit $? > '\n");
        Command shell = isolated(Command.of("sh", "-i")).env("ENV", settings.toString());
        try (Pty terminal = start(shell, "pty")) {
            terminal.await("exit 0 >").type(login("--no-browser", "--provider", "github") + "\n");
            terminal.await("Waiting").type(CTRL_Z).await("Stopped");
            assertUsual(terminal);
            terminal.type("fg\n")
                    .await("the wait again", screen -> screen.lastIndexOf("s left") > screen.lastIndexOf("> fg"));
            terminal.type("touch " + folder + "/one\ntouch " + folder + "/two\ntouch " + folder + "/three");
            browse("/callback?access_token=" + cloud.operatorToken().reveal());
            terminal.await(
                    "a prompt",
                    screen -> screen.contains("Logged in")
                            && screen.lastIndexOf("exit 0 >") > screen.indexOf("Logged in"));
            terminal.type("\n").settle();
            assertTrue(terminal.screen().contains("Logged in"), terminal.screen());
            assertUsual(terminal);
        }
        for (String left : new String[] {"one", "two", "three"}) assertFalse(Files.exists(folder.resolve(left)), left);
    }

    @Test
    void theWaitingTimeStaysInOneLineOfAnyWidth() {
        for (int columns : new int[] {40, 20}) {
            try (Pty terminal = Pty.start(
                    login("--no-browser", "--provider", "github"), home.resolve("pty" + columns), columns, 24)) {
                terminal.await(
                        "an address", screen -> screen.contains("Waiting") && written(terminal, "\r\u001b[K") > 1);
                long lines = terminal.screen().lines().count();
                terminal.await("three seconds", screen -> written(terminal, "\r\u001b[K") > 4);
                assertEquals(lines, terminal.screen().lines().count(), terminal.screen());
            }
        }
    }

    private static int written(Pty terminal, String text) {
        return terminal.written().split(java.util.regex.Pattern.quote(text), -1).length - 1;
    }

    private void browse(String path) throws IOException {
        URL url = URI.create("http://127.0.0.1:" + port + path).toURL();
        try (InputStream page = url.openConnection(Proxy.NO_PROXY).getInputStream()) {
            page.readAllBytes();
        }
    }

    private Pty start(Command command, String name) {
        return Pty.start(command, home.resolve(name), 250, 24);
    }

    private Command login(String... arguments) {
        return settings(new Scripts(home).jbang("login.java", arguments));
    }

    private Command isolated(Command command) {
        return settings(new Scripts(home).isolated(command));
    }

    private Command settings(Command command) {
        return command.in(folder)
                .without("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "BROWSER")
                .env("TERM", "xterm")
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_CALLBACK_PORT", Integer.toString(port));
    }

    private static void assertUsual(Pty terminal) {
        String settings = " " + terminal.stty("-a").replaceAll("[\\s;]+", " ") + " ";
        for (String usual : new String[] {" echo ", " icanon ", " susp = ^Z "})
            assertTrue(settings.contains(usual), settings);
    }

    private Path credentials() {
        return folder.resolve(".systemprompt/credentials.json");
    }
}
