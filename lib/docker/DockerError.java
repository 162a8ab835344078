//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES Command.java
package lib.docker;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Retry;

/** Why a {@code docker} command failed: Docker gives text and no status, so it is known by its text. */
enum DockerError {
    /** There is no engine, or it went away. */
    NO_ENGINE,
    /** The registry refused the credentials: another token may help. */
    CREDENTIALS,
    /** The registry was asked too often. */
    RATE_LIMIT,
    /** It may go well the next time. */
    PASSING,
    /** An image of several platforms, of which the engine holds some: Docker 26 pushes all or nothing. */
    PARTIAL,
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

    /** How an error begins that more lines of the same error may follow. */
    private static final Pattern OWN_LINE = Pattern.compile("ERROR: |Error response from daemon: ");

    /** How that begins which Docker, its desktop and its plugins say after an error. */
    private static final Pattern ADVICE = Pattern.compile(
            "View (a |build )|What's [Nn]ext|See 'docker|Run 'docker|Usage:|For (more help|details)|Learn more|Debug"
                    + " this|Note: You're trying|We recommend|https?://\\S+$|goroutine \\d+ \\[");

    /** What helps against errors whose cause is not what was asked for, but how this machine is set up. */
    private static final Map<String, String> CURES = Map.of(
            "permission denied while trying to connect",
            "Let your user reach the engine: 'sudo usermod -aG docker USER', then log in again; or push an archive"
                    + " without an engine: --archive FILE",
            "context not found",
            "'docker context ls' shows the contexts there are: correct DOCKER_CONTEXT, or choose one with 'docker"
                    + " context use NAME'",
            "supported api version is",
            "Update the older of the two, docker's command or its engine; if DOCKER_API_VERSION is set, unset it",
            "no builder \"",
            "'docker buildx ls' shows the builders there are: correct BUILDX_BUILDER, or choose one with 'docker buildx"
                    + " use NAME'",
            "no space left on device",
            "Make room where the engine keeps its images: 'docker system df' shows what takes it, 'docker system prune'"
                    + " removes what nothing uses");

    static DockerError in(Command.Result result) {
        return in("\n" + result.stderr() + "\n" + result.stdout());
    }

    /** What a part of the output means alone. */
    static DockerError in(String output) {
        String said = output.toLowerCase(Locale.ROOT);
        if (NO_ENGINE_SAYS.stream().anyMatch(said::contains)) return NO_ENGINE;
        // Before the credentials: a limit may come as a refusal of them.
        if (Retry.isRateLimit(said)) return RATE_LIMIT;
        if (CREDENTIALS_SAY.stream().anyMatch(said::contains)) return CREDENTIALS;
        if (said.contains("\nmissing content: ")) return PARTIAL;
        if (PASSING_SAYS.stream().anyMatch(said::contains)) return PASSING;
        return FINAL;
    }

    /**
     * The line of a command's output that says why it failed: Docker adds advice and addresses after it, and buildx some
     * lines of explanation.
     */
    static String sentence(Command.Result result) {
        if (result.timedOut()) return "it took too long and was stopped";
        List<String> lines = lines(result.stderr().isBlank() ? result.stdout() : result.stderr());
        if (lines.isEmpty()) return "exit code " + result.exitCode();
        String last = lines.get(lines.size() - 1);
        for (int i = lines.size() - 1; i >= 0 && !lines.get(i).isBlank(); i--) {
            if (OWN_LINE.matcher(lines.get(i)).lookingAt()) last = lines.get(i);
        }
        return Printable.of(last);
    }

    /** What to do where the cause is how this machine is set up. */
    static Optional<String> cure(Command.Result result) {
        // Not in all that it said: a step of a build may run Docker too.
        String said = sentence(result).toLowerCase(Locale.ROOT);
        return CURES.keySet().stream().filter(said::contains).findFirst().map(CURES::get);
    }

    /** Those up to the advice, without blank ones at the end; all where there is nothing else. */
    private static List<String> lines(String output) {
        List<String> all = output.lines().dropWhile(String::isBlank).toList();
        int end = 0;
        while (end < all.size() && !ADVICE.matcher(all.get(end)).lookingAt()) end++;
        if (end == 0) end = all.size();
        while (end > 0 && all.get(end - 1).isBlank()) end--;
        return all.subList(0, end);
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
            case RATE_LIMIT ->
                new Failure(
                                ErrorCode.UNAVAILABLE,
                                what,
                                "The registry limits how often it may be asked: wait some minutes, then run the same"
                                        + " command again")
                        .curedBy(Failure.Remedy.WAIT);
            case PASSING ->
                new Failure(ErrorCode.UNAVAILABLE, what, "Try again when the registry answers")
                        .curedBy(Failure.Remedy.ANOTHER_TRY);
            case PARTIAL ->
                new Failure(
                        code,
                        what,
                        "The engine holds only some platforms of this image. To push the one that is wanted:"
                                + " 'docker save --output image.tar IMAGE', then --archive image.tar");
            case NO_ENGINE, FINAL -> new Failure(code, what, hint);
        };
    }
}
