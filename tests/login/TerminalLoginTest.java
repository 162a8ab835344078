package login;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Pty;
import harness.Ran;
import harness.Scripts;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** Logins of a person at a terminal, and of whoever has none. */
class TerminalLoginTest {

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
        Ran ran = login().run().exitedWith(2).errContains("just login --token-stdin");
        ran.errContains("nothing was saved").errLacks("Waiting").outIsEmpty();
        assertTrue(ran.took().compareTo(Duration.ofSeconds(60)) < 0);
        login("--no-browser").run().exitedWith(2).errContains("--provider");
    }

    @Test
    void inCiNobodyIsWaitedForThoughThereIsATerminal() {
        for (String option : new String[] {"--no-browser", "--token-stdin"}) {
            try (Pty terminal = start(login(option).env("CI", "true"), option)) {
                terminal.end().exitedWith(2).outContains("just login --token-stdin");
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

    private Pty start(Command command, String name) {
        return Pty.start(command, home.resolve(name), 250, 24);
    }

    private Command login(String... arguments) {
        return settings(new Scripts(home).jbang("login.java", arguments));
    }

    private Command settings(Command command) {
        return command.in(folder)
                .without("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "BROWSER")
                .env("TERM", "xterm")
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_CALLBACK_PORT", Integer.toString(port));
    }

    private Path credentials() {
        return folder.resolve(".systemprompt/credentials.json");
    }
}
