package lib;

import java.util.Optional;

/**
 * A run that cannot go on: what was tried and what came back (the message), and what to type next (the hint).
 *
 * <p>Every failure that a person can cause or meet is one of these; anything else that is thrown is a defect.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;
    private final Stage stage;
    private final String resume;

    /** @param hint the next thing to type or do, a sentence; empty only where there is truly nothing to do */
    public Failure(ErrorCode code, String message, String hint) {
        this(code, message, hint, null, null, null);
    }

    private Failure(ErrorCode code, String message, String hint, Stage stage, String resume, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.stage = stage;
        this.resume = resume;
    }

    /** The same failure with the exception behind it, which only {@code --verbose} shows. */
    public Failure causedBy(Throwable cause) {
        return new Failure(code, getMessage(), hint, stage, resume, cause);
    }

    /** The same failure, in the stage where it happened; a stage that is already known stays. */
    public Failure during(Stage during) {
        return stage != null ? this : new Failure(code, getMessage(), hint, during, resume, getCause()).tracedAs(this);
    }

    /** The same failure with the exact command that goes on from here. */
    public Failure resumedBy(String command) {
        return new Failure(code, getMessage(), hint, stage, command, getCause()).tracedAs(this);
    }

    private Failure tracedAs(Failure original) {
        setStackTrace(original.getStackTrace());
        return this;
    }

    public ErrorCode code() {
        return code;
    }

    public String hint() {
        return hint;
    }

    public Optional<Stage> stage() {
        return Optional.ofNullable(stage);
    }

    public Optional<String> resume() {
        return Optional.ofNullable(resume);
    }
}
