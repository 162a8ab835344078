package lib;

import java.util.Locale;

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
    /** An answer that makes no sense. */
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
