package harness;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/run}, on a script of three lines: its start-up is the subject, not what is started. */
class StartTest {
    @TempDir
    static Path caches;

    @TempDir
    static Path folder;

    /** The same for each test, so that those that change nothing share a build. */
    @BeforeEach
    void aScriptThatIncludesAFile() throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("lib"));
        for (String name : List.of("run", "cache.sh", "jbang", "verified")) {
            Files.copy(
                    Project.ROOT.resolve("bin/" + name),
                    folder.resolve("bin/" + name),
                    REPLACE_EXISTING,
                    COPY_ATTRIBUTES);
        }
        greeting("hello");
        write("greet.java", """
            //MAIN greet
            //SOURCES lib/Greeting.java
            class greet {
                public static void main(String... words) {
                    System.out.println(lib.Greeting.TEXT + " " + String.join("|", words));
                    System.exit(words.length);
                }
            }
            """);
        write("bin/rehearse.java", "class rehearse { public static void main(String... a) { greet.main(); } }");
    }

    @Test
    void argumentsAndExitCodePassThroughAndStdoutIsTheScriptsAlone() {
        run("a b", "$HOME", "", "it's").exitedWith(4).outEquals("hello a b|$HOME||it's");
        run("again").exitedWith(1).outEquals("hello again").errLacks("Preparing");
    }

    @Test
    void anEditRunsAtOnce() {
        run().outEquals("hello");
        greeting("good day");
        run().outEquals("good day");
    }

    @Test
    void firstRunsAtTheSameTimeAllSucceedAndBuildOnce() {
        greeting("hello, all");
        List<Running> all = Stream.generate(() -> greet().start()).limit(4).toList();
        List<Ran> ended = all.stream().map(Running::await).toList();
        ended.forEach(ran -> ran.succeeded().outEquals("hello, all"));
        assertEquals(
                1, ended.stream().filter(ran -> ran.err().contains("Preparing")).count());
    }

    @Test
    void aFileCutShortIsMadeAgain() throws IOException {
        greeting("cut short");
        run().succeeded();
        for (String name : List.of("classes.jsa", "scripts.jar")) {
            Path file = built(name);
            long size = Files.size(file);
            assertTrue(file.toFile().setWritable(true));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(size / 2);
            }
            run().succeeded().outEquals("cut short").errContains("Preparing");
            assertNotEquals(size / 2, Files.size(built(name)));
        }
    }

    @Test
    void anArchiveThatMakesNoSenseIsIgnoredWithoutAWord() throws IOException {
        greeting("all the same");
        run().succeeded();
        Path archive = built("classes.jsa");
        int size = (int) Files.size(archive);
        assertTrue(archive.toFile().setWritable(true));
        Files.write(archive, new byte[size]);
        Ran ran = run().succeeded().outEquals("all the same");
        assertEquals("", ran.err());
    }

    @Test
    void nothingIsLeftOfABuildThatFails() throws IOException {
        write("greet.java", "//MAIN greet\nclass greet { nonsense }");
        Path fresh = Files.createDirectories(folder.resolve("fresh"));
        greet().env("XDG_CACHE_HOME", fresh.toString())
                .run()
                .exitedWith(69)
                .outIsEmpty()
                .errContains("could not build");
        try (Stream<Path> files = Files.walk(fresh)) {
            assertEquals(
                    List.of(".lock-build", ".lock-jbang", "builds"),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith(".") || name.matches("builds|[0-9a-f]{64}.*"))
                            .sorted()
                            .toList());
        }
    }

    @Test
    void aFailureIsOnStdoutTooForWhoReadsJson() {
        write("greet.java", "//MAIN greet\nclass greet { nonsense }");
        Ran ran = run("--json").exitedWith(69);
        JsonNode error = ran.json().path("error");
        assertEquals("JBang could not build the scripts", error.path("message").asText());
        assertEquals("unavailable", error.path("code").asText());
        assertTrue(error.path("stage").isNull() && error.path("resume").isNull(), ran.toString());
        assertEquals(69, error.path("exit_code").asInt());
    }

    @Test
    void whoBuildsGetsNoToken() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path jbang = Files.writeString(tools.resolve("jbang"), "#!/bin/sh\nenv >'" + folder + "/seen'\nexit 1\n");
        Files.setPosixFilePermissions(jbang, PosixFilePermissions.fromString("rwx------"));
        greeting("without a token");
        greet().env("PATH", tools + ":" + System.getenv("PATH"))
                .env("SYSTEMPROMPT_API_TOKEN", "a.secret.token")
                .run()
                .exitedWith(69);
        String seen = Files.readString(folder.resolve("seen"));
        assertTrue(seen.contains("XDG_CACHE_HOME="), seen);
        assertFalse(seen.contains("a.secret.token"), seen);
    }

    @Test
    void severalBuildsAtOnceStandInNobodysWay() throws IOException {
        greeting("several at once");
        try (Running one = greet().start()) {
            one.awaitErr("Preparing");
            try (Stream<Path> files = Files.list(cache())) {
                for (Path lock :
                        files.filter(file -> file.toString().contains("lock")).toList()) Files.delete(lock);
            }
            try (Running other = greet().start()) {
                other.awaitErr("Preparing");
                other.await().succeeded().outEquals("several at once");
            }
            one.await().succeeded().outEquals("several at once");
        }
        run().succeeded().errLacks("Preparing");
    }

    @Test
    void aBuildThatIsKilledAtAnyMomentIsMadeAgain() throws Exception {
        greeting("killed");
        int killed = 0;
        for (int moment : new int[] {0, 700, 2500}) {
            try (Running building = greet().start()) {
                building.awaitErr("Preparing");
                Thread.sleep(moment);
                // A fast machine may be done by then.
                if (!building.isAlive()) break;
                building.signal("KILL");
                killed++;
            }
        }
        assertTrue(killed > 0, "no build was killed");
        run().succeeded().outEquals("killed");
    }

    @Test
    void whatOthersCanWriteOrOwnIsNotRun() throws IOException {
        greeting("not of others");
        run().succeeded();
        for (String permissions : List.of("rwxrwx---", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString(permissions));
            run().exitedWith(69).outIsEmpty().errContains("can be written by others");
        }
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwx------"));
        Path moved = Files.move(cache(), caches.resolve("moved"));
        Files.createSymbolicLink(cache(), moved);
        run().exitedWith(69).outIsEmpty().errContains("is a link");
        Files.move(moved, cache(), REPLACE_EXISTING);
        run().succeeded().errLacks("Preparing");
        Path jar = built("scripts.jar");
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-rw-rw-"));
        run().succeeded().errContains("Preparing");
        assumeTrue(owner(cache(), "12345"), "only root can give a folder to another user");
        run().exitedWith(69).outIsEmpty().errContains("belongs to another user");
        owner(cache(), "0");
        owner(built("scripts.jar"), "12345");
        run().succeeded().errContains("Preparing");
    }

    private static boolean owner(Path path, String user) {
        return Command.of("chown", user, path.toString()).run().exitCode() == 0;
    }

    @Test
    void aCacheThatCannotBeWrittenIsASentenceAtOnce() throws IOException {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        Tool.orSkip("mount", "umount");
        assumeTrue(
                Command.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString())
                                .run()
                                .exitCode()
                        == 0,
                "no small disk can be mounted here");
        try {
            cannotWriteTo(disk); // it is too small
            Command.of("mount", "-o", "remount,ro", disk.toString()).run().succeeded();
            cannotWriteTo(disk);
        } finally {
            Command.of("umount", disk.toString()).run().succeeded();
        }
        cannotWriteTo(Files.writeString(folder.resolve("file"), ""));
    }

    private void cannotWriteTo(Path place) {
        greeting("cannot be written");
        Ran ran = greet().with("--json")
                .env("XDG_CACHE_HOME", place.toString())
                .within(Duration.ofSeconds(20))
                .run()
                .exitedWith(69);
        assertTrue(ran.took().toMillis() < 5000, "one second on an idle machine: " + ran.took());
        String message = ran.json().path("error").path("message").asText();
        assertTrue(message.startsWith("Cannot ") && message.contains(place.toString()), ran.toString());
    }

    @Test
    void aRelativeCacheFolderCountsAsUnset() throws IOException {
        greeting("relative");
        Path home = Files.createDirectories(folder.resolve("home"));
        greet().env("XDG_CACHE_HOME", "relative")
                .env("HOME", home.toString())
                .run()
                .succeeded()
                .outEquals("relative");
        assertTrue(Files.isDirectory(home.resolve(".cache/systemprompt-deploy/builds")));
        assertFalse(Files.exists(folder.resolve("relative")));
    }

    @Test
    void withoutAHomeItKeepsItsThingsAmongTheTemporaryFiles() throws IOException {
        greeting("no home");
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        for (String home : List.of("", "/dev/null")) {
            Command homeless = greet().without("XDG_CACHE_HOME").env("TMPDIR", temporary.toString());
            (home.isEmpty() ? homeless.without("HOME") : homeless.env("HOME", home))
                    .run()
                    .succeeded()
                    .outEquals("no home");
        }
        try (Stream<Path> made = Files.list(temporary)) {
            Path own = made.filter(each -> each.getFileName().toString().startsWith("systemprompt-deploy-"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        greet().without("XDG_CACHE_HOME", "HOME")
                .env("TMPDIR", temporary.toString())
                .run()
                .exitedWith(69)
                .errContains("is not this user's own");
    }

    @Test
    void aUmaskThatLetsTheGroupWriteCostsNoBuildAtEachStart() {
        greeting("umask");
        Command loose = Command.of("sh", "-c", "umask 002; exec \"$0\" greet.java", folder + "/bin/run")
                .in(folder)
                .env("XDG_CACHE_HOME", folder.resolve("loose").toString());
        loose.run().succeeded().errContains("Preparing");
        loose.run().succeeded().errLacks("Preparing");
    }

    @Test
    void whatAUserHasSetForEveryProgramCostsNoBuild() {
        greeting("my own eyes");
        run().succeeded().errContains("Preparing");
        for (String variable : List.of(
                "TIME_STYLE=full-iso",
                "TIME_STYLE=nonsense",
                "BLOCK_SIZE=human-readable",
                "LANGUAGE=de",
                "LD_PRELOAD=/nonexistent.so",
                "LC_CTYPE=C.UTF-8"))
            greet().env(variable.split("=")[0], variable.split("=")[1])
                    .run()
                    .succeeded()
                    .errLacks("Preparing");
    }

    @Test
    void aJavaThatDoesNotStartWithItsOptionsIsASentenceThatNamesTheVariable() {
        greeting("optional");
        run().succeeded();
        for (String options :
                List.of("-XX:+UseSerialGC -XX:+UseG1GC", "-javaagent:/nonexistent.jar", "-XX:+NoSuchOption")) {
            Ran ran = greet().with("--json")
                    .env("JAVA_TOOL_OPTIONS", options)
                    .run()
                    .exitedWith(69);
            assertTrue(ran.json().at("/error/hint").asText().endsWith("; look at JAVA_TOOL_OPTIONS"), ran.toString());
        }
    }

    @Test
    void aDebuggersAgentSaysNothingWhereTheResultBelongs() {
        greeting("debugged");
        run().succeeded();
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"))
            assertEquals(
                    "debugged \n",
                    greet().env(
                                    variable,
                                    "-Xmx100m"
                                        + " -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0")
                            .run()
                            .succeeded()
                            .out());
    }

    @Test
    void whatTheJvmPrintsForItsUserStaysOffTheResult() {
        greeting("printed");
        run().succeeded();
        for (String options : List.of(
                "-XX:+PrintCommandLineFlags",
                "-XX:+PrintFlagsFinal",
                "-XX:+UnlockDiagnosticVMOptions -XX:NativeMemoryTracking=summary -XX:+PrintNMTStatistics"))
            assertEquals(
                    "printed \n",
                    greet().env("JAVA_TOOL_OPTIONS", options).run().succeeded().out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
    void aCollectorThatTheUserChoseTakesThePlaceOfOurs(String variable) {
        greeting("collected as " + variable + " says");
        for (String option : List.of("-XX:+UseG1GC", "-Xmx100m -XX:+UseParallelGC"))
            greet().env(variable, option).run().succeeded().outContains("collected as " + variable);
    }

    @Test
    void aJavaHomeThatIsNoneIsNamedWithWhatIsWrongWithIt() throws IOException {
        Path gone = folder.resolve("gone");
        Path old = Files.createDirectories(folder.resolve("old"));
        wrong(gone, "JAVA_HOME is " + gone + ", where there is no bin/java");
        for (String version : List.of("1.8.0_442", "11.0.26", "16-ea")) {
            executable(old.resolve("bin/java"), "echo 'openjdk version \"" + version + "\" 2025-01-21' >&2");
            String number = version.replaceAll("^1\\.|[^0-9].*$", "").replaceAll("\\..*", "");
            wrong(old, "JAVA_HOME is " + old + ", which is Java " + number);
        }
        executable(old.resolve("bin/java"), "echo 'libjvm.so is missing' >&2; exit 1");
        wrong(old, old + "/bin/java does not start").errContains("libjvm.so is missing");
    }

    private Ran wrong(Path javaHome, String message) {
        Ran ran = greet().with("--json")
                .env("JAVA_HOME", javaHome.toString())
                .run()
                .exitedWith(69);
        assertEquals(message, ran.json().path("error").path("message").asText());
        return ran;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** From the build to the words, without a locale and with one that this machine does not have. */
    @Test
    void aFolderAndAWordWithAnUmlautAreFoundWhateverTheLocale() throws IOException {
        greeting("named");
        Path place = Files.createDirectories(folder.resolve("Käse"));
        for (String name : List.of("bin", "lib", "greet.java"))
            Command.of("cp", "-R", folder.resolve(name).toString(), place.toString())
                    .run()
                    .succeeded();
        Files.writeString(place.resolve("greet.java"), """
            //MAIN greet
            class greet {
                public static void main(String... words) {
                    java.nio.file.Path folder = java.nio.file.Path.of(words[0]).toAbsolutePath();
                    System.out.println(java.nio.file.Files.exists(folder) + " " + folder.endsWith("K\\u00e4se/lib"));
                }
            }
            """);
        for (String variable : List.of("LC_ALL=C", "LANG=xx_YY.UTF-8", "LC_CTYPE=POSIX"))
            Command.of(place.resolve("bin/run").toString(), "greet.java", "../Käse/lib")
                    .in(place)
                    .without("LC_*", "LANG")
                    .env("XDG_CACHE_HOME", place.resolve("cache").toString())
                    .env(variable.split("=")[0], variable.split("=")[1])
                    .run()
                    .succeeded()
                    .outContains("true true");
    }

    @Test
    void theProxyOfTheEnvironmentIsHandedOnToWhoBuilds() throws IOException {
        greeting("behind a proxy");
        Path tools = folder.resolve("proxy tools");
        executable(tools.resolve("jbang"), "echo \"[$JBANG_JAVA_OPTIONS]\" >&2; exit 1");
        Command command = greet().env("PATH", tools + ":" + System.getenv("PATH"))
                .env("HTTPS_PROXY", "http://proxy.example.com:3128/")
                .env("http_proxy", "other.example.com")
                .env("NO_PROXY", "*.example.org, .lan,$(id)");
        command.run()
                .exitedWith(69)
                .errContains("-Dhttps.proxyHost=proxy.example.com -Dhttps.proxyPort=3128 "
                        + "-Dhttp.proxyHost=other.example.com -Dhttp.proxyPort=80 "
                        + "-Dhttp.nonProxyHosts=localhost|127.*|example.org|*.example.org|lan|*.lan ");
        command.env("HTTPS_PROXY", "http://user:s3cret@proxy.example.com:3128")
                .run()
                .exitedWith(69)
                .lacks("s3cret")
                .errContains("A proxy that asks for a password must be in ~/.m2/settings.xml");
    }

    @Test
    void throughALinkItFindsItsOwnFolder() throws IOException {
        greeting("through a link");
        Path link = Files.createSymbolicLink(folder.resolve("a link"), Path.of("bin/run"));
        Command.of(link.toString(), "greet.java")
                .env("XDG_CACHE_HOME", caches.toString())
                .run()
                .succeeded()
                .outEquals("through a link");
    }

    @Test
    void itSaysHowLongItTakesWhereAPersonWatches() {
        Tool.orSkip("script");
        greeting("watched");
        Ran watched = Command.of("script", "-qec", folder + "/bin/run greet.java", "/dev/null")
                .in(folder)
                .env("XDG_CACHE_HOME", caches.toString())
                .env("TERM", "xterm")
                .run()
                .succeeded()
                .outContains("watched");
        assertTrue(
                watched.out().contains("\rPreparing the scripts, once after each change ... 0 s"), watched.toString());
        greeting("not watched");
        assertEquals(
                "Preparing the scripts, once after each change ...\n",
                run().succeeded().err());
    }

    private Ran run(String... words) {
        return greet().with(words).run();
    }

    private Command greet() {
        return Command.of(folder.resolve("bin/run").toString(), "greet.java")
                .in(folder)
                .env("XDG_CACHE_HOME", caches.toString());
    }

    private Path cache() {
        return caches.resolve("systemprompt-deploy");
    }

    /** A file of the newest build, which a greeting of its own makes. */
    private Path built(String name) throws IOException {
        try (Stream<Path> builds = Files.list(cache().resolve("builds"))) {
            return builds.filter(Files::isDirectory)
                    .max(Comparator.comparing(build -> build.toFile().lastModified()))
                    .orElseThrow()
                    .resolve(name);
        }
    }

    private void greeting(String text) {
        write("lib/Greeting.java", "package lib; public interface Greeting { String TEXT = \"" + text + "\"; }");
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
