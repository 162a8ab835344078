//SOURCES Invocation.java
//SOURCES Json.java
package lib;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A run that cannot go on: what was tried and what came back (the message), and what to type next (the hint).
 *
 * <p>Every failure that a person can cause or meet is one of these; anything else that is thrown is a defect.
 */
public final class Failure extends RuntimeException {
    /** Why a run failed: the name that JSON shows and the exit code that a shell sees (after BSD's sysexits). */
    public enum ErrorCode {
        BUILD_FAILED(1),
        TOKEN_FAILED(1),
        LOGIN_FAILED(1),
        PUSH_FAILED(1),
        DEPLOY_FAILED(1),
        USAGE(2),
        /** Management API, registry or Docker not reachable or not available, after retries. */
        UNAVAILABLE(69),
        /** A defect of these scripts. */
        INTERNAL(70),
        /** The deploy call may or may not have been accepted. */
        OUTCOME_UNKNOWN(75),
        /** An answer that no server of its kind gives. */
        PROTOCOL(76),
        /** Not logged in, expired, or refused. */
        AUTH(77),
        /** Project, profile, tenant or Dockerfile missing or malformed. */
        CONFIG(78),
        /** Ctrl-C; a SIGTERM ends in 143 instead. */
        INTERRUPTED(130);

        private final int exitCode;

        ErrorCode(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a run may try by itself before it gives up. */
    public enum Remedy {
        NONE,
        /** The registry refused the credentials: others may be accepted. */
        NEW_TOKEN,
        /** It was of the passing kind: the same may go well the next time. */
        ANOTHER_TRY,
        /** It came too soon: the same may go well after a longer pause. */
        WAIT
    }

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private String hint;
    private Stage stage;
    private Remedy remedy = Remedy.NONE;
    private transient Optional<Resume> resume = Optional.empty();
    private transient List<Finding> findings = List.of();

    /** @param hint the next thing to type or do, a sentence; empty only where there is truly nothing to do */
    public Failure(ErrorCode code, String message, String hint) {
        super(message);
        this.code = code;
        this.hint = hint;
    }

    private Failure(Failure other, Throwable cause) {
        super(other.getMessage(), cause);
        setStackTrace(other.getStackTrace());
        code = other.code;
        hint = other.hint;
        stage = other.stage;
        remedy = other.remedy;
        resume = other.resume;
        findings = other.findings;
    }

    private Failure with(Consumer<Failure> change) {
        Failure copy = new Failure(this, getCause());
        change.accept(copy);
        return copy;
    }

    /** The same failure with the exception behind it, which only {@code --verbose} shows. */
    public Failure causedBy(Throwable cause) {
        return new Failure(this, cause);
    }

    /** The same failure, in the stage where it happened; a stage that is already known stays. */
    public Failure during(Stage during) {
        return stage != null ? this : with(copy -> copy.stage = during);
    }

    /** The same failure with the exact command that goes on from here, and a clause on what must hold for it, or none. */
    public Failure resumedBy(String command, String condition) {
        return with(copy -> copy.resume = Optional.of(new Resume(command, condition)));
    }

    public Failure curedBy(Remedy known) {
        return with(copy -> copy.remedy = known);
    }

    /** The same failure with what checks found, each with its own fix. */
    public Failure listing(List<Finding> found) {
        return with(copy -> copy.findings = List.copyOf(found));
    }

    /** The same failure with one more thing to type or do, a sentence. */
    public Failure alsoHinting(String another) {
        return with(copy -> copy.hint = hint.isEmpty() ? another : hint + ". " + another);
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

    /** Empty where the failure is one of a stage itself. */
    public List<Finding> findings() {
        return findings;
    }

    public Optional<String> resume() {
        return resume.map(it -> Invocation.typed(it.command));
    }

    /** The same for people, with what must hold for it. */
    public Optional<String> resumeLine() {
        return resume.map(it ->
                "Resume with: " + Invocation.typed(it.command) + (it.condition.isEmpty() ? "" : "; " + it.condition));
    }

    private record Resume(String command, String condition) {}

    /**
     * What one check found.
     *
     * @param check what was looked at, a word such as {@code credentials}
     * @param message what came back; of a failure its whole sentence
     * @param hint what to type next where the user is; empty where there is nothing to do
     * @param code why it fails; empty when it does not
     */
    public record Finding(String check, State state, String message, String hint, Optional<ErrorCode> code) {
        /** How bad it is. */
        public enum State {
            OK,
            WARN,
            FAIL,
            /** It could not be looked at, since another check failed. */
            SKIPPED;

            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        public static Finding ok(String check, String detail) {
            return new Finding(check, State.OK, detail, "", Optional.empty());
        }

        public static Finding warn(String check, String message) {
            return new Finding(check, State.WARN, Invocation.typed(message), "", Optional.empty());
        }

        public static Finding of(String check, Failure failure) {
            return new Finding(check, State.FAIL, failure.getMessage(), failure.hint(), Optional.of(failure.code()));
        }

        // By hand: a record's own comparison is put together at run time, which costs each start 10 ms.
        @Override
        public boolean equals(Object other) {
            return other instanceof Finding finding
                    && check.equals(finding.check)
                    && state == finding.state
                    && message.equals(finding.message)
                    && hint.equals(finding.hint)
                    && code.equals(finding.code);
        }

        @Override
        public int hashCode() {
            return message.hashCode();
        }

        public boolean isFailure() {
            return state == State.FAIL;
        }

        public ObjectNode json() {
            return Json.object()
                    .put("check", check)
                    .put("state", state.toString())
                    .put("message", message)
                    .put("hint", hint.isEmpty() ? null : hint)
                    .put("code", code.map(ErrorCode::toString).orElse(null));
        }
    }

    /** Collects what checks find, in the order in which a person puts it right. */
    public static final class Findings {
        private final List<Finding> all = new ArrayList<>();

        /** What is checked. */
        public interface Check<T> {
            T run() throws InterruptedException;
        }

        /** Runs a check, whose success is a finding as its failure is. @return empty when it failed */
        public <T> Optional<T> check(String name, Check<T> check, Function<T, String> detail)
                throws InterruptedException {
            try {
                T value = check.run();
                add(Finding.ok(name, detail.apply(value)));
                return Optional.of(value);
            } catch (Failure failure) {
                add(Finding.of(name, failure));
                return Optional.empty();
            }
        }

        public void add(Finding finding) {
            all.add(finding);
        }

        /** Adds those that are not there yet. */
        public void addAll(Findings others) {
            others.all.stream().filter(finding -> !all.contains(finding)).forEach(all::add);
        }

        public List<Finding> all() {
            return List.copyOf(all);
        }

        public void tellWarnings(Consumer<String> warn) {
            all.stream()
                    .filter(finding -> finding.state == Finding.State.WARN)
                    .map(Finding::message)
                    .forEach(warn);
        }

        /**
         * The worst code: the highest exit code. So what is to be put right on this machine (78) comes before who one is (77),
         * and that before what has to be waited for (69).
         */
        public Optional<ErrorCode> worst() {
            return all.stream()
                    .flatMap(finding -> finding.code().stream())
                    .max(Comparator.comparingInt(ErrorCode::exitCode));
        }

        /** @throws Failure when a check failed */
        public void requireNoFailure() {
            failure().ifPresent(failure -> {
                throw failure;
            });
        }

        /** What it is that checks failed: a single failure in its own words, several as a list. */
        public Optional<Failure> failure() {
            List<Finding> failures = all.stream().filter(Finding::isFailure).toList();
            if (failures.isEmpty()) return Optional.empty();
            Finding only = failures.get(0);
            Failure failure = failures.size() == 1
                    ? new Failure(worst().orElseThrow(), only.message(), only.hint())
                    : new Failure(
                            worst().orElseThrow(),
                            failures.size() + " problems found; nothing was changed",
                            "'just doctor' looks again");
            return Optional.of(failure.listing(failures));
        }
    }

    /** The stages of a deploy, in their order, and how they are told to a person. */
    public enum Stage {
        PREFLIGHT("Checking the project", "Ready to deploy", "nothing was built, pushed or deployed"),
        BUILD("Building the image", "Image built", "nothing was pushed or deployed"),
        TOKEN("Fetching a registry token", "Registry token fetched", "nothing was pushed or deployed"),
        LOGIN("Logging in to the registry", "Logged in", "nothing was pushed or deployed"),
        PUSH("Pushing the image", "Image pushed", "nothing was deployed; layers may have been pushed"),
        SECRETS("Sending the secrets", "Secrets sent", "nothing was deployed; the secrets may have been sent"),
        DEPLOY("Deploying", "Deployment accepted", "the deployment may or may not have been accepted"),
        WAIT("Waiting for the tenant", "Tenant is up", "the deployment was accepted and goes on");

        private final String doing;
        private final String done;
        private final String whenInterrupted;

        Stage(String doing, String done, String whenInterrupted) {
            this.doing = doing;
            this.done = done;
            this.whenInterrupted = whenInterrupted;
        }

        public String doing() {
            return doing;
        }

        public String done() {
            return done;
        }

        public String whenInterrupted() {
            return whenInterrupted;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
