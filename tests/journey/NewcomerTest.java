package journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Browser;
import harness.Command;
import harness.Engine;
import harness.Project;
import harness.Running;
import harness.Scripts;
import harness.Tool;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.Generation;

/** Someone with an empty folder, who knows one command and does what each hint says. */
class NewcomerTest {
    private static final String JUSTW = Project.ROOT.resolve("justw").toString();
    private static final String BASE_IMAGE = "busybox:stable";

    @TempDir
    Path home;

    @TempDir
    Path folder;

    private Scripts scripts;
    private int port;

    @BeforeEach
    void needsABrowser() throws IOException {
        Tool.orSkip("chromium");
        scripts = new Scripts(home);
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @Test
    void isLedFromTheFirstErrorToADeploymentByHintsAlone() throws Exception {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start();
                Browser browser = Browser.start(home.resolve("chromium"))) {
            just(cloud, "deploy")
                    .run()
                    .exitedWith(78)
                    .errContains("Run '" + JUSTW + " login'")
                    .outIsEmpty();

            logIn(cloud, browser, "just login");

            just(cloud, "tenant").run().exitedWith(2).errContains(JUSTW + " tenant use ID");
            just(cloud, "tenant", "list").run().succeeded().outContains("ten_demo");
            just(cloud, "tenant", "use", "demo")
                    .run()
                    .succeeded()
                    .outEquals("ten_demo")
                    .errContains("Created ")
                    .errContains("Next: " + JUSTW + " deploy");

            boolean ours = haveBaseImage(engine);
            try {
                engine.serving(just(cloud, "deploy")).run().succeeded().outContains("http");
            } finally {
                if (ours) engine.remove(BASE_IMAGE);
            }
            assertEquals(1, cloud.deployments().size());
            just(cloud, "tenant", "status", "--wait").run().succeeded().errContains("Tenant is up");
        }
    }

    private void logIn(Cloud cloud, Browser browser, String shots) throws Exception {
        Path opened = home.resolve("opened");
        try (Running login = just(cloud, "login", "--provider", "github")
                .env("BROWSER", recorder(opened))
                .start()) {
            login.awaitErr("Waiting for authentication");
            browser.open(Files.readString(opened).strip()).awaitText("Authorize");
            shoot(browser, "authorize");
            browser.click("#authorize").awaitText("Authentication successful").awaitText("dev@example.com");
            assertEquals("http://127.0.0.1:" + port + "/callback/end", browser.url());
            shoot(browser, "success");
            login.await()
                    .succeeded()
                    .outEquals("dev@example.com")
                    .errContains("Next: " + JUSTW + " tenant")
                    .lacks("eyJ");
        }
        Path credentials = folder.resolve(".systemprompt/credentials.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(credentials)), shots);
    }

    @Test
    void whoDeniesTheLoginSeesThatInTheBrowserAndTheTerminalAndNothingIsSaved() throws Exception {
        try (Cloud cloud = Cloud.start();
                Browser browser = Browser.start(home.resolve("chromium"))) {
            Path opened = home.resolve("opened");
            try (Running login = just(cloud, "login", "--provider", "google")
                    .env("BROWSER", recorder(opened))
                    .start()) {
                login.awaitErr("Waiting for authentication");
                browser.open(Files.readString(opened).strip()).awaitText("Deny");
                browser.click("#deny").awaitText("Authentication failed").awaitText("access_denied");
                shoot(browser, "failure");
                login.await()
                        .exitedWith(77)
                        .errContains("OAuth error: access_denied - ")
                        .errContains("nothing was saved");
            }
            assertFalse(Files.exists(folder.resolve(".systemprompt")));
        }
    }

    private Command just(Cloud cloud, String recipe, String... arguments) {
        return scripts.just(recipe, arguments)
                .in(folder)
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_CALLBACK_PORT", Integer.toString(port));
    }

    /** A browser that only notes what it was asked to open. */
    private String recorder(Path note) throws IOException {
        Path script = home.resolve("browser");
        Files.writeString(script, "#!/bin/sh\necho \"$1\" >'" + note + "'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    /** The image that the starter Dockerfile begins with, where none can be pulled. @return whether it is ours to remove */
    private boolean haveBaseImage(Engine engine) throws IOException {
        if (engine.holds(BASE_IMAGE)) return false;
        Files.createDirectories(home.resolve("base/bin"));
        Files.writeString(home.resolve("base/bin/sh"), "no shell, only its place\n");
        Path tar = home.resolve("base.tar");
        Command.of("tar", "-C", home.resolve("base").toString(), "-cf", tar.toString(), "bin")
                .run()
                .succeeded();
        engine.docker("import", tar.toString(), BASE_IMAGE).run().succeeded();
        return true;
    }

    /** On a phone, in light and dark; kept where {@code SCREENSHOTS} names a folder, to be looked at. */
    private static void shoot(Browser browser, String page) throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            browser.screen(390, 700, dark);
            assertFalse(browser.overflows(), page);
            String shots = System.getenv("SCREENSHOTS");
            if (shots != null) browser.screenshot(Path.of(shots, page + (dark ? "-dark.png" : "-light.png")));
        }
        assertTrue(!browser.url().contains("access_token"), page);
    }
}
