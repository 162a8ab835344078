package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;
import lib.Secret;
import lib.Secret.Credential;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is run, word by word, and what is made of how it ends. The sentences are those that engines and registries say. */
class DockerTest {
    private final List<Command> ran = new ArrayList<>();

    @Test
    void buildsWithTheUsersOwnConfiguration() throws InterruptedException {
        Build build = new Build(
                Path.of("/p"),
                Path.of("/p/Dockerfile"),
                ImageReference.local("systemprompt/t", "1"),
                "linux/amd64",
                List.of("A=b c", "-x=1"),
                Map.of("l", "v"),
                true);
        docker(new Command.Result(0, "", "")).build(build, new Environment(Map.of("HOME", "/nowhere"), Path.of("")));
        assertEquals(
                List.of(
                        "docker",
                        "build",
                        "--tag=systemprompt/t:1",
                        "--no-cache",
                        "--file=/p/Dockerfile",
                        "--platform=linux/amd64",
                        "--build-arg=A=b c",
                        "--build-arg=-x=1",
                        "--label=l=v",
                        "/p"),
                ran.get(0).words());
        assertEquals(Map.of(), ran.get(0).environment());
    }

    @Test
    void aLoginHandsOverNothingAndLeavesItToDockerToAsk() {
        Command login = Docker.login("r.io");
        assertEquals(List.of("docker", "login", "r.io"), login.words());
        assertEquals(Optional.empty(), login.input());
    }

    @Test
    void withoutAHelperThePasswordGoesToStdinAndNowhereElse() {
        Credential token = new Credential("r.io", "x", Secret.of("hush"));
        Command login = Docker.loginByStdin(token);
        assertEquals(List.of("docker", "login", "--username=x", "--password-stdin", "r.io"), login.words());
        assertEquals(Optional.of(Secret.of("hush")), login.input());
        assertFalse((login + " " + login.environment() + token + login.input()).contains("hush"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unauthorized: authentication required | CREDENTIALS",
                "denied: requested access to the resource is denied | CREDENTIALS",
                "Error response from daemon: login attempt to http://127.0.0.1:5000/v2/ failed with status: 401"
                        + " Unauthorized | CREDENTIALS",
                "no basic auth credentials | CREDENTIALS",
                "unexpected status from POST request to https://r.io/v2/a/blobs/uploads/: 403 Forbidden | CREDENTIALS",
                "received unexpected HTTP status: 503 Service Unavailable | PASSING",
                "read tcp 127.0.0.1:1->127.0.0.1:2: read: connection reset by peer | PASSING",
                "invalid status code from registry 503 (Service Unavailable) | PASSING",
                "net/http: TLS handshake timeout | PASSING",
                "toomanyrequests: slow down | RATE_LIMIT",
                "unexpected status from PUT request to https://r.io/v2/a/manifests/1: 429 Too Many Requests |"
                        + " RATE_LIMIT",
                "denied: You have exceeded a secondary rate limit. Please wait a few minutes | RATE_LIMIT",
                "unexpected status from HEAD request to https://r.io/v2/a/blobs/1: 403 Forbidden: secondary rate limit"
                        + " | RATE_LIMIT",
                "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running? | NO_ENGINE",
                "missing content: content digest sha256:35: not found | PARTIAL",
                "EOF | PASSING",
                "unknown blob | PASSING",
                "manifest blob unknown: blob unknown to registry | PASSING",
                "blob upload invalid | PASSING",
                "http2: server sent GOAWAY and closed the connection; LastStreamID=9, ErrCode=NO_ERROR | PASSING",
                "stream error: stream ID 5; INTERNAL_ERROR; received from peer | PASSING",
                "failed to do request: Put \"https://r.io/v2/x\": use of closed network connection | PASSING",
                "failed to copy: cannot reuse body, request must be retried | PASSING",
                "failed commit on ref \"layer-sha256:49\": no response | PASSING",
                "dial tcp 1.1.1.1:443: connect: no route to host | PASSING",
                "dial tcp 1.1.1.1:443: connect: connection timed out | PASSING",
                "error parsing HTTP 504 response body: unexpected end of JSON input | PASSING",
                "unexpected status from PUT request to https://r.io/v2/x/blobs/uploads/1: 522 | PASSING",
                "writing blob: initiating layer upload: StatusCode: 502, | PASSING",
                "error parsing HTTP 429 response body: unexpected end of JSON input | RATE_LIMIT",
                "push access denied, repository does not exist or may require authorization: server message:"
                        + " insufficient_scope: authorization failed | CREDENTIALS",
                "unexpected status from PUT request to https://r.io:500/v2/x/manifests/1: 400 Bad Request | FINAL",
                "81586e1783f6: Pushing     512 B~tag invalid: cannot be overwritten | FINAL",
                "manifest invalid: manifest invalid | FINAL",
                "An image does not exist locally with the tag: a | FINAL"
            })
    void knowsAnErrorByItsText(String said, DockerError error) {
        assertEquals(error, DockerError.in(new Command.Result(1, "", said.replace('~', '\n'))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERROR: failed to solve: no such stage~~View build details: docker-desktop://dashboard/build/x"
                        + " | ERROR: failed to solve: no such stage",
                "denied: no~~What's next:~    Debug this → docker ai 'fix it' | denied: no",
                "requires exactly 1 argument.~See 'docker push --help'.~~Usage:  docker push [OPTIONS]"
                        + " | requires exactly 1 argument.",
                "unknown flag: --x~~Usage:  docker push [OPTIONS]~~Run 'docker push --help' for more information"
                        + " | unknown flag: --x",
                "#5 exporting~ERROR: Multi-platform build is not supported.~Switch to a different driver.~Learn more at"
                        + " https://docs.docker.com/go/x/ | ERROR: Multi-platform build is not supported.",
                "Error response from daemon: no~It said so. | Error response from daemon: no",
                "missing content: content digest sha256:35: not found~Note: You're trying to push a manifest"
                        + " list/index~Make sure you have all the referenced content and try again. | missing content:"
                        + " content digest sha256:35: not found",
                "The command 'docker' could not be found in this WSL 2 distro.~We recommend to activate the WSL"
                        + " integration.~~For details about it, visit:~~https://docs.docker.com/go/wsl2/"
                        + " | The command 'docker' could not be found in this WSL 2 distro.",
                "panic: protocol not available~~goroutine 1 [running]:~main.main()~  docker.go:39 +0x25"
                        + " | panic: protocol not available",
                "panic: nil pointer dereference~[signal SIGSEGV: code=0x1]~~goroutine 1 [running]: | panic: nil pointer"
                        + " dereference",
                "SIGQUIT: quit~PC=0x4a70a1 m=0 sigcode=0~~goroutine 0 gp=0x1d77 m=0 mp=0x1d7 [idle]:~gs     0x0 |"
                        + " SIGQUIT: quit",
                "error parsing HTTP 413 response body: invalid character '<' looking for beginning of value:"
                        + " \"<html>\\r"
                        + "\\n"
                        + "<head><title>413 Request Entity Too Large</title></head></html>\\r"
                        + "\\n"
                        + "\" | error parsing HTTP 413 response body from something before the registry: '413 Request"
                        + " Entity Too Large'",
                "unknown: <html>~<head><title>502</title></head>~<body>x</body>~</html>~ | unknown: from something"
                        + " before the registry: '502'",
                "#5 0.1 <!DOCTYPE html>~#5 0.2 <b>no end~ERROR: failed to solve: exit code: 1 | ERROR: failed to"
                        + " solve: exit code: 1",
                "a~the last line~~ | the last line",
                "What's next:~    nothing else | nothing else",
            })
    void theErrorsOwnLineIsToldAndNotTheAdviceAfterIt(String said, String sentence) {
        assertEquals(sentence, DockerError.sentence(new Command.Result(1, "", said.replace('~', '\n'))));
    }

    /** The causes that users meet most: none of them is mended by starting Docker or by a look at the Dockerfile. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permission denied while trying to connect to the Docker daemon socket at unix:///x | usermod -aG"
                        + " docker",
                "unable to resolve docker endpoint: context \"x\": context not found: open /x | docker context ls",
                "Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44 |"
                        + " Update",
                "Error response from daemon: client version 1.99 is too new. Maximum supported API version is 1.45 |"
                        + " Update",
                "ERROR: no builder \"big\" found | docker buildx ls",
                "DOCKER_BUILDKIT environment variable expects boolean value | correct the DOCKER_ variable",
                "write /var/lib/docker/tmp/x: no space left on device | docker system prune"
            })
    void whatThisMachineLacksIsToldByTheCommandThatMendsIt(String said, String hint) {
        Docker docker = docker(new Command.Result(1, "", said));
        Failure failure = assertThrows(Failure.class, docker::requireAnswering);
        assertTrue(failure.hint().contains(hint), failure.hint());
    }

    @Test
    void aCommandThatASignalEndedIsToldAsThatAndNotByHowFarItWas() {
        Command.Result killed = new Command.Result(137, "c3f93b50772f: Preparing\n", "");
        assertEquals("it was ended by signal 9", DockerError.sentence(killed));
        Failure failure = assertThrows(Failure.class, docker(killed)::requireAnswering);
        assertTrue(failure.hint().contains("run the same command again"), failure.hint());
        String step = "The command '/bin/sh -c make' returned a non-zero code: 137";
        assertEquals(step, DockerError.sentence(new Command.Result(137, "", step)));
        String byRemote = "ssh: Could not resolve hostname engine";
        assertEquals(byRemote, DockerError.sentence(new Command.Result(255, "", byRemote)));
    }

    @Test
    void anEngineThatWentAwayInABuildIsToldThoughItIsBackAndAStepOfTheBuildIsNot() {
        String gone = "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?";
        assertEquals(
                ErrorCode.UNAVAILABLE, failedBuild("#5 DONE\nERROR: " + gone).code());
        Failure step = failedBuild("#5 " + gone + "\n#5 no space left on device\nERROR: failed to solve: exit code: 1");
        assertEquals(ErrorCode.BUILD_FAILED, step.code());
        assertTrue(step.hint().startsWith("Correct what the build says"), step.hint());
    }

    /** Most builds that fail do so without a mistake in the Dockerfile: what they pull is not to be had. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERROR: failed to solve: x: failed to do request: Head \"https://r.io/v2/x\": dial tcp: lookup r.io:"
                        + " no such host | Check the network",
                "Get \"https://r.io/v2/\": dial tcp 1.1.1.1:443: connect: connection refused | Check the network",
                "ERROR: failed to solve: x: unexpected status from HEAD request to https://r.io/v2/x: 401 Unauthorized"
                        + " | docker login REGISTRY",
                "pull access denied for x, repository does not exist or may require 'docker login' | docker login"
                        + " REGISTRY",
                "ERROR: failed to solve: x: toomanyrequests: You have reached your pull rate limit | limits how often",
                "ERROR: failed to solve: x: error getting credentials - err: exec: \"docker-credential-desktop\":"
                        + " executable file not found in $PATH | credsStore",
                "ERROR: failed to solve: tls: failed to verify certificate: x509: certificate signed by unknown"
                        + " authority | certs.d",
                "ERROR: BuildKit is enabled but the buildx component is missing or broken. | buildx plugin",
                "ERROR: invalid progress mode none | BUILDKIT_PROGRESS",
                "ERROR: failed to solve: process \"curl https://r.io; echo EOF unauthorized\" did not complete"
                        + " successfully: exit code: 7 | Correct what the build says",
                "ERROR: failed to solve: dockerfile parse error on line 3: unknown instruction: EOF | Correct what the"
                        + " build says",
            })
    void aBuildThatCannotPullIsNoMistakeInTheDockerfile(String said, String hint) {
        Failure failure = failedBuild(said);
        assertEquals(ErrorCode.BUILD_FAILED, failure.code());
        assertTrue(failure.hint().contains(hint), failure.hint());
    }

    private static Failure failedBuild(String said) {
        Docker docker = new Docker(command ->
                command.words().contains("build") ? new Command.Result(1, "", said) : new Command.Result(0, "{}", ""));
        Build build = new Build(
                Path.of("/p"),
                Path.of("/p/Dockerfile"),
                ImageReference.local("systemprompt/t", "1"),
                "linux/amd64",
                List.of(),
                Map.of(),
                false);
        return assertThrows(
                Failure.class, () -> docker.build(build, new Environment(Map.of("HOME", "/nowhere"), Path.of(""))));
    }

    @Test
    void aMissingCommandIsAnEngineThatIsNotAvailable() {
        Docker docker = new Docker(command -> {
            throw new IOException("no such file");
        });
        Failure failure = assertThrows(Failure.class, docker::requireAnswering);
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().startsWith("Docker is not available"));
    }

    @Test
    void aWordOfAWrapperBeforeTheAnswerHidesNoImage() throws InterruptedException {
        Docker wrapped = docker(new Command.Result(0, "NOTICE: an update is there\n{\"id\":\"sha256:1\"}\n", ""));
        JsonNode held = wrapped.requireHeld(ImageReference.local("systemprompt/t", "1"));
        assertEquals("sha256:1", held.path("id").asText());
    }

    private Docker docker(Command.Result outcome) {
        return new Docker(command -> {
            ran.add(command);
            return outcome;
        });
    }
}
