package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.Failure;
import lib.Json;
import lib.Stage;

/**
 * What a script answers on stdout.
 *
 * @param text for people and pipes: one line, or several that belong together; empty for nothing
 * @param json the same, and all that is worth knowing besides, with {@code --json}
 * @param exitCode 0, or what a finding that is no failure calls for
 */
public record Answer(String text, JsonNode json, int exitCode) {
    public Answer(String text, JsonNode json) {
        this(text, json, 0);
    }

    /** What is answered of a failure that does not end the run. */
    public static Answer of(Failure failure) {
        int exitCode = failure.code().exitCode();
        return new Answer("", json(failure, exitCode), exitCode);
    }

    static ObjectNode json(Failure failure, int exitCode) {
        ObjectNode json = Json.object();
        ObjectNode error = json.putObject("error")
                .put("stage", failure.stage().map(Stage::toString).orElse(null))
                .put("code", failure.code().toString())
                .put("message", failure.getMessage())
                .put("hint", failure.hint())
                .put("exit_code", exitCode)
                .put("resume", failure.resume().orElse(null));
        if (!failure.findings().isEmpty()) {
            ArrayNode findings = error.putArray("findings");
            failure.findings().forEach(finding -> findings.add(finding.json()));
        }
        return json;
    }

    /** With {@code --show-password} it is a secret. */
    @Override
    public String toString() {
        return "Answer[" + exitCode + "]";
    }
}
