package lib.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import harness.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.Environment;
import lib.Failure;
import lib.ImageReference;
import lib.ImageReference.PushedImage;
import lib.Platform;
import lib.Secret;
import lib.Secret.Credential;
import lib.docker.Command.ProcessRunner;
import lib.docker.Docker.LocalImage;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which of an image's platforms is pushed. The real command speaks to an engine of this test, which answers as Docker 28.5
 * with containerd's store does for an index of linux/amd64 and linux/arm64, by an API of any version.
 */
class PlatformPushTest {
    private static final String INDEX = "sha256:" + "a".repeat(64);
    private static final Map<String, String> MANIFESTS =
            Map.of("amd64", "sha256:" + "b".repeat(64), "arm64", "sha256:" + "c".repeat(64));
    private static final ImageReference WEB = ImageReference.local("web", "1");
    private static final ImageReference NAME = ImageReference.of("127.0.0.1:5917", "web", "1");

    @TempDir
    Path folder;

    @Test
    void ofSeveralTheWantedOneIsPushedAndItsOwnDigestTold() throws Exception {
        for (String wanted : List.of("amd64", "arm64")) {
            for (boolean drawn : List.of(false, true)) {
                try (IndexEngine engine = new IndexEngine("1.49")) {
                    PushedImage pushed = engine.push("linux/" + wanted, drawn);
                    assertEquals(
                            MANIFESTS.get(wanted), pushed.digest().orElseThrow().value());
                    assertEquals(1, engine.pushes.size());
                    assertTrue(engine.pushes.get(0).contains("\"" + wanted + "\""), engine.pushes.get(0));
                }
            }
        }
    }

    /** Docker 27 pushes one platform, and can't tell of one: no digest is better than that of the index. */
    @Test
    void aDigestThatTheEngineCannotTellIsNotMadeUp() throws Exception {
        try (IndexEngine engine = new IndexEngine("1.46")) {
            assertEquals(
                    MANIFESTS.get("amd64"),
                    engine.push("linux/amd64", false).digest().orElseThrow().value());
            assertEquals(Optional.empty(), engine.push("linux/amd64", true).digest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.41", "1.45"})
    void anOlderEngineIsNotAskedForWhatItCannotDo(String api) throws Exception {
        try (IndexEngine engine = new IndexEngine(api)) {
            List<String> told = new ArrayList<>();
            LocalImage image = engine.docker.require(WEB, wanted("linux/amd64"), told::add);
            assertEquals(Optional.empty(), image.alone());
            assertEquals(List.of("Docker test pushes all platforms that web:1 has; 27 pushes one"), told);
            for (boolean drawn : List.of(false, true))
                assertEquals(
                        INDEX,
                        engine.push("linux/amd64", drawn).digest().orElseThrow().value());
            assertTrue(engine.pushes.stream().noneMatch(query -> query.contains("platform")), "" + engine.pushes);
        }
    }

    @Test
    void aPlatformThatTheImageHasNotIsRefusedBeforeThePush() throws Exception {
        try (IndexEngine engine = new IndexEngine("1.49")) {
            Failure failure = assertThrows(
                    Failure.class, () -> engine.docker.require(WEB, wanted("linux/s390x"), Assertions::fail));
            assertEquals("web:1 is for linux/amd64, and linux/s390x is wanted", failure.getMessage());
        }
    }

    @Test
    void anImageThatNamesNoPlatformIsPushedAsItIs() throws Exception {
        try (IndexEngine engine = new IndexEngine("1.49")) {
            engine.usual = "";
            assertEquals(
                    INDEX,
                    engine.push("linux/amd64", false).digest().orElseThrow().value());
        }
    }

    private static Platform.Wanted wanted(String platform) {
        return Platform.Wanted.of(Optional.of(Platform.parse(platform)));
    }

    /** An engine that holds one image; what is pushed to it goes nowhere. */
    private final class IndexEngine implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final String api;
        private String usual = "amd64";
        private final List<String> pushes = new CopyOnWriteArrayList<>();
        private final Environment environment = new Environment(Map.of("HOME", folder.toString()), folder);
        private final Docker docker = new Docker(this::run);

        IndexEngine(String api) throws IOException {
            Assumptions.assumeTrue(Tool.exists("docker"), "docker");
            this.api = api;
            server.createContext("/", this::answer);
            server.start();
        }

        private Command.Result run(Command command) throws IOException, InterruptedException {
            String host = "tcp://127.0.0.1:" + server.getAddress().getPort();
            return new ProcessRunner(DockerBuilderTest.silent(), line -> {})
                    .run(command.with(Map.of("DOCKER_HOST", host), Set.of("DOCKER_API_VERSION")));
        }

        /** @param drawn whether the command draws on a terminal, where nobody reads what it says */
        PushedImage push(String platform, boolean drawn) throws InterruptedException {
            Docker shown = new Docker(command -> {
                Command.Result result = run(command);
                boolean unread = drawn && command.output() != Command.Output.KEPT;
                return unread ? new Command.Result(result.exitCode(), "", result.stderr()) : result;
            });
            Credential credential = new Credential("127.0.0.1:5917", "x", Secret.of("pw-of-" + platform + api + drawn));
            try (PrivateDockerConfig login = PrivateDockerConfig.open(credential, environment, docker.runner())) {
                return shown.push(login, docker.require(WEB, wanted(platform), line -> {}), NAME);
            }
        }

        private void answer(HttpExchange exchange) throws IOException {
            URI uri = exchange.getRequestURI();
            String path = uri.getPath().replaceFirst("^/v1\\.\\d+", "");
            String query = Optional.ofNullable(uri.getQuery()).orElse("");
            String asked = MANIFESTS.keySet().stream()
                    .filter(query::contains)
                    .findAny()
                    .orElse("");
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Api-Version", api);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            if (path.equals("/_ping")) respond(exchange, 200, "");
            else if (path.equals("/version"))
                respond(exchange, 200, "{\"Version\":\"test\",\"ApiVersion\":\"" + api + "\"}");
            else if (path.endsWith("/push")) {
                pushes.add(query);
                respond(exchange, 200, "{\"status\":\"1: digest: " + digest(asked) + " size: 477\"}\n");
            } else if (query.contains("platform") && asked.isEmpty())
                respond(exchange, 404, "{\"message\":\"does not provide the specified platform\"}");
            else respond(exchange, 200, """
                {"Id": "%s", "RepoDigests": ["web@%s", "127.0.0.1:5917/web@%2$s"], "Os": "linux",
                 "Architecture": "%s"}
                """.formatted(digest(asked), INDEX, asked.isEmpty() ? usual : asked));
        }

        private String digest(String asked) {
            return asked.isEmpty() ? INDEX : MANIFESTS.get(asked);
        }

        private void respond(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            boolean none = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
            if (!none) exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
