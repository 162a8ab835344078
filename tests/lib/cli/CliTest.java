package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Ran;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.Json;
import lib.Secret;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions.Version;
import lib.cli.Run.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** However a script ends, there is a sentence, an exit code, and JSON where that was asked for; and no secret in it. */
class CliTest {
    private static final Secret SECRET = Secret.of("c4nary-of-a-trace");

    @ParameterizedTest
    @ValueSource(strings = {"heap", "stack", "class", "defect"})
    void whatShouldNotHappenIsOneSentenceAndJson(String what) {
        Ran ran = script("--dry-run", "--json", what)
                .exitedWith(70)
                .errLacks("\tat ")
                .lacks(SECRET.reveal());
        JsonNode error = ran.json().path("error");
        assertEquals("internal", error.path("code").asText());
        assertEquals(70, error.path("exit_code").asInt());
        assertTrue(error.path("message").asText().startsWith("Internal error: "), ran.out());
        assertTrue(
                ran.err().startsWith("✗ Internal error: " + type(what) + "\n  → Run it again with --verbose"),
                ran.err());
        assertEquals(2, ran.err().lines().count(), ran.err());
        script("--dry-run", what).exitedWith(70).outIsEmpty().errContains("Internal error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"class", "defect"})
    void aTraceIsShownWhereItIsAskedForAndIsMasked(String what) {
        script("--verbose", what)
                .exitedWith(70)
                .errContains("\tat lib.cli.CliTest")
                .errContains("****")
                .lacks(SECRET.reveal());
    }

    @Test
    void aThreadThatEndsByItselfIsToldOfWithoutItsSecret() {
        script("thread")
                .succeeded()
                .errContains("✗ Internal error: IllegalStateException in thread worker")
                .errLacks("\tat ")
                .lacks(SECRET.reveal());
        script("--verbose", "thread")
                .succeeded()
                .errContains("\tat lib.cli")
                .errContains("****")
                .lacks(SECRET.reveal());
    }

    @Test
    void wrongUsageDoesNotRepeatAValue() {
        for (List<String> words : List.of(
                List.of("--unknown=NPM_TOKEN=hush-hush"),
                List.of("a", "NPM_TOKEN=hush-hush"),
                List.of("--count=A=hush-hush"))) {
            Ran ran = script(words.toArray(String[]::new)).exitedWith(2).lacks("hush-hush");
            assertTrue(ran.err().contains("--help'"), ran.err());
        }
        script("--count=x", "a").exitedWith(2).errContains("'x' is not");
    }

    @Test
    void helpAndVersionComeOnStdout() {
        script("--help").succeeded().outContains("Usage: ends");
        script("--version").succeeded().outContains(Version.NUMBER);
    }

    private static String type(String what) {
        return Map.of(
                        "heap", "OutOfMemoryError",
                        "stack", "StackOverflowError",
                        "class", "NoClassDefFoundError",
                        "defect", "IllegalArgumentException")
                .get(what);
    }

    private static Ran script(String... arguments) {
        return Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ends.class.getName())
                .with(arguments)
                .without("GITHUB_*")
                .run();
    }

    @CommandLine.Command(name = "ends", versionProvider = Version.class)
    static class Ends implements Script {
        /** Kept, so that the memory stays full. */
        private static final List<byte[]> FULL = new ArrayList<>();

        @Mixin
        CommonOptions common;

        @Option(names = "--count")
        int count;

        /** Nothing else is begun that would need memory. */
        @Option(names = "--dry-run")
        boolean dryRun;

        @Parameters(arity = "1")
        String how;

        public static void main(String... arguments) {
            Cli.of(new Ends()).run(arguments);
        }

        @Override
        public CommonOptions common() {
            return common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            String secret = SECRET.reveal();
            switch (how) {
                case "heap" -> fill();
                case "stack" -> deeper(0);
                case "class" -> throw new NoClassDefFoundError(secret);
                case "defect" -> throw new IllegalArgumentException("invalid header value: " + secret);
                default -> {
                    Thread worker = new Thread(() -> {
                        throw new IllegalStateException(secret);
                    });
                    worker.setName("worker");
                    worker.start();
                    worker.join();
                }
            }
            return new Result("", Json.object());
        }

        private static void fill() {
            for (int size = 1 << 20; ; size = Math.max(16, size / 2)) {
                try {
                    while (true) FULL.add(new byte[size]);
                } catch (OutOfMemoryError full) {
                    if (size == 16) throw full;
                }
            }
        }

        private static int deeper(int depth) {
            return deeper(depth + 1) + 1;
        }
    }
}
