package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.ExternalRegistry;
import sandbox.Generation;
import sandbox.RecordedRequest;
import sandbox.RegistryAuth;

/** The whole flow on real parts: real docker, a real registry, real HTTP. */
class DeployFlowTest {
    @TempDir
    Path folder;

    @TempDir
    Path registryFolder;

    @Test
    void deploysToAPasswordProtectedRegistryAndSaysSoInOneJsonObject() {
        Engine engine = Engine.orSkip();
        try (DebianRegistry registry = DebianRegistry.orSkip(registryFolder);
                Cloud cloud = handingOut(registry)) {
            Scene scene = new Scene(folder, cloud);

            Ran ran = scene.jbang(
                            engine, "deploy.java", "-C", scene.project.folder().toString(), "-p", "prod", "--json")
                    .run()
                    .succeeded();

            JsonNode json = ran.json();
            assertEquals("prod", json.path("profile").asText());
            assertEquals("ten_demo", json.path("tenant_id").asText());
            assertEquals("demo", json.path("tenant_name").asText());
            assertEquals("deploying", json.path("status").asText());
            assertTrue(json.path("url").asText().startsWith(cloud.apiUrl()), json.toString());
            for (String stage : List.of("preflight", "build", "token", "login", "push", "deploy")) {
                assertTrue(json.path("timings_ms").path(stage).isNumber(), stage);
            }
            String image = json.path("image").asText();
            String tag = image.substring(image.lastIndexOf(':') + 1);
            Optional<Digest> digest = registry.digest("sp-demo", tag);
            assertEquals(
                    digest.map(Digest::value), Optional.of(json.path("digest").asText()));
            assertEquals(image, cloud.deployments().get(0).image().toString());
            // A build that is done at once leaves no time for the early look.
            assertEquals(
                    List.of("GET registry-token", "POST deploy"),
                    cloud.calls().stream()
                            .map(DeployFlowTest::label)
                            .filter(label -> !label.equals("GET status"))
                            .toList());
            engine.remove(image);
        }
    }

    @Test
    void leavesNoTraceOfThePasswordOnTheDisk() throws IOException {
        Engine engine = Engine.orSkip();
        try (DebianRegistry registry = DebianRegistry.orSkip(registryFolder);
                Cloud cloud = handingOut(registry)) {
            Scene scene = new Scene(folder, cloud);
            Path config = Files.createDirectories(scene.home.resolve(".docker")).resolve("config.json");
            Files.writeString(config, "{\"auths\":{}}\n");
            Path temporary = Files.createDirectories(folder.resolve("tmp"));

            scene.script(engine, "deploy.java")
                    .env("TMPDIR", temporary.toString())
                    .run()
                    .succeeded()
                    .lacks(registry.password().reveal());

            assertEquals("{\"auths\":{}}\n", Files.readString(config));
            assertEquals(List.of(), holding(temporary, ""), "what is left in the temporary folder");
            assertEquals(List.of(), holding(scene.home, registry.password().reveal()));
            assertEquals(
                    List.of(),
                    holding(scene.project.folder(), registry.password().reveal()));
            String pair = registry.username() + ":" + registry.password().reveal();
            String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(), holding(scene.home, encoded));
        }
    }

    @Test
    void speaksToBothGenerationsAndBothKindsOfRegistryWithoutASetting() {
        Engine engine = Engine.orSkip();
        for (Generation generation : Generation.values()) {
            for (RegistryAuth.Scheme scheme : RegistryAuth.Scheme.values()) {
                Path place = folder.resolve(generation + "-" + scheme);
                try (Cloud cloud = Cloud.builder()
                        .generation(generation)
                        .registryScheme(scheme)
                        .start()) {
                    Scene scene = new Scene(place, cloud);
                    JsonNode json = scene.script(engine, "deploy.java", "--json")
                            .run()
                            .succeeded()
                            .json();
                    assertEquals(
                            Optional.of(json.path("digest").asText()),
                            cloud.find(ImageReference.parse(json.path("image").asText()))
                                    .map(Digest::value));
                }
            }
        }
    }

    @Test
    void aRefusedTokenIsRenewedOnceAndNothingIsBuiltAgain() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().start()) {
            Scene scene = new Scene(folder, cloud);
            cloud.refuseNextCredentials(1);

            Ran ran = scene.script(engine, "deploy.java").run().succeeded().errContains("once more with a new token");

            assertEquals(2, cloud.count("GET", "registry-token"));
            assertEquals(
                    1,
                    ran.err()
                            .lines()
                            .filter(line -> line.contains("Image built"))
                            .count());
        }
    }

    /** Docker's engine asks the registry itself, and hands on in words of its own what comes back. */
    @Test
    void aLoginThatComesTooSoonIsWaitedForAndTakesNoSecondToken() {
        for (Engine engine : List.of(Engine.orSkip(), Engine.legacyOrSkip())) {
            try (Cloud cloud = Cloud.builder().start()) {
                // Two for each of its logins.
                cloud.fault("GET ping 429 x6");
                new Scene(folder, cloud)
                        .script(engine, "deploy.java", "--tag", "limited")
                        .run()
                        .succeeded()
                        .errContains("429 Too Many Requests; trying again")
                        .errLacks("new token");
                assertEquals(1, cloud.count("GET", "registry-token"));
                assertEquals(List.of(), cloud.faults());
            }
        }
    }

    @Test
    void afterTheLastTryOfAPushNobodyIsToldThatAnotherComes() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().start()) {
            cloud.fault("PUT manifest cut x*");
            Ran ran = new Scene(folder, cloud)
                    .script(engine, "deploy.java", "--tag", "cut")
                    .run()
                    .exitedWith(69);
            assertEquals(
                    2,
                    ran.err()
                            .lines()
                            .filter(line -> line.endsWith("; trying again"))
                            .count(),
                    ran.err());
        }
    }

    @Test
    void aTokenRefusedTwiceEndsWithACommandThatResumes() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().start()) {
            Scene scene = new Scene(folder, cloud);
            cloud.refuseNextCredentials(2);

            Ran ran = scene.script(engine, "deploy.java", "--json").run().exitedWith(1);

            JsonNode error = ran.json().path("error");
            assertEquals("login_failed", error.path("code").asText());
            assertEquals("login", error.path("stage").asText());
            assertEquals(2, cloud.count("GET", "registry-token"));
            String resume = error.path("resume").asText();
            assertTrue(resume.startsWith("just deploy --image "), resume);
            String[] words = resume.substring("just deploy ".length()).split(" ");
            scene.script(engine, "deploy.java", words).run().succeeded().errLacks("Image built");
        }
    }

    @Test
    void aDeploymentThatIsRefusedAfterThePushResumesWithoutBuildAndPush() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            Scene scene = new Scene(folder, cloud);
            cloud.fault("POST deploy 422=No");

            Ran ran = scene.script(engine, "deploy.java", "--json").run().exitedWith(1);

            String resume = ran.json().path("error").path("resume").asText();
            assertTrue(resume.endsWith(" --skip-push"), resume);
            assertTrue(ran.err().stripTrailing().endsWith(resume), "the last line is the command: " + ran.err());
            long tokens = cloud.count("GET", "registry-token");
            String[] words = resume.substring("just deploy ".length()).split(" ");
            scene.script("deploy.java", words).run().succeeded();
            assertEquals(tokens, cloud.count("GET", "registry-token"));
            assertEquals(1, cloud.deployments().size());
        }
    }

    @Test
    void anArchiveNeedsNoEngine() {
        try (DebianRegistry registry = DebianRegistry.orSkip(registryFolder);
                Cloud cloud = handingOut(registry)) {
            Scene scene = new Scene(folder, cloud);
            JsonNode json = scene.script(
                            "deploy.java", "--archive", scene.archive().toString(), "--json")
                    .env("PATH", pathWithoutDocker())
                    .run()
                    .succeeded()
                    .json();
            String image = json.path("image").asText();
            assertEquals(
                    Optional.of(json.path("digest").asText()),
                    registry.digest("sp-demo", image.substring(image.lastIndexOf(':') + 1))
                            .map(Digest::value));
        }
    }

    @Test
    void buildOnlyAsksNobody() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().start()) {
            Scene scene = new Scene(folder, cloud);
            Ran ran = scene.script(engine, "deploy.java", "--build-only", "--tag", "t1")
                    .run()
                    .succeeded();
            assertTrue(engine.holds(ran.out().strip()), ran.out());
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void theOtherScriptsAnswerOnStdoutAlone() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            Scene scene = new Scene(folder, cloud);
            String built = scene.script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .out()
                    .strip();
            Ran pushed = scene.script(engine, "docker_push.java", built).run().succeeded();
            assertTrue(pushed.out().strip().matches("127\\.0\\.0\\.1:\\d+/sp-demo@sha256:[0-9a-f]{64}"), pushed.out());

            Ran masked = scene.script("registry_token.java", "--json", "--verbose")
                    .run()
                    .succeeded();
            Secret password =
                    cloud.credentials().get(cloud.credentials().size() - 1).password();
            masked.lacks(password.reveal());
            assertTrue(masked.json().path("password").isNull());
            assertEquals(
                    password.sha256Prefix(),
                    masked.json().path("password_sha256_prefix").asText());

            Ran shown =
                    scene.script("registry_token.java", "--show-password").run().succeeded();
            Secret newest =
                    cloud.credentials().get(cloud.credentials().size() - 1).password();
            shown.outContains(newest.reveal()).errLacks(newest.reveal());
            assertFalse(newest.equals(password), "each token is a new one");

            Ran inCi = scene.script("registry_token.java", "--show-password", "--json")
                    .env("GITHUB_ACTIONS", "true")
                    .run()
                    .succeeded();
            inCi.errContains("::add-mask::" + inCi.json().path("password").asText() + "\n");
        }
    }

    private static Cloud handingOut(DebianRegistry registry) {
        return Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
    }

    private static String label(RecordedRequest call) {
        return call.method() + " " + call.path().substring(call.path().lastIndexOf('/') + 1);
    }

    /** Every command of this machine but Docker's and Podman's. */
    private String pathWithoutDocker() {
        try {
            Path bin = Files.createDirectories(folder.resolve("bin"));
            for (String place : System.getenv("PATH").split(":")) {
                if (!Files.isDirectory(Path.of(place))) continue;
                try (Stream<Path> commands = Files.list(Path.of(place))) {
                    for (Path command : commands.filter(Files::isExecutable).toList()) wrap(bin, command);
                }
            }
            return Path.of(System.getProperty("java.home"), "bin") + ":" + bin;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void wrap(Path bin, Path command) throws IOException {
        Path wrapper = bin.resolve(command.getFileName().toString());
        if (Files.exists(wrapper) || command.getFileName().toString().matches("(docker|podman).*")) return;
        Files.writeString(wrapper, "#!/bin/sh\nexec '" + command + "' \"$@\"\n");
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
    }

    /** The regular files that hold a text. */
    private static List<Path> holding(Path root, String text) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
