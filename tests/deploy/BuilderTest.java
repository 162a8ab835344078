package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.BuildKit;
import harness.Command;
import harness.DebianRegistry;
import harness.Engine;
import harness.Ran;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;
import sandbox.ExternalRegistry;
import sandbox.Tenant;

/** {@code --builder}: a BuildKit elsewhere builds and pushes, and this machine's engine has no part in it. */
class BuilderTest {
    private static final String NAME = "farm";

    @TempDir
    Path folder;

    @TempDir
    Path registryFolder;

    private Engine engine;
    private BuildKit buildKit;
    private DebianRegistry registry;
    private Cloud cloud;
    private Scene scene;

    @BeforeEach
    void start() throws IOException {
        engine = Engine.orSkip();
        buildKit = BuildKit.of(Engine.builderOrSkip());
        registry = DebianRegistry.orSkip(registryFolder);
        cloud = Cloud.builder()
                .externalRegistry(new ExternalRegistry(
                        registry.host(), registry.username(), registry.password(), Optional.empty()))
                .start();
        scene = new Scene(folder, cloud);
        // Never built before, on any engine.
        scene.project.file("hello.txt", "hello " + UUID.randomUUID() + "\n");
        Files.createDirectories(temporary());
        buildx(engine, "create", "--name", NAME, "--driver", "remote", buildKit.address());
    }

    private void buildx(Engine of, String... words) {
        String[] all = Stream.concat(Stream.of("buildx"), Stream.of(words)).toArray(String[]::new);
        new Scripts(scene.home).isolated(of.docker(all)).run().succeeded();
    }

    @AfterEach
    void stop() {
        if (cloud != null) cloud.close();
        if (registry != null) registry.close();
        if (buildKit != null) buildKit.close();
    }

    @Test
    void theImageIsInTheRegistryAndNeverWasInThisMachinesEngine() {
        Ran ran = deploy("--json").run().succeeded();

        String image = ran.json().path("image").asText();
        Optional<Digest> inRegistry = registry.digest("sp-demo", tag(image));
        assertEquals(
                inRegistry.map(Digest::value),
                Optional.of(ran.json().path("digest").asText()));
        assertEquals(image, cloud.deployments().get(0).image().toString());
        assertFalse(engine.holds(image), "the engine has heard of " + image);
        String id =
                registry.manifest("sp-demo", tag(image)).at("/config/digest").asText();
        assertFalse(engine.holds(id), "the engine holds " + id);
    }

    @Test
    void aBuilderThatIsChosenForAllBuildsGivesItsImageToTheEngine() {
        Ran ran = scene.script(engine, "deploy.java", "--json")
                .env("BUILDX_BUILDER", NAME)
                .env("TMPDIR", temporary().toString())
                .run()
                .succeeded();
        String image = ran.json().path("image").asText();
        assertTrue(engine.holds(image), ran.toString());
        assertEquals(
                registry.digest("sp-demo", tag(image)).map(Digest::value),
                Optional.of(ran.json().path("digest").asText()));

        // From now on "docker build" is buildx's, and this builder the one of this engine, though another was used
        // since.
        buildx(engine, "install");
        buildx(engine, "use", "--default", NAME);
        buildx(Engine.legacyOrSkip(), "use", "default");
        scene.script(engine, "deploy.java")
                .env("TMPDIR", temporary().toString())
                .run()
                .succeeded();
        engine.remove(image);
    }

    @Test
    void severalTenantsGetWhatWasBuiltOnce() {
        cloud.put(Tenant.of("ten_two", "ten_two", "sp-two"));
        scene.project.profile("two", TestProject.profileOf("two", "ten_two")).file(".systemprompt/tenants.json", """
            {"tenants": [{"id": "ten_demo", "name": "demo", "app_id": "sp-demo"},
             {"id": "ten_two", "name": "ten_two", "app_id": "sp-two"}], "synced_at": "2026-01-05T10:00:00Z"}
            """);

        Ran ran = deploy("-p", "prod", "-p", "two", "--tag", "v1", "--json", "--verbose")
                .run()
                .succeeded();

        JsonNode results = ran.json();
        assertEquals(2, results.size());
        List<String> images = List.of(registry.host() + "/sp-demo:v1", registry.host() + "/sp-two:v1");
        for (int i = 0; i < 2; i++) {
            assertEquals(images.get(i), results.get(i).path("image").asText());
            String repository = images.get(i).replaceAll(".*/|:v1$", "");
            assertEquals(
                    registry.digest(repository, "v1").map(Digest::value),
                    Optional.of(results.get(i).path("digest").asText()));
        }
        assertEquals(results.get(0).path("digest"), results.get(1).path("digest"));
        assertEquals(1, lines(ran, ".*--output=type=cacheonly .*"), "one build: " + ran.err());
        assertEquals(2, lines(ran, "#[0-9]+ CACHED"), "each push finds its one step in the cache: " + ran.err());
        assertEquals(
                Set.copyOf(images),
                cloud.deployments().stream()
                        .map(deployment -> deployment.image().toString())
                        .collect(Collectors.toSet()));
    }

    @Test
    void anEngineOnThisMachineIsNotNeeded() {
        deploy().env("DOCKER_HOST", "unix://" + scene.home.resolve("no-engine.sock"))
                .run()
                .succeeded();
        assertEquals(1, cloud.deployments().size());
    }

    @Test
    void theDoctorLogsInAsTheBuildersPushDoes() {
        for (String host : List.of(
                engine.host().orElse("unix:///var/run/docker.sock"),
                "unix://" + scene.home.resolve("no-engine.sock"))) {
            deploy("--check")
                    .env("DOCKER_HOST", host)
                    .run()
                    .succeeded()
                    .outContains("✓ login        accepted for " + registry.username());
        }
    }

    @Test
    void isOnePlainImageAndNoIndex() {
        String image = deploy("--json").run().succeeded().json().path("image").asText();
        JsonNode manifest = registry.manifest("sp-demo", tag(image));
        assertTrue(manifest.path("layers").isArray(), "an index: " + manifest);
    }

    @Test
    void theTokenIsFetchedAfterTheBuildAndIsWrittenNowhere() throws IOException {
        Path config = scene.home.resolve(".docker/config.json");
        Files.writeString(config, "{\"auths\":{}}\n");
        String password = registry.password().reveal();

        Ran ran = deploy("--verbose").run().succeeded().lacks(password);

        assertTrue(ran.err().indexOf("Image built") < ran.err().indexOf("Registry token fetched"), ran.err());
        assertEquals("{\"auths\":{}}\n", Files.readString(config));
        assertEquals(List.of(), holding(temporary(), ""), "what is left in the temporary folder");
        assertEquals(List.of(), holding(folder, password));
        byte[] login = (registry.username() + ":" + password).getBytes(StandardCharsets.UTF_8);
        assertEquals(List.of(), holding(folder, Base64.getEncoder().encodeToString(login)));
    }

    @Test
    void thePrivateBaseImageIsFoundByTheUsersOwnLogin() throws IOException {
        Path store = Files.createDirectories(folder.resolve("base"));
        try (DebianRegistry others = DebianRegistry.orSkip(store)) {
            String base = others.host() + "/base:1";
            Scripts user = new Scripts(scene.home);
            user.isolated(engine.docker("login", "--username", others.username(), "--password-stdin", others.host()))
                    .stdin(others.password().reveal())
                    .run()
                    .succeeded();
            user.isolated(engine.docker(
                            "build", "--tag", base, scene.project.folder().toString()))
                    .with(
                            "--file",
                            scene.project
                                    .folder()
                                    .resolve(".systemprompt/Dockerfile")
                                    .toString())
                    .run()
                    .succeeded();
            user.isolated(engine.docker("push", base)).run().succeeded();
            engine.remove(base);
            String config = Files.readString(scene.home.resolve(".docker/config.json"));
            scene.project.dockerfile("FROM " + base + "\nCOPY hello.txt /again.txt\n");

            deploy().run().succeeded().lacks(others.password().reveal());

            assertEquals(1, cloud.deployments().size());
            assertEquals(config, Files.readString(scene.home.resolve(".docker/config.json")));
            assertEquals(List.of(), holding(temporary(), ""), "what is left in the temporary folder");
        }
    }

    @Test
    void aBuildThatFailsFetchesNoToken() {
        scene.project.dockerfile("FROM scratch\nCOPY hello.txt /hello.txt\nRUN [\"/missing\"]\n");
        JsonNode error = deploy("--json").run().exitedWith(1).json().path("error");
        assertEquals("build_failed", error.path("code").asText());
        assertEquals(0, cloud.count("GET", "registry-token"));
    }

    @Test
    void aBuilderThatDoesNotExistIsNamed() {
        JsonNode error = scene.script(engine, "deploy.java", "--builder", "nowhere", "--json")
                .run()
                .exitedWith(1)
                .json()
                .path("error");
        assertTrue(error.path("message").asText().contains("nowhere"), error.toString());
        assertTrue(error.path("hint").asText().contains("docker buildx ls"), error.toString());
    }

    @Test
    void aTokenThatWasRefusedIsRenewedAndThenTheCommandResumes() {
        try (Cloud strict = Cloud.builder().start()) {
            scene.project
                    .api(URI.create(strict.apiUrl()))
                    .token(strict.operatorToken().reveal());
            strict.refuseNextCredentials(2);

            JsonNode error = deploy("--json").run().exitedWith(1).json().path("error");

            assertEquals(2, strict.count("GET", "registry-token"));
            String resume = error.path("resume").asText();
            assertTrue(resume.startsWith("just deploy --builder " + NAME + " "), resume);
        }
    }

    @Test
    void theCommandThatResumesNamesABuildArgumentWhoseValueIsThenTakenFromTheEnvironment() {
        scene.project.dockerfile("FROM scratch\nARG NPM_TOKEN\nLABEL token=$NPM_TOKEN\nCOPY hello.txt /hello.txt\n");
        cloud.fault("GET registry-token 422=No");

        Ran failed = deploy("--build-arg", "NPM_TOKEN=npm value", "--build-arg", "B=other", "--verbose", "--json")
                .run()
                .exitedWith(1)
                .outLacks("npm value")
                .errContains("--build-arg NPM_TOKEN --build-arg B; NPM_TOKEN, B must be set in the environment");
        // What BuildKit itself shows of a build holds it, as that of any other.
        failed.err()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> assertFalse(line.contains("npm value"), line));

        String resume = failed.json().path("error").path("resume").asText();
        assertTrue(resume.endsWith("--build-arg NPM_TOKEN --build-arg B"), resume);
        String[] words = resume.substring("just deploy ".length()).split(" ");
        Ran resumed = scene.script(engine, "deploy.java", words)
                .with("--json")
                .env("NPM_TOKEN", "npm value")
                .env("B", "other")
                .env("TMPDIR", temporary().toString())
                .run()
                .succeeded();
        String image = resumed.json().path("image").asText();
        JsonNode config = registry.config("sp-demo", tag(image));
        assertEquals("npm value", config.at("/config/Labels/token").asText());
    }

    @Test
    void optionsThatMeanAnotherImageAreRefused() {
        for (String other : List.of("--image=a:1", "--archive=a.tar", "--skip-push", "--build-only")) {
            deploy(other).run().exitedWith(2).errContains("--builder");
        }
    }

    private Command deploy(String... arguments) {
        return scene.script(engine, "deploy.java", "--builder", NAME)
                .with(arguments)
                .env("TMPDIR", temporary().toString());
    }

    private Path temporary() {
        return folder.resolve("tmp");
    }

    /** The regular files that hold a text. */
    private static List<Path> holding(Path root, String text) throws IOException {
        List<Path> holding = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) holding.add(file);
            }
        }
        return holding;
    }

    private static long lines(Ran ran, String pattern) {
        return ran.err().lines().filter(line -> line.matches(pattern)).count();
    }

    private static String tag(String image) {
        return image.substring(image.lastIndexOf(':') + 1);
    }
}
