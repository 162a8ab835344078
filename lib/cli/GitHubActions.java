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
        failure.resume().ifPresent(command -> text.append("\nResume with: ").append(command));
        String title = failure.stage().map(stage -> stage + ": ").orElse("") + failure.code();
        return annotation("error", title, text.toString());
    }

    static String warning(String text) {
        return annotation("warning", "deploy", text);
    }

    // A line break would end the command and let the rest, perhaps a server's words, be another.
    private static String annotation(String level, String title, String text) {
        return "::" + level + " title=" + escaped(title).replace(":", "%3A").replace(",", "%2C") + "::" + escaped(text);
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
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
        Files.writeString(summary.get(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
