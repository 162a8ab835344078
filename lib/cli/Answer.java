package lib.cli;

import com.fasterxml.jackson.databind.JsonNode;

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

    /** With {@code --show-password} it is a secret. */
    @Override
    public String toString() {
        return "Answer[" + exitCode + "]";
    }
}
