//SOURCES ../Failure.java
//SOURCES Outcome.java
package lib.docker;

import java.util.List;
import java.util.Locale;
import lib.Failure;
import lib.Failure.ErrorCode;

/** What kind of failure an engine or a registry speaks of: Docker gives text and no status, so it is known by its text. */
enum EngineComplaint {
    /** There is no engine, or it went away. */
    NO_ENGINE,
    /** The registry refused the credentials: another token may help. */
    CREDENTIALS,
    /** It may go well the next time. */
    PASSING,
    FINAL;

    private static final List<String> NO_ENGINE_SAYS = List.of(
            "cannot connect to the docker daemon",
            "is the docker daemon running",
            "permission denied while trying to connect",
            "error during connect",
            "failed to connect to the docker api",
            "docker daemon is not running",
            "unable to connect to podman");

    private static final List<String> CREDENTIALS_SAY = List.of(
            "unauthorized",
            "authentication required",
            "no basic auth credentials",
            "incorrect username or password",
            "\ndenied",
            "denied: ",
            "invalid username/password",
            "401 unauthorized",
            "403 forbidden");

    private static final List<String> PASSING_SAYS = List.of(
            "500 internal server error",
            "502 bad gateway",
            "503 service unavailable",
            "504 gateway",
            "toomanyrequests",
            "429 too many requests",
            "connection reset",
            "connection refused",
            "broken pipe",
            "unexpected eof",
            ": eof",
            "i/o timeout",
            "tls handshake timeout",
            "timeout exceeded",
            "context deadline exceeded",
            "no such host",
            "temporary failure in name resolution",
            "server misbehaving",
            "received unexpected http status: 5",
            "status code from registry 5");

    static EngineComplaint in(Outcome outcome) {
        String said = ("\n" + outcome.stderr() + "\n" + outcome.stdout()).toLowerCase(Locale.ROOT);
        if (NO_ENGINE_SAYS.stream().anyMatch(said::contains)) return NO_ENGINE;
        if (CREDENTIALS_SAY.stream().anyMatch(said::contains)) return CREDENTIALS;
        if (PASSING_SAYS.stream().anyMatch(said::contains)) return PASSING;
        return FINAL;
    }

    /**
     * The failure of a login or a push that ended so.
     *
     * @param code of one that is refused or final
     * @param what what was tried and what came back
     * @param hint for one that is final
     */
    Failure failure(ErrorCode code, String what, String hint) {
        return switch (this) {
            case CREDENTIALS ->
                new Failure(code, what, "Run 'just doctor' to see what the token may do")
                        .curedBy(Failure.Remedy.NEW_TOKEN);
            case PASSING ->
                new Failure(ErrorCode.UNAVAILABLE, what, "Try again when the registry answers")
                        .curedBy(Failure.Remedy.ANOTHER_TRY);
            case NO_ENGINE, FINAL -> new Failure(code, what, hint);
        };
    }
}
