package lib;

import java.util.List;
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
    private final boolean credentialsRefused;
    private final transient List<Finding> findings;

    /** @param hint the next thing to type or do, a sentence; empty only where there is truly nothing to do */
    public Failure(ErrorCode code, String message, String hint) {
        this(code, message, hint, null, null, false, List.of(), null);
    }

    private Failure(
            ErrorCode code,
            String message,
            String hint,
            Stage stage,
            String resume,
            boolean refused,
            List<Finding> findings,
            Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.stage = stage;
        this.resume = resume;
        this.credentialsRefused = refused;
        this.findings = List.copyOf(findings);
    }

    /** The same failure with the exception behind it, which only {@code --verbose} shows. */
    public Failure causedBy(Throwable cause) {
        return new Failure(code, getMessage(), hint, stage, resume, credentialsRefused, findings, cause);
    }

    /** The same failure, in the stage where it happened; a stage that is already known stays. */
    public Failure during(Stage during) {
        return stage != null ? this : copy(during, resume, credentialsRefused, findings);
    }

    /** The same failure with the exact command that goes on from here. */
    public Failure resumedBy(String command) {
        return copy(stage, command, credentialsRefused, findings);
    }

    /** The same failure, known to come from credentials that the registry refused: a new token may help. */
    public Failure refusingCredentials() {
        return copy(stage, resume, true, findings);
    }

    /** The same failure with what checks found, each with its own fix. */
    public Failure listing(List<Finding> found) {
        return copy(stage, resume, credentialsRefused, found);
    }

    private Failure copy(Stage stage, String resume, boolean refused, List<Finding> findings) {
        return new Failure(code, getMessage(), hint, stage, resume, refused, findings, getCause()).tracedAs(this);
    }

    private Failure tracedAs(Failure original) {
        setStackTrace(original.getStackTrace());
        return this;
    }

    public ErrorCode code() {
        return code;
    }

    public boolean credentialsWereRefused() {
        return credentialsRefused;
    }

    public String hint() {
        return hint;
    }

    public Optional<Stage> stage() {
        return Optional.ofNullable(stage);
    }

    /** What checks found; none where the failure is one of a stage itself. */
    public List<Finding> findings() {
        return findings;
    }

    public Optional<String> resume() {
        return Optional.ofNullable(resume);
    }
}
