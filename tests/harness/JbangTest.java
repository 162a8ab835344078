package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
