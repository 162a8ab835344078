package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.ImageReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** What a deploy finds before it builds: all of it at once, each with its fix. */
class PreflightTest {
    @TempDir
    Path folder;

    @Test
    void fiveThingsWrongAreReportedAtOnceAndNothingIsDone() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project
                    .expiringIn(Duration.ofMinutes(-1))
                    .profile("prod", "name: prod\n")
                    .dockerfile("FROM scratch\nCOPY target/release/systemprompt /bin/\nCOPY web/dist /web\n");

            Ran ran = scene.script("deploy.java", "--json").run().exitedWith(78);

            JsonNode error = ran.json().path("error");
            assertEquals("config", error.path("code").asText());
            assertEquals("preflight", error.path("stage").asText());
            assertEquals(78, error.path("exit_code").asInt());
            Path root = scene.project.folder();
            assertEquals(
                    List.of(
                            "config: No tenant configured",
                            "auth: Token expired",
                            "unavailable: Docker is not available",
                            "config: Release binary not found: " + root.resolve("target/release/systemprompt"),
                            "config: Web dist not found: " + root.resolve("web/dist")),
                    sentences(error.path("findings")));
            for (JsonNode finding : error.path("findings")) {
                ran.errContains(finding.path("message").asText());
                ran.errContains("→ " + finding.path("hint").asText());
            }
            ran.errContains("5 problems found; nothing was changed").errLacks("Image built");
            assertEquals(List.of(), cloud.calls());
        }
    }

    @Test
    void oneThingWrongKeepsItsOwnSentenceHintAndCode() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.without(".systemprompt/credentials.json");
            JsonNode error = scene.script("deploy.java", "--archive", "x.tar", "--json")
                    .run()
                    .exitedWith(77)
                    .json()
                    .path("error");
            assertEquals(
                    "Deployment requires cloud credentials",
                    error.path("message").asText());
            assertEquals("Run 'just login'", error.path("hint").asText());
            assertEquals(1, error.path("findings").size());
            assertEquals(
                    "credentials", error.path("findings").get(0).path("check").asText());
        }
    }

    @Test
    void twoThingsEndWithTheHigherCode() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.expiringIn(Duration.ofMinutes(-1));
            scene.script("deploy.java")
                    .run()
                    .exitedWith(77)
                    .errContains("Docker is not")
                    .errContains("Token expired");
        }
    }

    /** The second generation's own layout: its ignore file beside the Dockerfile is none to the classic builder. */
    @Test
    void theOperatorsCredentialsDoNotGetIntoTheImage() {
        Engine modern = Engine.orSkip();
        Engine legacy = Engine.legacyOrSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.dockerfile("FROM scratch\nCOPY . /all\n");
            scene.project.file(".systemprompt/Dockerfile.dockerignore", "**/credentials.json\n**/tenants.json\n");
            Path file = scene.project.folder().resolve(".dockerignore");

            JsonNode error = scene.script(legacy, "deploy.java", "--json")
                    .env("DOCKER_BUILDKIT", "0")
                    .run()
                    .exitedWith(78)
                    .errContains("Your credentials would get into the image")
                    .errContains("\n    .systemprompt/credentials.json*\n")
                    .errLacks("Image built")
                    .json()
                    .path("error");
            assertEquals("config", error.path("code").asText());
            assertEquals("preflight", error.path("stage").asText());
            String hint = error.path("hint").asText();
            assertTrue(hint.startsWith("Add at the end of " + file + ":\n"), hint);
            assertEquals(List.of(), cloud.calls());

            assertEquals(List.of(), inImage(modern, scene.script(modern, "deploy.java", "--build-only", "--tag", "b")));
            scene.project.file(".dockerignore", hint.substring(hint.indexOf('\n')));
            Command classic = scene.script(legacy, "deploy.java", "--build-only", "--tag", "c");
            assertEquals(List.of(), inImage(legacy, classic.env("DOCKER_BUILDKIT", "0")));
            scene.project.file(".systemprompt/Dockerfile.dockerignore", "");
            scene.script(modern, "deploy.java", "--dry-run")
                    .run()
                    .exitedWith(78)
                    .errContains("Dockerfile.dockerignore:\n");
        }
    }

    /** Builds and looks. @return the operator's files in the image */
    private List<String> inImage(Engine engine, Command build) {
        String image = build.run().succeeded().out().strip();
        Path out = folder.resolve(image.replaceAll("\\W", "-"));
        String container =
                engine.docker("create", image, "x").run().succeeded().out().strip();
        engine.docker("cp", container + ":/all", out.toString()).run().succeeded();
        engine.docker("rm", container).run().succeeded();
        engine.remove(image);
        assertTrue(java.nio.file.Files.exists(out.resolve("hello.txt")), "the rest is there");
        return Command.of("find", out.toString(), "-name", "credentials.json*", "-o", "-name", "tenants.json*")
                .run()
                .succeeded()
                .out()
                .lines()
                .toList();
    }

    @Test
    void credentialsInAContextThatGoesToABuilderAreAWarning() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            String warning = "Your credentials are part of the build context, which goes to builder 'farm': "
                    + ".systemprompt/credentials.json, .systemprompt/tenants.json";
            scene.script("deploy.java", "--builder", "farm", "--dry-run")
                    .run()
                    .succeeded()
                    .errContains("⚠ " + warning);
            scene.project.file(".dockerignore", ".systemprompt\n");
            scene.script("deploy.java", "--builder", "farm", "--dry-run")
                    .run()
                    .succeeded()
                    .errLacks("credentials");
        }
    }

    @Test
    void credentialsThatEndSoonAreAWarning() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.project.expiringIn(Duration.ofMinutes(9));
            scene.script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .errContains("⚠ Token expires soon. Consider 'just login'\n");
        }
    }

    @Test
    void anEngineIsAskedForOnlyWhereOneIsNeeded() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("deploy.java", "--archive", scene.archive().toString())
                    .run()
                    .succeeded();
            String pushed = cloud.deployments().get(0).image().toString();
            scene.script("deploy.java", "--image", pushed, "--skip-push").run().succeeded();
            scene.script("deploy.java", "--image", pushed).run().exitedWith(69).errContains("Docker is not available");
        }
    }

    @Test
    void anImageForAnotherPlatformIsRefusedWithTheFlagThatAllowsIt() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script(engine, "deploy.java", "--build-only", "--tag", "arm", "--platform", "linux/arm64")
                    .run()
                    .succeeded();
            String image = "registry.fly.io/sp-demo:arm";
            for (String check : List.of("--dry-run", "--quiet")) {
                scene.script(engine, "deploy.java", "--image", image, check)
                        .run()
                        .exitedWith(78)
                        .errContains(image + " is for linux/arm64, and linux/amd64 is wanted")
                        .errContains("--platform linux/arm64");
            }
            assertEquals(List.of(), cloud.calls());
            scene.script(engine, "deploy.java", "--image", image, "--platform", "linux/arm64")
                    .run()
                    .succeeded();

            scene.script("deploy.java", "--archive", scene.archive().toString(), "--platform", "linux/arm64")
                    .run()
                    .exitedWith(78)
                    .errContains("--platform linux/amd64");
            engine.remove(image);
        }
    }

    @Test
    void theImageTellsTheCommitAndAnUncleanTreeShowsInItsTag() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            git(scene, "init", "-q");
            git(scene, "add", "hello.txt");
            git(scene, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "x");
            String commit = git(scene, "log", "-1", "--format=%h").out().strip();
            String committed = git(scene, "log", "-1", "--format=%cI").out().strip();

            String clean = scene.script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .out()
                    .strip();
            assertTrue(clean.endsWith("-" + commit), clean);
            JsonNode labels = labels(engine, clean);
            assertEquals(
                    commit, labels.path("org.opencontainers.image.revision").asText());
            assertEquals(
                    java.time.OffsetDateTime.parse(committed).toInstant().toString(),
                    labels.path("org.opencontainers.image.created").asText());

            scene.project.file("hello.txt", "changed");
            String dirty = scene.script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .out()
                    .strip();
            assertTrue(dirty.endsWith("-" + commit + "-dirty"), dirty);
            assertEquals(
                    commit + "-dirty",
                    labels(engine, dirty)
                            .path("org.opencontainers.image.revision")
                            .asText());
            List.of(clean, dirty).forEach(engine::remove);
        }
    }

    @Test
    void noConfigurationOfGitChangesTheLabelsAndAFolderThatItDoesNotTrustIsTold() throws Exception {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            Path signer = Files.writeString(folder.resolve("signer"), """
                #!/bin/sh
                case "$*" in *--verify*) echo 'gpg: a word' >&2; echo '[GNUPG:] GOODSIG x'; exit;; esac
                cat >/dev/null
                echo '[GNUPG:] SIG_CREATED x' >&2
                printf -- '-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n'
                """);
            assertTrue(signer.toFile().setExecutable(true));
            git(scene, "init", "-q");
            git(scene, "add", "hello.txt");
            git(scene, "config", "gpg.program", signer.toString());
            git(scene, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qS", "-m", "x");
            String commit = git(scene, "log", "-1", "--format=%h").out().strip();
            for (String[] odd : new String[][] {
                {"log.showSignature", "true"}, {"log.date", "relative"}, {"core.abbrev", "40"}, {"color.ui", "always"}
            }) git(scene, "config", odd[0], odd[1]);
            assertTrue(git(scene, "log", "-1", "--format=%h").out().contains("gpg: a word"), "it does show signatures");

            String[] plan = {"--dry-run", "--json"};
            // As in a hook of another repository.
            JsonNode clean = scene.script(engine, "deploy.java", plan)
                    .env("GIT_DIR", ".")
                    .env("GIT_INDEX_FILE", "/nonexistent")
                    .run()
                    .succeeded()
                    .json();
            String image = clean.at("/plan/local_image").asText();
            assertTrue(image.endsWith("-" + commit), image);

            Ran untrusted = scene.script(engine, "deploy.java", plan)
                    .env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
                    .run()
                    .succeeded()
                    .errContains("git does not trust")
                    .errContains("git config --global --add safe.directory");
            assertTrue(untrusted.json().at("/plan/local_image").asText().endsWith("-unknown"), untrusted.out());
        }
    }

    @Test
    void withoutGitNoLabelChangesWithTheClock() throws Exception {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            String built = new Scene(folder, cloud)
                    .script(engine, "deploy.java", "--build-only")
                    .run()
                    .succeeded()
                    .out()
                    .strip();
            assertEquals(List.of(), List.copyOf(labels(engine, built).properties()));
            engine.remove(built);
        }
    }

    @Test
    void aPushThatFailsResumesWithThePlatformAndTheWait() {
        Engine engine = Engine.orSkip();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            cloud.refuseNextCredentials(2);
            String resume = scene.script(
                            engine, "deploy.java", "--json", "--platform", "linux/arm64", "--tag", "v1", "--wait=20")
                    .run()
                    .exitedWith(1)
                    .json()
                    .path("error")
                    .path("resume")
                    .asText();
            assertEquals(
                    "just deploy --image registry.fly.io/sp-demo:v1 --tag v1 --platform linux/arm64 --wait=20", resume);
            String[] words = resume.substring("just deploy ".length()).split(" ");
            scene.script(engine, "deploy.java", words).run().succeeded();
            ImageReference deployed = cloud.deployments().get(0).image();
            assertEquals(Optional.of("v1"), deployed.tag());
            engine.remove("registry.fly.io/sp-demo:v1");
        }
    }

    private static JsonNode labels(Engine engine, String image) {
        return engine.docker("image", "inspect", "--format", "{{json .Config.Labels}}", image)
                .run()
                .succeeded()
                .json();
    }

    private static Ran git(Scene scene, String... words) {
        return harness.Command.of("git")
                .with(words)
                .in(scene.project.folder())
                .run()
                .succeeded();
    }

    /** Each without what an engine adds in its own words. */
    private static List<String> sentences(JsonNode findings) {
        List<String> sentences = new ArrayList<>();
        for (JsonNode finding : findings) {
            String message = finding.path("message").asText().replaceAll("(Docker is not available): .*", "$1");
            sentences.add(finding.path("code").asText() + ": " + message);
        }
        return sentences;
    }
}
