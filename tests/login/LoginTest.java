package login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Jwt;
import harness.Ran;
import harness.Running;
import harness.Scripts;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import lib.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** The real script against the sandbox; the test plays the browser. */
class LoginTest {
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
    void whatAnEditorPutsAroundATokenOnStdinMeansNothing() {
        fromStdin("\ufeff " + cloud.operatorToken().reveal() + "\r\n\r\n")
                .succeeded()
                .outEquals("dev@example.com")
                .errContains("API: " + cloud.apiUrl());
    }

    @Test
    void aTokenFromStdinIsCheckedAndSavedForBothGenerations() throws Exception {
        Ran ran = fromStdin(cloud.operatorToken().reveal() + "\n").succeeded().outEquals("dev@example.com");
        ran.errContains("Logged in as dev@example.com")
                .lacks(cloud.operatorToken().reveal());
        JsonNode saved = Json.parse(Files.readString(credentials()));
        List<String> names =
                saved.properties().stream().map(java.util.Map.Entry::getKey).toList();
        assertEquals(List.of("api_token", "api_url", "authenticated_at", "user_email", "last_validated_at"), names);
        assertEquals(cloud.apiUrl(), saved.path("api_url").asText());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(credentials())));
        assertTrue(Files.readString(folder.resolve(".systemprompt/.gitignore")).contains("\ncredentials.json*\n"));
    }

    @Test
    void aRejectedTokenSavesNothing() {
        fromStdin(Jwt.expiringIn(Duration.ofDays(1)))
                .exitedWith(77)
                .errContains(
                        "Authentication failed: " + cloud.apiUrl() + " does not accept this token; nothing was saved")
                .errContains("Run 'just login' again")
                .outIsEmpty();
        nothingSaved();
    }

    @Test
    void whatIsNoTokenSavesNothing() {
        fromStdin("").exitedWith(2).errContains("No token on standard input");
        fromStdin("t\0o\0").exitedWith(77).errContains("its character 2 is no UTF-8");
        fromStdin("two words").exitedWith(77).errContains("is no bearer token").lacks("two words");
        nothingSaved();
    }

    @Test
    void anApiThatIsAwaySavesNothing() {
        cloud.fault("GET me 503 x*");
        fromStdin(cloud.operatorToken().reveal())
                .exitedWith(69)
                .errContains("Failed after 3 retries")
                .errContains("nothing was saved");
        nothingSaved();
    }

    @Test
    void anApiThatFailsOrIsNoneRefusesNobody() {
        String token = cloud.operatorToken().reveal();
        cloud.fault("GET me 500=the database is locked");
        fromStdin(token)
                .exitedWith(69)
                .errContains("500 the database is locked")
                .errLacks("does not accept");
        cloud.fault("GET me 404=no Route matched with those values");
        fromStdin(token)
                .exitedWith(76)
                .errContains("404 no Route matched with those values; nothing was saved")
                .errContains("SYSTEMPROMPT_API_URL")
                .errLacks("enant");
        cloud.fault("GET me html");
        fromStdin(token).exitedWith(76).errContains("'Welcome'").errLacks("Please sign in");
        nothingSaved();
    }

    @Test
    void aRejectedTokenFromTheBrowserIsToldThereToo() throws Exception {
        try (Running login = waiting()) {
            String page = browse("/callback?access_token=" + Jwt.expiringIn(Duration.ofDays(1)));
            assertTrue(page.contains("Authentication failed") && page.contains("does not accept this token"), page);
            login.await().exitedWith(77).errContains("nothing was saved").lacks("eyJ");
        }
        nothingSaved();
    }

    @Test
    void anErrorFromTheProviderIsToldWithItsDescription() throws Exception {
        try (Running login = waiting()) {
            browse("/callback?error=access_denied&error_description=You%20said%20no");
            login.await().exitedWith(77).errContains("OAuth error: access_denied - You said no; nothing was saved");
        }
        nothingSaved();
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertTrue(taken.isBound());
            login("--no-browser", "--provider", "github")
                    .run()
                    .exitedWith(69)
                    .errContains("Port " + port + " of this machine is in use")
                    .errContains("--token-stdin");
        }
        nothingSaved();
    }

    @Test
    void ctrlCWhileWaitingEndsAtOnceWithNothingSaved() {
        try (Running login = waiting()) {
            login.ctrlC();
            Ran ran = login.await().exitedWith(130).errContains("Interrupted");
            assertTrue(ran.took().compareTo(Duration.ofSeconds(60)) < 0);
        }
        nothingSaved();
    }

    @Test
    void nothingIsWrittenThroughALinkThatCameWithTheProject() throws Exception {
        Path info = Files.createDirectories(folder.resolve("web")).resolve("info.json");
        Files.writeString(info, "{}");
        Files.createDirectories(folder.resolve(".systemprompt"));
        Files.createSymbolicLink(credentials(), Path.of("../web/info.json"));
        fromStdin(cloud.operatorToken().reveal())
                .exitedWith(78)
                .errContains("credentials.json is a link, and nothing secret is written through one");
        assertEquals("{}", Files.readString(info));
    }

    @Test
    void anIgnoreFileThatIgnoresNothingIsToldWhateverGitsVariablesSay() throws Exception {
        harness.Tool.orSkip("git");
        Command.of("git", "init", "--quiet").in(folder).without("GIT_*").run().succeeded();
        Files.createDirectories(folder.resolve(".systemprompt"));
        Files.writeString(folder.resolve(".systemprompt/.gitignore"), "\n");
        login("--token-stdin")
                .env("GIT_DIR", "/nowhere")
                .env("GIT_INDEX_FILE", home.resolve("index").toString())
                .stdin(cloud.operatorToken().reveal())
                .run()
                .succeeded()
                .errContains("credentials.json is not ignored by git. Add the line '*credentials.json*' to ")
                .errContains("tenants.json is not ignored by git. Add the line '*tenants.json*' to ");
    }

    @Test
    void aCorruptCredentialsFileIsSetAsideAndNamed() throws Exception {
        Files.createDirectories(folder.resolve(".systemprompt"));
        Files.writeString(credentials(), "{\"api_token\": \"abc");
        login("whoami")
                .run()
                .exitedWith(78)
                .errContains("credentials.json is not valid JSON (line 1)")
                .errContains("just login");
        Ran ran = fromStdin(cloud.operatorToken().reveal())
                .succeeded()
                .errContains("was corrupt and is now credentials.json.corrupt-");
        ran.lacks("abc");
        login("whoami").run().succeeded().outContains("dev@example.com");
        assertEquals(1, setAside().size());
        assertEquals("{\"api_token\": \"abc", Files.readString(setAside().get(0)));
        login("logout").run().succeeded();
        assertEquals(List.of(), setAside());
    }

    @Test
    void aRejectedTokenLeavesACorruptFileWhereItIs() throws Exception {
        Files.createDirectories(folder.resolve(".systemprompt"));
        Files.writeString(credentials(), "garbage");
        fromStdin(Jwt.expiringIn(Duration.ofDays(1))).exitedWith(77);
        assertEquals("garbage", Files.readString(credentials()));
    }

    @Test
    void anotherAccountOrApiIsToldBeforeItIsReplaced() throws Exception {
        fromStdin(cloud.operatorToken().reveal()).succeeded().errLacks("This replaces");
        Files.writeString(credentials(), Files.readString(credentials()).replace("dev@", "boss@"));
        fromStdin(cloud.operatorToken().reveal())
                .succeeded()
                .errContains("This replaces the login of boss@example.com");
    }

    @Test
    void whoamiAnswersInEveryState() throws Exception {
        JsonNode nobody = login("whoami", "--json").run().exitedWith(77).json();
        assertFalse(nobody.path("logged_in").asBoolean(true));
        fromStdin(cloud.operatorToken().reveal()).succeeded();
        JsonNode somebody = login("whoami", "--json").run().succeeded().json();
        assertEquals("dev@example.com", somebody.path("email").asText());
        assertEquals("valid", somebody.path("status").asText());
        assertEquals("ten_demo", somebody.path("tenants").path(0).path("id").asText());
        cloud.fault("GET me 503 x*");
        JsonNode away = login("whoami", "--json")
                .run()
                .succeeded()
                .errContains("Could not ask the API")
                .json();
        assertEquals("unverified", away.path("status").asText());
        assertEquals(1, away.path("tenants").size());
        cloud.clearFaults();
        for (String trouble : List.of("500=the database is locked", "404=no such route")) {
            cloud.fault("GET me " + trouble);
            login("whoami")
                    .run()
                    .succeeded()
                    .outContains("unverified")
                    .errContains("Could not ask the API: GET /api/v1/auth/me: " + trouble.replace('=', ' '))
                    .errLacks("just login");
        }
        cloud.fault("GET me 403=Account suspended");
        login("whoami").run().exitedWith(77).outContains("refused").errContains("Account suspended");
        cloud.clearFaults();
        cloud.revokeOperatorTokens();
        assertEquals(
                "refused",
                login("whoami", "--json")
                        .run()
                        .exitedWith(77)
                        .json()
                        .path("status")
                        .asText());
        String expired = Files.readString(credentials())
                .replace(cloud.operatorToken().reveal(), Jwt.expiringIn(Duration.ofDays(-1)));
        Files.writeString(credentials(), expired);
        login("whoami").run().exitedWith(77).outContains("expired").errContains("Run 'just login'");
    }

    @Test
    void logoutForgetsTheTokenAndKeepsTheTenantsUnlessAllIsAskedFor() {
        login("logout").run().succeeded().outEquals("Already logged out");
        fromStdin(cloud.operatorToken().reveal()).succeeded();
        login("logout").run().succeeded().outEquals("Logged out");
        assertFalse(Files.exists(credentials()));
        assertTrue(Files.exists(folder.resolve(".systemprompt/tenants.json")));
        login("--json", "logout", "--all").run().succeeded().outContains("tenants.json");
        assertFalse(Files.exists(folder.resolve(".systemprompt/tenants.json")));
    }

    @Test
    void aPlainHttpAddressElsewhereIsRefused() {
        login("--token-stdin")
                .env("SYSTEMPROMPT_API_URL", "http://api.example.com")
                .stdin("x")
                .run()
                .exitedWith(78)
                .errContains("must be https");
    }

    @Test
    void whoSendsHalfARequestIsNotWaitedFor() throws Exception {
        try (Running login = waiting();
                Socket half = new Socket("127.0.0.1", port)) {
            half.getOutputStream().write("GET /callback?acc".getBytes(StandardCharsets.US_ASCII));
            half.setSoTimeout(20_000);
            assertEquals(-1, half.getInputStream().read());
            assertTrue(login.isAlive());
        }
    }

    @Test
    void theBrowserIsStartedWithoutTheToken() throws Exception {
        Path browser = Files.writeString(home.resolve("browser"), "#!/bin/sh\nenv >'" + home + "/seen'\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
        String token = cloud.operatorToken().reveal();
        try (Running login = login("--provider", "github")
                .env("BROWSER", browser.toString())
                .env("SYSTEMPROMPT_API_TOKEN", token)
                .start()) {
            login.awaitErr("Waiting for authentication");
            String seen = Files.readString(home.resolve("seen"));
            assertTrue(seen.contains("BROWSER="), seen);
            assertFalse(seen.contains(token), "the token reached the browser");
        }
    }

    private Running waiting() {
        return login("--no-browser", "--provider", "github").start().awaitErr("Waiting for authentication");
    }

    private Ran fromStdin(String token) {
        return login("--token-stdin").stdin(token).run();
    }

    private Command login(String... arguments) {
        return new Scripts(home)
                .run("login.java", arguments)
                .in(folder)
                .env("SYSTEMPROMPT_API_URL", cloud.apiUrl())
                .env("SYSTEMPROMPT_CALLBACK_PORT", Integer.toString(port));
    }

    /** As a browser, which follows redirects: our own settings of the JDK's newer client leave it none. */
    private String browse(String path) throws IOException {
        URL url = URI.create("http://127.0.0.1:" + port + path).toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
        boolean error = connection.getResponseCode() >= 400;
        try (InputStream body = error ? connection.getErrorStream() : connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path credentials() {
        return folder.resolve(".systemprompt/credentials.json");
    }

    private List<Path> setAside() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(".systemprompt"))) {
            return files.filter(file -> file.getFileName().toString().contains(".corrupt-"))
                    .toList();
        }
    }

    private void nothingSaved() {
        assertFalse(Files.exists(folder.resolve(".systemprompt")));
    }
}
