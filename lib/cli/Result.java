//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
//SOURCES ../Stage.java
package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import lib.Failure;
import lib.Json;
import lib.Secret;
import lib.Stage;

/**
 * What a script answers on stdout.
 *
 * @param text for people and pipes: one line, or several that belong together; empty for nothing
 * @param json the same, and all that is worth knowing besides, with {@code --json}
 * @param exitCode 0, or what a finding that is no failure calls for
 * @param shown the one secret that the person asked to see
 * @param conclusion what a person is told last, of a result that is a failure in part
 */
public record Result(String text, JsonNode json, int exitCode, Optional<Secret> shown, Optional<String> conclusion) {
    public Result(String text, JsonNode json, int exitCode) {
        this(text, json, exitCode, Optional.empty(), Optional.empty());
    }

    public Result(String text, JsonNode json) {
        this(text, json, 0);
    }

    /** The same answer, in which this secret is shown on purpose. */
    public Result showing(Secret secret) {
        return new Result(text, json, exitCode, Optional.of(secret), conclusion);
    }

    /** The same result, of which a person is told this at the end. */
    public Result concluding(String line) {
        return new Result(text, json, exitCode, shown, Optional.of(line));
    }

    /** @param known what is known of the run, by the names that JSON shows */
    static Result of(Failure failure, int exitCode, Map<String, String> known) {
        return new Result("", json(failure, exitCode, known), exitCode);
    }

    private static ObjectNode json(Failure failure, int exitCode, Map<String, String> known) {
        ObjectNode json = Json.object();
        known.forEach(json::put);
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
        return "Result[" + exitCode + "]";
    }
}
