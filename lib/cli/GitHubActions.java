//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Redactor.java
//SOURCES Timings.java
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
import lib.Failure;
import lib.Printable;
import lib.Redactor;

/**
 * What GitHub Actions shows of a run besides its log: annotations, which it reads from the log, and a summary of the
 * step, from a file that it names.
 *
 * <p>Source: GitHub Docs, "Workflow commands for GitHub Actions".
 *
 * @param summary where the summary goes; empty for nowhere
 */
record GitHubActions(Optional<Path> summary) {
    private static final List<String> SHOWN = List.of("image", "digest", "url");

    /** @return empty where the run is not one of theirs */
    static Optional<GitHubActions> of(Map<String, String> variables) {
        if (!"true".equals(variables.get("GITHUB_ACTIONS"))) return Optional.empty();
        return Optional.of(new GitHubActions(Optional.ofNullable(variables.get("GITHUB_STEP_SUMMARY"))
                .filter(name -> !name.isBlank())
                .map(Path::of)));
    }

    /** The line that annotates a failure: what happened, what to do, how to resume. */
    static String error(Failure failure) {
        StringBuilder text = new StringBuilder(failure.getMessage());
        if (!failure.hint().isEmpty()) text.append("\n").append(failure.hint());
        failure.resumeLine().ifPresent(line -> text.append("\n").append(line));
        String title = failure.stage().map(stage -> stage + ": ").orElse("") + failure.code();
        return annotation("error", title, text.toString());
    }

    static String warning(String text) {
        return annotation("warning", "deploy", text);
    }

    /** The line after which no command counts until {@link #goOn} names the same word. */
    static String stop(String word) {
        return "::stop-commands::" + word;
    }

    static String goOn(String word) {
        return "::" + word + "::";
    }

    /**
     * The text without a line that would be a command: one that visibly begins with two colons, or, as of old, has {@code
     * ##[} anywhere. Source: actions/runner, ActionCommand.
     */
    static String defused(String text) {
        return text.replaceAll("(?m)^([^\\p{L}\\p{N}\\p{P}\\p{S}]*):(?=:)", "$1: ")
                .replace("##[", "# #[");
    }

    /** The same line of JSON, with no command in it. */
    static String defusedJson(String json) {
        return json.replace("##[", "#\\u0023[");
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
     * Appends what was deployed or pushed, and where the time went.
     *
     * @param answer one object, or an array of them, with {@code timings_ms}; anything else has no summary
     */
    void summarize(JsonNode answer) throws IOException {
        StringBuilder text = new StringBuilder();
        for (JsonNode each : answer.isArray() ? answer : List.of(answer)) {
            if (each.path("timings_ms").isObject()) text.append(section(each));
        }
        if (text.isEmpty() || summary.isEmpty()) return;
        Files.writeString(
                summary.get(), Redactor.over(text.toString()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String section(JsonNode answer) {
        String tenant =
                answer.path("tenant_name").asText(answer.path("tenant_id").asText());
        StringBuilder text = new StringBuilder("### " + cell(tenant));
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
                    Timings.seconds(Duration.ofMillis(stage.getValue().asLong())));
        }
        row(text, "total", Timings.seconds(Duration.ofMillis(sum)));
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
