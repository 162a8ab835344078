package secrecy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** Whatever TMPDIR is, the login is kept where it works and where nobody else gets at it, or the preflight says why not. */
class TemporaryFolderTest {
    private static final String LOOKS = "echo \"$DOCKER_CONFIG\" >\"$HOME/seen-$1\"; exec \"$docker\" \"$@\"";

    @TempDir
    Path folder;

    private Engine engine;
    private Cloud cloud;
    private Scene scene;

    @BeforeEach
    void start() {
        engine = Engine.orSkip();
        cloud = Cloud.start();
        scene = new Scene(folder, cloud);
    }

    @AfterEach
    void stop() {
        if (cloud != null) cloud.close();
    }

    @Test
    void aRelativeOneStartsWhereTheRunDoes() throws Exception {
        Path here = Files.createDirectory(scene.project().folder().resolve("tmp"));
        deploy("tmp").run().succeeded();
        assertEquals(here.toRealPath(), place());
    }

    @Test
    void oneThatPathCannotHoldIsPassedOver() throws Exception {
        deploy(Files.createDirectory(folder.resolve("a:b")).toString()).run().succeeded();
        assertFalse(place().startsWith(folder), place().toString());
    }

    @Test
    void oneWhereOthersCouldReplaceTheFolderIsPassedOver() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        deploy(shared.toString()).run().succeeded();
        assertFalse(place().startsWith(folder), place().toString());
        try (Stream<Path> left = Files.list(shared)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void oneThatLetsNoProgramRunIsPassedOver() throws Exception {
        Command deploy = withMounts(
                "mount -t tmpfs -o noexec none \"$TMPDIR\"",
                deploy(scene.temporary().toString()));
        deploy.run().succeeded();
        assertFalse(place().startsWith(folder), place().toString());
    }

    @Test
    void whereNoneIsFitThePreflightSaysWhyInOneSentence() throws Exception {
        Path everywhere = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        Command deploy = withMounts(
                "mount --bind " + everywhere + " " + everywhere + " && mount -o remount,bind,noexec " + everywhere,
                scene.script(engine, "deploy", "--json")
                        .env("XDG_CACHE_HOME", "relative")
                        .without("XDG_RUNTIME_DIR"));
        Ran ran = deploy.run().exitedWith(1);
        JsonNode error = ran.json().path("error");
        assertEquals("login_failed preflight", words(error, "code", "stage"));
        String message = error.path("message").asText();
        assertTrue(message.startsWith("No folder can hold the login: " + scene.temporary()), message);
        assertTrue(message.contains(scene.home() + " lets no program run (noexec)"), message);
        assertEquals(0, cloud.count("GET", "registry-token"), "nothing was built or fetched");
    }

    private static String words(JsonNode json, String... keys) {
        return String.join(
                " ", Stream.of(keys).map(key -> json.path(key).asText()).toList());
    }

    private Command deploy(String temporary) {
        return scene.standingIn(scene.script(engine, "deploy"), LOOKS).env("TMPDIR", temporary);
    }

    private Path place() throws IOException {
        return Path.of(Files.readString(scene.home().resolve("seen-login")).strip())
                .getParent();
    }

    private static Command withMounts(String mounting, Command command) {
        boolean may = Command.of("unshare", "-m", "true").run().exitCode() == 0;
        if (System.getenv("CI") == null) assumeTrue(may, "only root may have mounts of its own");
        return command.behind("unshare", "-m", "sh", "-c", mounting + " && exec \"$@\"", "sh");
    }
}
