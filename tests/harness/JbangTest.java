package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/jbang}, which brings JBang where there is none. */
class JbangTest {
    private static final Path JBANG = Project.ROOT.resolve("bin/jbang");

    @TempDir
    Path folder;

    @Test
    void throughALinkArgumentsReachTheScriptAsTheyAre() throws IOException {
        Files.writeString(folder.resolve("words.java"), """
            class words {
                public static void main(String... words) {
                    for (String word : words) System.out.println("[" + word + "]");
                    System.exit(words.length);
                }
            }
            """);
        Path link = Files.createSymbolicLink(folder.resolve("a link"), JBANG);
        String[] words = {
            "two words", "it's", "\"$HOME\"", "`id` $(id)", "back\\slash\\", "two\nlines", "*", "!", "{a,b}"
        };
        Ran ran = Command.of(link.toString(), folder.resolve("words.java").toString())
                .with(words)
                .run()
                .exitedWith(words.length);
        StringBuilder expected = new StringBuilder();
        for (String word : words) expected.append('[').append(word).append("]\n");
        assertEquals(expected.toString(), ran.out());
    }

    @Test
    void withoutMavenItSaysWhatToInstallAlsoInJson() throws IOException {
        String path = Tool.only(
                folder.resolve("tools"),
                "sh",
                "java",
                "dirname",
                "id",
                "ls",
                "mkdir",
                "mktemp",
                "dd",
                "rm",
                "find",
                "flock",
                "tr",
                "sed");
        Ran ran = fresh("deploy.java", "--json").env("PATH", path).run().exitedWith(69);
        ran.errContains("jbang: Maven is missing");
        assertEquals(
                "Install Maven or JBang", ran.json().path("error").path("hint").asText());
    }

    @Test
    void mavenGetsNoTokenAndWhatItSaidIsShown() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path mvn = Files.writeString(
                tools.resolve("mvn"), "#!/bin/sh\nenv >'" + folder + "/seen'\necho offline\nexit 1\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
        fresh("deploy.java")
                .env("PATH", tools + ":" + System.getenv("PATH"))
                .env("SYSTEMPROMPT_API_TOKEN", "a.secret.token")
                .run()
                .exitedWith(69)
                .errContains("offline\njbang: Maven could not fetch JBang");
        String seen = Files.readString(folder.resolve("seen"));
        assertTrue(seen.contains("XDG_CACHE_HOME="), seen);
        assertFalse(seen.contains("a.secret.token"), seen);
    }

    /** Both ask a proxy that counts who comes, and get nothing. */
    @Test
    void mavenAndJbangAskTheProxyOfTheEnvironment() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread serving = new Thread(() -> refuse(proxy, asked));
            serving.setDaemon(true);
            serving.start();
            String address = "http://127.0.0.1:" + proxy.getLocalPort();
            fresh("--version")
                    .without("HOME")
                    .env("HTTPS_PROXY", address)
                    .run()
                    .exitedWith(69)
                    .errContains("Maven could not fetch JBang");
            assertTrue(asked.stream().anyMatch(line -> line.startsWith("CONNECT ")), asked.toString());
            asked.clear();
            Path script = Files.writeString(
                    folder.resolve("needs.java"), "//DEPS info.picocli:picocli:4.7.7\nclass needs {}");
            Command.of(JBANG.toString(), "build", script.toString())
                    .env("JBANG_REPO", folder.resolve("repository").toString())
                    .env("JBANG_CACHE_DIR", folder.resolve("jbang").toString())
                    .env("https_proxy", address)
                    .run()
                    .exitedWith(1);
            assertTrue(asked.stream().anyMatch(line -> line.startsWith("CONNECT ")), asked.toString());
        }
    }

    private static void refuse(ServerSocket proxy, List<String> asked) {
        while (!proxy.isClosed()) {
            try (Socket socket = proxy.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                asked.add(request.readLine());
                while (!request.readLine().isEmpty()) continue;
                socket.getOutputStream()
                        .write("HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException | RuntimeException e) {
                // The next one may go on.
            }
        }
    }

    @Test
    void aCollectorThatTheUserChoseTakesThePlaceOfOurs() {
        Command.of(JBANG.toString(), "--version")
                .env("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC")
                .run()
                .succeeded();
    }

    @Test
    void whatAJvmSaysOfItselfIsNotTakenForTheCommand() throws IOException {
        Path script = Files.writeString(folder.resolve("quiet.java"), """
            class quiet { public static void main(String... a) { System.out.println("said"); } }
            """);
        for (String options : List.of(
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                "-Xlog:startuptime",
                "-XX:+PrintCommandLineFlags"))
            Command.of(JBANG.toString(), script.toString())
                    .env("JAVA_TOOL_OPTIONS", options)
                    .run()
                    .succeeded()
                    .outContains("said");
    }

    @Test
    void aScriptThatCannotStartIsAFailureInJsonToo() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.java"), "class broken { nonsense }");
        Ran ran =
                Command.of(JBANG.toString(), broken.toString(), "--json").run().exitedWith(69);
        ran.errContains("jbang: JBang could not start the script");
        assertEquals(69, ran.json().path("error").path("exit_code").asInt());
    }

    private Command fresh(String... arguments) {
        return Command.of(JBANG.toString())
                .with(arguments)
                .in(folder)
                .env("XDG_CACHE_HOME", folder.resolve("cache").toString());
    }
}
