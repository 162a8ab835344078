//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES Command.java
package lib.docker;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Printable.WebPage;
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
            "access denied",
            "insufficient_scope",
            "invalid username/password",
            "401 unauthorized",
            "403 forbidden");

    /**
     * What the engine, BuildKit and Podman say of a connection that broke, of a registry that was not itself, and of a blob
     * that it does not know yet, though it took it.
     */
    private static final Pattern PASSING_SAYS = Pattern.compile(
            "(?:http|status:?|statuscode:|from registry|https?://\\S+:) (?:408|425|5\\d\\d)\\b|\\b5\\d\\d"
                + " (?:internal|bad|service|gateway)|connection (?:reset|refused|broken)|broken pipe|\\beof\\b|timed"
                + " ?out|timeout|deadline exceeded|no such host|no route to host|network is unreachable|failure in"
                + " name resolution|server misbehaving|closed (?:network|idle) connection|goaway|stream error|bad"
                + " record mac|no response$|must be retried|unknown blob|blob unknown|blob upload (?:unknown|invalid)",
            Pattern.MULTILINE);

    /** What Docker quotes of a page that came instead of an answer. */
    private static final Pattern PAGE = Pattern.compile(
            "(?is)(?:: invalid character '<'[^\\n]{0,99})?\\s?\"?<(?:!doctype|html)(?:.*?</html>)?[^\\n]*");

    /** How an error of a build ends or begins that quotes a Dockerfile, whose words may be any. */
    private static final Pattern OF_A_DOCKERFILE =
            Pattern.compile("did not complete successfully|returned a non-zero code|parse error");

    /** What a signal's number is added to, for the exit code of a command that it ended. */
    private static final int SIGNALLED = 128;

    private static final int LAST_SIGNAL = 64;

    /** How an error begins that more lines of the same error may follow. */
    private static final Pattern OWN_LINE = Pattern.compile("ERROR: |Error response from daemon: ");

    /** How that begins which Docker, its desktop and its plugins say after an error. */
    private static final Pattern ADVICE = Pattern.compile(
            "View (a |build )|What's [Nn]ext|See 'docker|Run 'docker|Usage:|For (more help|details)|Learn more|Debug"
                    + " this|Note: You're trying|We recommend|https?://\\S+$|goroutine \\d+ .*\\[|PC=0x|\\[signal ");

    /** What helps against errors whose cause is not what was asked for, but how this machine is set up. */
    private static final Map<String, String> CURES = Map.ofEntries(
            Map.entry(
                    "permission denied while trying to connect",
                    "Let your user reach the engine: 'sudo usermod -aG docker USER', then log in again; or push an"
                            + " archive without an engine: --archive FILE"),
            Map.entry(
                    "context not found",
                    "'docker context ls' shows the contexts there are: correct DOCKER_CONTEXT, or choose one with"
                            + " 'docker context use NAME'"),
            Map.entry(
                    "supported api version is",
                    "Update the older of the two, docker's command or its engine; if DOCKER_API_VERSION is set, unset"
                            + " it"),
            Map.entry(
                    "no builder \"",
                    "'docker buildx ls' shows the builders there are: correct BUILDX_BUILDER, or choose one with"
                            + " 'docker buildx use NAME'"),
            Map.entry(
                    "buildx component is missing",
                    "Install Docker's buildx plugin, which 'docker buildx version' then shows"),
            Map.entry(
                    "it was ended by signal",
                    "Something on this machine ended it, for want of memory perhaps: run the same command again"),
            Map.entry("invalid progress mode", "Unset BUILDKIT_PROGRESS, or set it to plain"),
            Map.entry(
                    "error getting credentials",
                    "Docker's own configuration names a credential helper that does not work: correct credsStore and"
                            + " credHelpers in config.json, in DOCKER_CONFIG or ~/.docker"),
            Map.entry(
                    "x509: ",
                    "Let the engine trust the registry's certificate: its CA belongs into"
                            + " /etc/docker/certs.d/REGISTRY/ca.crt, and the engine's clock must be right"),
            Map.entry(
                    "http response to https client",
                    "The registry has no TLS: name it under insecure-registries in the engine's daemon.json"),
            Map.entry(
                    "too large",
                    "The registry, or a proxy before it, limits the size of a layer: raise the limit, or make the layer"
                            + " smaller"),
            Map.entry(
                    "no space left on device",
                    "Make room where the engine keeps its images: 'docker system df' shows what takes it, 'docker"
                            + " system prune' removes what nothing uses"));

    static DockerError in(Command.Result result) {
        return in("\n" + result.stderr() + "\n" + result.stdout());
    }

    /** What a part of the output means alone. */
    static DockerError in(String output) {
        String said = output.toLowerCase(Locale.ROOT);
        if (NO_ENGINE_SAYS.stream().anyMatch(said::contains)) return NO_ENGINE;
        // Before the credentials: a limit may come as a refusal of them.
        if (Retry.isRateLimit(said) || said.contains("http 429 ")) return RATE_LIMIT;
        if (CREDENTIALS_SAY.stream().anyMatch(said::contains)) return CREDENTIALS;
        if (said.contains("\nmissing content: ")) return PARTIAL;
        if (PASSING_SAYS.matcher(said).find()) return PASSING;
        return FINAL;
    }

    /** Of a build: {@code FINAL} where its Dockerfile is at fault. */
    static DockerError ofBuild(Command.Result result) {
        String said = sentence(result);
        return OF_A_DOCKERFILE.matcher(said).find() ? FINAL : in(said);
    }

    /**
     * The line of a command's output that says why it failed: Docker adds advice and addresses after it, and buildx some
     * lines of explanation.
     */
    static String sentence(Command.Result result) {
        if (result.timedOut()) return "it took too long and was stopped";
        String output = result.stderr().isBlank() ? result.stdout() : result.stderr();
        // What it said last is how far it was. Docker's first builder ends with the code of a step that was ended so.
        int signal = result.exitCode() - SIGNALLED;
        if (signal > 0
                && signal <= LAST_SIGNAL
                && !OF_A_DOCKERFILE.matcher(output).find()) return "it was ended by signal " + signal;
        List<String> lines = lines(PAGE.matcher(output).replaceAll(DockerError::titled));
        if (lines.isEmpty()) return "exit code " + result.exitCode();
        String last = lines.get(lines.size() - 1);
        for (int i = lines.size() - 1; i >= 0 && !lines.get(i).isBlank(); i--) {
            if (OWN_LINE.matcher(lines.get(i)).lookingAt()) last = lines.get(i);
        }
        return Printable.of(last);
    }

    private static String titled(MatchResult page) {
        return Matcher.quoteReplacement(WebPage.in(page.group())
                .map(from -> " " + from.titled("the registry"))
                .orElse(""));
    }

    /** What to do where the cause is how this machine is set up. */
    static Optional<String> cure(Command.Result result) {
        // Not in all that it said: a step of a build may run Docker too.
        String said = sentence(result).toLowerCase(Locale.ROOT);
        return CURES.keySet().stream().filter(said::contains).findFirst().map(CURES::get);
    }

    /** The same of a build, and what to do where it could not get what it pulls. */
    static Optional<String> cureOfBuild(Command.Result result) {
        return cure(result).or(() -> ofBuild(result).cureOfPull());
    }

    private Optional<String> cureOfPull() {
        return switch (this) {
            case CREDENTIALS ->
                Optional.of("Log in to the registry that the build pulls from, 'docker login REGISTRY', or correct the"
                        + " image's name; then run the same command again");
            case RATE_LIMIT ->
                Optional.of("The registry that the build pulls from limits how often it may be asked: log in to it,"
                        + " 'docker login REGISTRY', or wait; then run the same command again");
            case PASSING ->
                Optional.of("Check the network and the proxy of what builds, which could not reach what it pulls from;"
                        + " then run the same command again");
            case NO_ENGINE, PARTIAL, FINAL -> Optional.empty();
        };
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
