package lib;

import java.util.List;
import java.util.Optional;

/**
 * A run that cannot go on: what was tried and what came back (the message), and what to type next (the hint).
 *
 * <p>Every failure that a person can cause or meet is one of these; anything else that is thrown is a defect.
 */
public final class Failure extends RuntimeException {
    /** What a run may try by itself before it gives up. */
    public enum Remedy {
        NONE,
        /** The registry refused the credentials: others may be accepted. */
        NEW_TOKEN,
        /** It was of the passing kind: the same may go well the next time. */
        ANOTHER_TRY
    }

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String hint;
    private final Stage stage;
    private final transient Resume resume;
    private final Remedy remedy;
    private final transient List<Finding> findings;

    /** @param hint the next thing to type or do, a sentence; empty only where there is truly nothing to do */
    public Failure(ErrorCode code, String message, String hint) {
        this(code, message, hint, null, null, Remedy.NONE, List.of(), null);
    }

    private Failure(
            ErrorCode code,
            String message,
            String hint,
            Stage stage,
            Resume resume,
            Remedy remedy,
            List<Finding> findings,
            Throwable cause) {
        super(message, cause);
        this.code = code;
        this.hint = hint;
        this.stage = stage;
        this.resume = resume;
        this.remedy = remedy;
        this.findings = List.copyOf(findings);
    }

    /** The same failure with the exception behind it, which only {@code --verbose} shows. */
    public Failure causedBy(Throwable cause) {
        return new Failure(code, getMessage(), hint, stage, resume, remedy, findings, cause);
    }

    /** The same failure, in the stage where it happened; a stage that is already known stays. */
    public Failure during(Stage during) {
        return stage != null ? this : copy(during, resume, remedy, findings);
    }

    /**
     * The same failure with the exact command that goes on from here.
     *
     * @param condition what must hold for it, a clause; empty for nothing
     */
    public Failure resumedBy(String command, String condition) {
        return copy(stage, new Resume(command, condition), remedy, findings);
    }

    /** The same failure, known to be one that this may cure. */
    public Failure curedBy(Remedy known) {
        return copy(stage, resume, known, findings);
    }

    /** The same failure with what checks found, each with its own fix. */
    public Failure listing(List<Finding> found) {
        return copy(stage, resume, remedy, found);
    }

    private Failure copy(Stage stage, Resume resume, Remedy remedy, List<Finding> findings) {
        return new Failure(code, getMessage(), hint, stage, resume, remedy, findings, getCause()).tracedAs(this);
    }

    private Failure tracedAs(Failure original) {
        setStackTrace(original.getStackTrace());
        return this;
    }

    public ErrorCode code() {
        return code;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** As it can be typed where the user is. */
    public String hint() {
        return Invocation.typed(hint);
    }

    public Optional<Stage> stage() {
        return Optional.ofNullable(stage);
    }

    /** What checks found; none where the failure is one of a stage itself. */
    public List<Finding> findings() {
        return findings;
    }

    /** The exact command that goes on from here. */
    public Optional<String> resume() {
        return Optional.ofNullable(resume).map(it -> Invocation.typed(it.command()));
    }

    /** The same for people, with what must hold for it. */
    public Optional<String> resumeLine() {
        return Optional.ofNullable(resume)
                .map(it -> "Resume with: " + Invocation.typed(it.command())
                        + (it.condition().isEmpty() ? "" : "; " + it.condition()));
    }

    private record Resume(String command, String condition) {}
}
