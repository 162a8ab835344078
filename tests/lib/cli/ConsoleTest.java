package lib.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import harness.ActionsRunner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Secret;
import lib.cli.Prompt.Choice;
import lib.cli.Run.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** There is no way past the console: whoever said a secret, in whatever form, and on whichever way out it is. */
@Isolated("it takes the standard streams")
class ConsoleTest {
    private static final Secret SECRET = Secret.of("c4nary%<\"of the console!\"");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

    @Test
    void everyWayToStderrMasks() throws Exception {
        Console console = console(true, Map.of());
        console.say(said());
        console.detail(said());
        console.success(said());
        console.warn(said());
        console.error(said());
        console.hint(said());
        console.tell(said());
        console.fleeting(said());
        InputStream real = System.in;
        try {
            System.setIn(new ByteArrayInputStream("1\n".getBytes(StandardCharsets.UTF_8)));
            assertEquals(Optional.of(0), console(true, Map.of()).choose(said(), List.of(Choice.of(said()))));
        } finally {
            System.setIn(real);
        }
        Console spinning = new Console(output(stdout), output(stderr), true, false, true, Console.Voice.NORMAL);
        spinning.spin(said());
        Thread.sleep(200);
        spinning.progress(said());
        Thread.sleep(200);
        spinning.stopSpinner();
        assertMasked(err(), 12);
    }

    @Test
    void theResultMasksAsTextAndAsJsonWhichStaysJson() throws Exception {
        Console console = console(false, Map.of());
        Result answer = new Result(said(), Json.object().put("url", said()));
        console.result(answer, false);
        console.result(answer, true);
        assertMasked(out(), 2);
        JsonNode json = Json.parse(out().lines().skip(1).findFirst().orElseThrow());
        assertEquals("before **** **** after", json.path("url").asText());
    }

    @Test
    void onlyTheSecretThatWasAskedForIsShownAndOnlyInTheResult() {
        Secret asked = Secret.of("asked-f0r\\\"and shown");
        Console console = console(false, Map.of());
        String text = "password " + asked.reveal() + " " + SECRET.reveal();
        ObjectNode json = Json.object().put("password", asked.reveal()).put("other", SECRET.reveal());
        Result answer = new Result(text, json).showing(asked);
        console.result(answer, false);
        console.result(answer, true);
        console.warn(text);
        assertEquals(
                "password " + asked.reveal()
                        + " ****\n{\"password\":\"asked-f0r\\\\\\\"and shown\",\"other\":\"****\"}\n",
                out());
        assertFalse(err().contains("asked-f0r"), err());
    }

    @Test
    void annotationsAndTheSummaryMask() throws IOException {
        Path summary = folder.resolve("summary.md");
        Console console = console(false, onActions(summary));
        console.warn(said());
        console.failed("", new Failure(ErrorCode.AUTH, said(), said()).resumedBy(said(), said()));
        ObjectNode answer = Json.object().put("tenant_name", said()).put("url", said());
        answer.putObject("timings_ms");
        console.answered(answer);
        assertMasked(err(), 6);
        assertEquals(2, ActionsRunner.obeyed(err()).size(), err());
        assertMasked(Files.readString(summary), 2);
    }

    @Test
    void aChildsOutputIsMaskedAlsoInPieces() throws IOException {
        Console console = console(false, Map.of());
        byte[] bytes = (said() + "\rmore\n").getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size < bytes.length; size++) {
            try (OutputStream child = console.showChild()) {
                for (int at = 0; at < bytes.length; at += size)
                    child.write(bytes, at, Math.min(size, bytes.length - at));
            }
        }
        assertMasked(err(), bytes.length - 1);
        assertEquals("before **** **** after\rmore\n".repeat(bytes.length - 1), err());
    }

    @Test
    void nothingThatAChildPrintsIsACommandOfGitHubs() throws IOException {
        Console console = console(false, onActions(folder.resolve("summary.md")));
        OutputStream stdout = console.showChild();
        OutputStream stderr = console.showChild();
        write(stdout, "::error::one\n  ::add-mask::two\n##[warning]three\nand in the middle ##[error]four\n");
        write(stderr, "::stop-commands::five\n::five::\n::add-path::six\r::set-env name=A::seven\n::error::no end");
        // Another target's, whose end is not the end of the first one's.
        OutputStream other = console.showChild();
        write(other, "::error::eight\n");
        console.warn("ours, meanwhile");
        other.close();
        write(stdout, "::error::nine\n::error::no end either");
        stdout.close();
        stderr.close();
        stderr.close();
        write(stderr, "::error::from beyond\n");
        console.warn("ours, after");
        assertEquals(List.of("warning ours, meanwhile", "warning ours, after"), ActionsRunner.obeyed(err()), err());
        for (String piece : "one two three four five six seven eight nine".split(" "))
            assertTrue(err().contains(piece), piece);
        assertFalse(err().contains("beyond"), "it ended before");
    }

    @Test
    void noWordInTheRunnersHandsIsOneThatAChildCouldGuess() throws IOException {
        Console console = console(false, onActions(folder.resolve("summary.md")));
        for (int i = 0; i < 3; i++) console.showChild().close();
        assertEquals(
                3,
                err().lines()
                        .filter(line -> line.startsWith("::stop-commands::"))
                        .distinct()
                        .count(),
                err());
    }

    @Test
    void nothingThatWeRepeatIsACommandOfGitHubs() {
        Console console = console(false, onActions(folder.resolve("summary.md")));
        for (String said : List.of(
                "::error::a",
                " \t::error::a",
                "a\n::error::a",
                "\u3000\u034f::error::a",
                "a ##[error]b",
                "::\n::error::")) {
            console.say(said);
            console.detail(said);
            console.tell(said);
            console.error(said);
            console.result(new Result(said, Json.object().put("message", said)), false);
            console.result(new Result(said, Json.object().put("message", said)), true);
        }
        assertEquals(List.of(), ActionsRunner.obeyed(err()), err());
        assertEquals(List.of(), ActionsRunner.obeyed(out()), out());
        assertTrue(err().contains("error") && out().contains("error"));
    }

    @Test
    void aNameOnStdoutMovesNoCursor() throws Exception {
        String hostile = "a\u001b]0;title\u0007b\u009b31mc\u202ed\re\tf\ng";
        Console console = console(false, Map.of());
        console.result(new Result(hostile, Json.object().put("name", hostile)), false);
        assertEquals("a?]0;title?b?31mc?d?e\tf\ng\n", out());
        stdout.reset();
        console.result(new Result(hostile, Json.object().put("name", hostile)), true);
        assertFalse(out().matches("(?s).*[\\p{Cc}\\p{Cf}&&[^\n]].*"), out());
        assertEquals(hostile, Json.parse(out()).path("name").asText());
    }

    /** The secret plain, and half of a base64 pair. */
    private static String said() {
        byte[] pair = ("user:" + SECRET.reveal()).getBytes(StandardCharsets.UTF_8);
        // Of the pair's base64, what the secret does not touch is left.
        return "before " + SECRET.reveal() + " "
                + Base64.getEncoder().encodeToString(pair).substring("dXNlcjp".length())
                + " after";
    }

    private static void assertMasked(String shown, int atLeast) {
        assertTrue(shown.split("\\*{4}", -1).length > atLeast, shown);
        for (String part : List.of("c4nary", "console", "%22of", "\\\"of")) assertFalse(shown.contains(part), shown);
    }

    private Console console(boolean interactive, Map<String, String> variables) {
        Console console = new Console(
                new Output(new PrintStream(stdout, true, StandardCharsets.UTF_8), Output.isReadForCommands(variables)),
                new Output(new PrintStream(stderr, true, StandardCharsets.UTF_8), Output.isReadForCommands(variables)),
                interactive,
                interactive,
                false,
                Console.Voice.VERBOSE);
        console.heardBy(commands -> GitHubActions.of(variables, commands));
        return console;
    }

    private static Output output(OutputStream stream) {
        return new Output(new PrintStream(stream, true, StandardCharsets.UTF_8), false);
    }

    private static Map<String, String> onActions(Path summary) {
        return Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString());
    }

    private static void write(OutputStream stream, String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String out() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return stderr.toString(StandardCharsets.UTF_8);
    }
}
