//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Redactor.java
//SOURCES Console.java
//SOURCES Output.java
//SOURCES Run.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.Failure;
import lib.Printable;
import lib.Redactor;

/**
 * What GitHub Actions shows of a run besides its log: annotations, which it reads from the log, and a summary of the
 * step, from a file that it names.
 *
 * <p>Source: GitHub Docs, "Workflow commands for GitHub Actions".
 */
public final class GitHubActions implements Console.Listener {
    private static final List<String> SHOWN = List.of("image", "digest", "url");

    private final Optional<Path> summary;
    private final Consumer<String> commands;
    private int children;
    private String stopWord = "";

    private GitHubActions(Optional<Path> summary, Consumer<String> commands) {
        this.summary = summary;
        this.commands = commands;
    }

    /** One that writes its commands there; nobody where this run is not one of theirs. */
    public static Console.Listener of(Consumer<String> commands) {
        return of(System.getenv(), commands);
    }

    static Console.Listener of(Map<String, String> variables, Consumer<String> commands) {
        if (!Output.isReadForCommands(variables)) return NOBODY;
        return new GitHubActions(
                Optional.ofNullable(variables.get("GITHUB_STEP_SUMMARY"))
                        .filter(name -> !name.isBlank())
                        .map(Path::of),
                commands);
    }

    @Override
    public void warned(String text) {
        command(annotation("warning", "deploy", text));
    }

    /** An annotation of what happened, what to do, how to resume; of several findings one each. */
    @Override
    public void failed(String whose, Failure failure) {
        String stage = whose + failure.stage().map(known -> known + ": ").orElse("");
        if (failure.findings().size() > 1) {
            failure.findings()
                    .forEach(finding -> error(stage + finding.check(), List.of(finding.message(), finding.hint())));
            return;
        }
        error(
                stage + failure.code(),
                List.of(
                        failure.getMessage(),
                        failure.hint(),
                        failure.resumeLine().orElse("")));
    }

    private void error(String title, List<String> lines) {
        String text = lines.stream().filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
        command(annotation("error", title, text));
    }

    /** As long as a child writes, nothing is taken for a command but what stands between a stop and a word of ours. */
    @Override
    public void childStarted() {
        if (children++ == 0) stop();
    }

    @Override
    public void childEnded() {
        if (--children == 0) goOn();
    }

    private void command(String command) {
        if (children > 0) goOn();
        commands.accept(command);
        if (children > 0) stop();
    }

    private void stop() {
        stopWord = UUID.randomUUID().toString();
        commands.accept("::stop-commands::" + stopWord);
    }

    private void goOn() {
        commands.accept("::" + stopWord + "::");
    }

    // A line break would end the command and let the rest, perhaps a server's words, be another.
    private static String annotation(String level, String title, String text) {
        return "::" + level + " title=" + escaped(title).replace(":", "%3A").replace(",", "%2C") + "::" + escaped(text);
    }

    // Escaped, a secret could not be told any more.
    private static String escaped(String text) {
        return Redactor.over(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    /**
     * Appends what became of each target, those that failed first: what was deployed or pushed and where the time went, or
     * the error.
     *
     * @param answer one object, or an array of them, with {@code timings_ms} or {@code error}; anything else has no summary
     */
    @Override
    public void answered(JsonNode answer) throws IOException {
        StringBuilder failed = new StringBuilder();
        StringBuilder done = new StringBuilder();
        for (JsonNode each : answer.isArray() ? answer : List.of(answer)) {
            if (each.path("error").isObject()) failed.append(error(each));
            else if (each.path("timings_ms").isObject()) done.append(section(each));
        }
        String text = failed.append(done).toString();
        if (text.isEmpty() || summary.isEmpty()) return;
        // What a step wrote before may not have ended its line.
        Files.writeString(
                summary.get(), "\n" + Redactor.over(text), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String error(JsonNode answer) {
        JsonNode error = answer.path("error");
        String tenant = answer.hasNonNull("tenant_id") ? tenant(answer) + ": " : "";
        StringBuilder text = new StringBuilder("### " + tenant + "failed");
        if (error.hasNonNull("stage"))
            text.append(" (").append(cell(error.path("stage").asText())).append(")");
        text.append("\n\n");
        for (JsonNode said : error.path("findings").size() > 1 ? error.path("findings") : List.of(error)) {
            text.append("- ").append(cell(said.path("message").asText()));
            if (!said.path("hint").asText("").isEmpty())
                text.append(" → ").append(cell(said.path("hint").asText()));
            text.append("\n");
        }
        if (error.hasNonNull("resume"))
            text.append("\nResume with: `")
                    .append(cell(error.path("resume").asText()))
                    .append("`\n");
        return text.append("\n").toString();
    }

    private static String tenant(JsonNode answer) {
        return cell(answer.path("tenant_name").asText(answer.path("tenant_id").asText()));
    }

    private static String section(JsonNode answer) {
        StringBuilder text = new StringBuilder("### " + tenant(answer));
        if (answer.hasNonNull("status"))
            text.append(": ").append(cell(answer.path("status").asText()));
        text.append("\n\n| | |\n|---|---|\n");
        for (String key : SHOWN) {
            if (answer.hasNonNull(key))
                row(text, key, "`" + cell(answer.path(key).asText()) + "`");
        }
        text.append("\n| stage | time |\n|---|---:|\n");
        long sum = 0;
        for (Map.Entry<String, JsonNode> stage : answer.path("timings_ms").properties()) {
            sum += stage.getValue().asLong();
            row(
                    text,
                    stage.getKey(),
                    Run.seconds(Duration.ofMillis(stage.getValue().asLong())));
        }
        row(text, "total", Run.seconds(Duration.ofMillis(sum)));
        return text.append("\n").toString();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    /** A server's word as a table may hold it: it can end neither the cell nor the code. */
    private static String cell(String text) {
        return Printable.of(text).replaceAll("[|`<>\n]", " ");
    }
}
