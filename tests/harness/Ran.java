package harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;

/** An external process that has ended, with checks that read as sentences; one that fails shows all that was said. */
public record Ran(List<String> words, int exitCode, String out, String err, Duration took) {
    private static final ObjectMapper ONE_DOCUMENT =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public Ran succeeded() {
        return exitedWith(0);
    }

    public Ran exitedWith(int code) {
        return check(exitCode == code, "expected exit code " + code);
    }

    /** Compares without the newline at the end. */
    public Ran outEquals(String text) {
        return check(out.stripTrailing().equals(text), "expected stdout to be exactly: " + text);
    }

    public Ran outContains(String text) {
        return check(out.contains(text), "expected on stdout: " + text);
    }

    public Ran outLacks(String text) {
        return check(!out.contains(text), "not expected on stdout: " + text);
    }

    public Ran outIsEmpty() {
        return check(out.isEmpty(), "expected nothing on stdout");
    }

    public Ran errContains(String text) {
        return check(err.contains(text), "expected on stderr: " + text);
    }

    public Ran errLacks(String text) {
        return check(!err.contains(text), "not expected on stderr: " + text);
    }

    /** Neither stream holds the text. */
    public Ran lacks(String text) {
        return outLacks(text).errLacks(text);
    }

    /** stdout, which must be one JSON document and nothing else. */
    public JsonNode json() {
        try {
            return ONE_DOCUMENT.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("expected JSON on stdout, but " + e.getOriginalMessage() + "\n" + this, e);
        }
    }

    private Ran check(boolean holds, String expectation) {
        if (!holds) throw new AssertionError(expectation + "\n" + this);
        return this;
    }

    @Override
    public String toString() {
        return describe(words, "exit code " + exitCode, out, err);
    }

    static String describe(List<String> words, String state, String out, String err) {
        return "$ %s%n[%s]%n--- stdout%n%s%n--- stderr%n%s".formatted(String.join(" ", words), state, out, err);
    }
}
