package tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Pty;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Tenant;

/** The real script in a real terminal, with the keys that xterm sends. */
class TenantMenuTest {
    private static final String DOWN = "\u001b[B";
    private static final String ENTER = "\r";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_Z = "\u001a";

    @TempDir
    Path home;

    @TempDir
    Path folder;

    private final Cloud cloud = Cloud.start();

    @BeforeEach
    void project() {
        TestProject.in(folder, URI.create(cloud.apiUrl()))
                .token(cloud.operatorToken().reveal());
        tenants(2, 8);
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void keysThatMeanNothingHereLeaveTheTenantAsItIs() throws Exception {
        try (Pty terminal = choosing(80, 24)) {
            for (String key : new String[] {
                "\u001b[1;2B",
                "\u001b[1;5B",
                "\u001b[1;2A",
                "\u001b[1;3B",
                "\u001b[15~",
                "\u001bOQ",
                "\u001b[24;2~",
                "\u001b[3~"
            }) {
                terminal.type(key).settle();
                assertTrue(terminal.screen().contains("❯ demo"), terminal.screen());
            }
            terminal.type(ENTER).await("deploys to demo (ten_demo)").end().succeeded();
        }
        assertEquals("ten_demo", chosen());
    }

    @Test
    void fiveHundredTenantsAreNarrowedByTypingOnASmallScreen() throws Exception {
        tenants(9, 500);
        try (Pty terminal = choosing(80, 24)) {
            assertFits(terminal, 80, 24);
            terminal.type("tenant 43").await("tenant 437");
            assertFits(terminal, 80, 24);
            terminal.type("7").await("❯ tenant 437").type(ENTER).end().succeeded();
            assertTrue(terminal.screen().contains("Which tenant? tenant 437 (ten_437"), terminal.screen());
            assertFalse(terminal.screen().contains("❯") || terminal.screen().contains("Enter"), terminal.screen());
        }
        assertEquals("ten_437", chosen());
    }

    @Test
    void anIdThatIsTypedWholeIsTakenBeforeOthersThatHoldIt() throws Exception {
        tenants(9, 50);
        try (Pty terminal = choosing(80, 24)) {
            terminal.type("ten_4").await("❯ tenant 4 ").type(ENTER).end().succeeded();
        }
        assertEquals("ten_4", chosen());
    }

    @Test
    void theMenuFollowsTheSizeOfTheTerminal() throws Exception {
        tenants(9, 60);
        try (Pty terminal = choosing(80, 24)) {
            terminal.resize(20, 8).await("1–5 of 60 · type t…");
            assertFits(terminal, 20, 8);
            terminal.resize(80, 40).await("tenant 30");
            terminal.type(DOWN).await("❯ tenant 2").type(ENTER).end().succeeded();
        }
        assertEquals("ten_2", chosen());
    }

    @Test
    void ctrlZGivesTheTerminalBackAndFgTheMenu() throws Exception {
        try (Pty terminal = shell()) {
            terminal.type(tenant() + "\n").await("❯ demo").type(DOWN).await("❯ tenant 2");
            terminal.type(CTRL_Z).await("Stopped");
            assertUsual(terminal);
            assertFalse(terminal.screen().contains("tenant 3"), terminal.screen());
            terminal.type("echo by the $((1+1))nd\n").await("by the 2nd");
            terminal.type("fg\n").await("❯ tenant 2").type(DOWN).await("❯ tenant 3");
            terminal.type(ENTER).await("deploys to tenant 3").await("exit 0 >");
            assertUsual(terminal);
        }
        assertEquals("ten_3", chosen());
    }

    @Test
    void ctrlCGivesTheTerminalBackAndLeavesNothingToTheShell() throws Exception {
        try (Pty terminal = shell()) {
            terminal.type(tenant() + "\n").await("❯ demo");
            terminal.type("touch " + folder + "/left" + CTRL_C)
                    .await("exit 130 >")
                    .type("\n")
                    .settle();
            assertUsual(terminal);
            assertFalse(terminal.screen().contains("❯"), terminal.screen());
        }
        assertFalse(Files.exists(folder.resolve("left")));
    }

    @Test
    void aDumbTerminalGetsPlainLinesAndTakesANameOrAnId() throws Exception {
        tenants(9, 500);
        try (Pty terminal = Pty.start(tenant().env("TERM", "dumb"), home.resolve("pty"), 80, 24)) {
            terminal.await("Which tenant?");
            assertTrue(terminal.screen().lines().count() < 24, terminal.screen());
            terminal.type("ten_444\n").await("deploys to tenant 444").end().succeeded();
            assertFalse(terminal.written().contains("\u001b"), terminal.written());
        }
        assertEquals("ten_444", chosen());
    }

    @Test
    void inCiNobodyIsAskedThoughThereIsATerminal() throws Exception {
        try (Pty terminal = Pty.start(tenant().env("CI", "true"), home.resolve("pty"), 80, 24)) {
            terminal.end().exitedWith(2).outContains("tenant use ID");
        }
    }

    @Test
    void aSpinnerIsCutToTheWidthOfTheTerminalAndADumbOneHasNone() {
        cloud.fault("GET status slow=1500 x*");
        try (Pty terminal = Pty.start(tenant("status", "--wait"), home.resolve("narrow"), 20, 24)) {
            terminal.end().succeeded();
            String[] frames = terminal.written().split("\r\u001b\\[K");
            assertTrue(frames.length > 5, terminal.written());
            for (int i = 1; i < frames.length - 1; i++) assertTrue(frames[i].length() < 20, frames[i]);
            assertTrue(frames[1].contains("…") && frames[1].endsWith(" s"), frames[1]);
        }
        try (Pty terminal = Pty.start(tenant("status", "--wait").env("TERM", "dumb"), home.resolve("dumb"), 20, 24)) {
            terminal.end().succeeded();
            assertFalse(terminal.written().contains("\u001b"), terminal.written());
        }
    }

    private void tenants(int from, int to) {
        for (int i = from; i <= to; i++) cloud.put(Tenant.of("ten_" + i, "tenant " + i, "sp-" + i));
    }

    private Pty choosing(int columns, int rows) {
        return Pty.start(tenant(), home.resolve("pty"), columns, rows).await("❯ demo");
    }

    /** A shell with job control, whose prompt says how the command before it ended. */
    private Pty shell() throws IOException {
        Path settings = Files.writeString(home.resolve("settings"), "PS1='exit $? > '\n");
        Command shell = new Scripts(home)
                .isolated(Command.of("sh", "-i"))
                .in(folder)
                .env("TERM", "xterm")
                .env("ENV", settings.toString());
        return Pty.start(shell, home.resolve("pty"), 250, 24).await("exit 0 >");
    }

    private Command tenant(String... arguments) {
        return new Scripts(home).jbang("tenant.java", arguments).in(folder).env("TERM", "xterm");
    }

    private static void assertFits(Pty terminal, int columns, int rows) {
        String menu = terminal.screen().substring(terminal.screen().lastIndexOf("Which tenant?"));
        assertTrue(menu.lines().count() <= rows, menu);
        assertTrue(menu.lines().allMatch(line -> line.length() < columns), menu);
    }

    private static void assertUsual(Pty terminal) {
        String settings = " " + terminal.stty("-a").replaceAll("[\\s;]+", " ") + " ";
        for (String usual : new String[] {" echo ", " icanon ", " isig ", " susp = ^Z "})
            assertTrue(settings.contains(usual), settings);
    }

    private String chosen() throws IOException {
        return Files.readAllLines(folder.resolve(".systemprompt/profiles/prod/profile.yaml")).stream()
                .filter(line -> line.contains("tenant_id:"))
                .map(line -> line.replaceAll(".*: *\"?|\"$", ""))
                .findFirst()
                .orElseThrow();
    }
}
