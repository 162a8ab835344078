package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code justw}, which brings just where there is none: from npm, but only what is known here. */
class JustwTest {
    private static final String PAYLOAD = "#!/bin/sh\necho the payload ran\n";

    @TempDir
    Path folder;

    private Path justw;
    private String just;

    /** With an npm that has another just, and without a just of the machine's own. */
    @BeforeEach
    void aCopyOfItsOwn() throws IOException {
        assumeTrue(Files.exists(Project.ROOT.resolve("justw")), "a copy that was vendored has no recipes");
        for (String file : List.of("justw", "bin/cache.sh", "lib/just.sha256")) {
            Path copy = folder.resolve("it").resolve(file);
            Files.createDirectories(copy.getParent());
            if (Files.exists(Project.ROOT.resolve(file)))
                Files.copy(Project.ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        justw = folder.resolve("it/justw");
        just = Files.readAllLines(justw).stream()
                .filter(line -> line.startsWith("version="))
                .map(line -> "just-" + line.substring("version=".length()))
                .findFirst()
                .orElseThrow();
        Path npm = Files.createDirectories(folder.resolve("bin")).resolve("npm");
        Files.writeString(npm, """
            #!/bin/sh
            env >'%1$s/env'
            echo "$@" >'%1$s/arguments'
            mkdir -p package/bin
            cp '%1$s/payload' package/bin/just
            tar -czf rust-just-any-1.0.tgz package
            """.formatted(folder));
        executable(npm);
        executable(Files.writeString(folder.resolve("payload"), PAYLOAD));
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Command justw(String... arguments) {
        return Command.of(justw.toString())
                .with(arguments)
                .in(folder)
                .env("PATH", folder.resolve("bin") + ":" + Tool.pathWithout("just"))
                .env("XDG_CACHE_HOME", folder.toString())
                .env("SYSTEMPROMPT_API_TOKEN", "a.secret.token");
    }

    private Path sums() {
        return folder.resolve("it/lib/just.sha256");
    }

    private String platform() {
        return Command.of("node", "-p", "process.platform + '-' + process.arch")
                .run()
                .succeeded()
                .out()
                .strip();
    }

    @Test
    void anotherJustThanIsKnownHereIsNotRun() throws IOException {
        Files.writeString(
                sums(), "0".repeat(64) + "  rust-just-" + platform() + "@" + just.substring("just-".length()) + "\n");
        justw("--version").run().exitedWith(69).outIsEmpty().errContains("its SHA-256 differs");
        assertFalse(Files.exists(folder.resolve("systemprompt-deploy").resolve(just)));
        Ran again = justw("--version", "--json").run().exitedWith(69);
        assertEquals("unavailable", again.json().path("error").path("code").asText());
    }

    @Test
    void npmRunsNoScriptsAndGetsNoToken() throws IOException {
        justw("--version").run();
        assertTrue(Files.readString(folder.resolve("arguments")).contains(" --ignore-scripts "));
        String seen = Files.readString(folder.resolve("env"));
        assertTrue(seen.contains("XDG_CACHE_HOME="), seen);
        assertFalse(seen.contains("a.secret.token"), seen);
    }

    @Test
    void aJustThatIsKnownIsKeptAndRunAtOnceFromThenOn() throws IOException {
        String sum = Command.of("sh", "-c", "sha256sum payload || shasum -a 256 payload")
                .in(folder)
                .run()
                .succeeded()
                .out()
                .substring(0, 64);
        Files.writeString(sums(), sum + "  rust-just-" + platform() + "@" + just.substring("just-".length()) + "\n");
        justw("x")
                .run()
                .succeeded()
                .outEquals("the payload ran")
                .errContains("fetching")
                .errLacks("unverified");
        justw("x").run().succeeded().outEquals("the payload ran").errLacks("fetching");
    }

    @Test
    void whereNoSumIsKnownItSaysSo() throws IOException {
        Files.writeString(sums(), "");
        justw("x").run().succeeded().errContains("runs unverified");
    }

    @Test
    void whatOthersPutIntoTheCacheIsNotRun() throws IOException {
        Path cache = Files.createDirectories(folder.resolve("systemprompt-deploy"));
        Files.copy(folder.resolve("payload"), cache.resolve(just), StandardCopyOption.COPY_ATTRIBUTES);
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        justw("x").run().exitedWith(69).outIsEmpty().errContains("can be written by others");
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(cache.resolve(just), PosixFilePermissions.fromString("rwxrwxrwx"));
        justw("x").run().errContains("fetching");
    }

    @Test
    void withoutNodeItSaysWhatToInstallAlsoInJson() throws IOException {
        String path = Tool.only(
                folder.resolve("tools"),
                "sh",
                "dirname",
                "ls",
                "mkdir",
                "mktemp",
                "dd",
                "rm",
                "find",
                "flock",
                "tr",
                "sed");
        Ran ran = justw("deploy", "--json").env("PATH", path).run().exitedWith(69);
        ran.errContains("justw: Node is missing");
        assertEquals(
                "Install Node or just", ran.json().path("error").path("hint").asText());
    }

    @Test
    void throughALinkItFindsItsOwnFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("bin/a link"), Path.of("../it/justw"));
        Files.writeString(sums(), "");
        justw = link;
        justw("x").run().succeeded().outEquals("the payload ran");
    }
}
