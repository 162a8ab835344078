package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
                "manifest invalid: manifest invalid | FINAL",
                "An image does not exist locally with the tag: a | FINAL"
            })
    void knowsAnErrorByItsText(String said, DockerError error) {
        assertEquals(error, DockerError.in(new Command.Result(1, "", said)));
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
                "write /var/lib/docker/tmp/x: no space left on device | docker system prune"
            })
    void whatThisMachineLacksIsToldByTheCommandThatMendsIt(String said, String hint) {
        Docker docker = docker(new Command.Result(1, "", said));
        Failure failure = assertThrows(Failure.class, docker::requireAnswering);
        assertTrue(failure.hint().contains(hint), failure.hint());
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

    private Docker docker(Command.Result outcome) {
        return new Docker(command -> {
            ran.add(command);
            return outcome;
        });
    }
}
