package lib;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/**
 * What one check found.
 *
 * @param check what was looked at, a word such as {@code credentials}
 * @param message what came back; of a failure its whole sentence
 * @param hint what to type next; empty where there is nothing to do
 * @param code why it fails; empty when it does not
 */
public record Finding(String check, State state, String message, String hint, Optional<ErrorCode> code) {
    /** How bad it is. */
    public enum State {
        OK("✓"),
        WARN("⚠"),
        FAIL("✗"),
        /** It could not be looked at, since another check failed. */
        SKIPPED("–");

        private final String mark;

        State(String mark) {
            this.mark = mark;
        }

        public String mark() {
            return mark;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Finding ok(String check, String detail) {
        return new Finding(check, State.OK, detail, "", Optional.empty());
    }

    /** Something odd that stops nothing. */
    public static Finding warn(String check, String message) {
        return new Finding(check, State.WARN, Invocation.typed(message), "", Optional.empty());
    }

    public static Finding skipped(String check, String reason) {
        return new Finding(check, State.SKIPPED, reason, "", Optional.empty());
    }

    public static Finding of(String check, Failure failure) {
        return new Finding(check, State.FAIL, failure.getMessage(), failure.hint(), Optional.of(failure.code()));
    }

    /** As it can be typed where the user is. */
    @Override
    public String hint() {
        return Invocation.typed(hint);
    }

    public boolean isFailure() {
        return state == State.FAIL;
    }

    public boolean isWarning() {
        return state == State.WARN;
    }

    public ObjectNode json() {
        return Json.object()
                .put("check", check)
                .put("state", state.toString())
                .put("message", message)
                .put("hint", hint.isEmpty() ? null : hint())
                .put("code", code.map(ErrorCode::toString).orElse(null));
    }
}
