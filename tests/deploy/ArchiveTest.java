package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import harness.Command;
import harness.Engine;
import harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.ImageReference;
import lib.Json;
import lib.registry.SampleImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sandbox.Cloud;

/** {@code --archive}, with what people give it. */
class ArchiveTest {
    private static final SampleImage WEB = SampleImage.of(SampleImage.layer("web", 3000));
    private static final SampleImage WORKER = SampleImage.of(SampleImage.layer("worker", 3000));

    @TempDir
    Path folder;

    static Stream<Engine> engines() {
        return Stream.of(Engine.orSkip(), Engine.legacyOrSkip());
    }

    @Test
    void ofSeveralImagesTheOneThatIsNamedIsPushed() throws Exception {
        Path two = SampleImage.write(
                folder.resolve("two.tar"), SampleImage.saved(Map.of("web:1", WEB, "acme/worker:2", WORKER)));
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            JsonNode refused = scene.script("docker_push.java", "--archive", two.toString(), "--json")
                    .run()
                    .exitedWith(78)
                    .json();
            String message = refused.path("error").path("message").asText();
            assertTrue(message.contains("web:1") && message.contains("acme/worker:2"), message);

            JsonNode pushed = scene.script("docker_push.java", "--archive", two.toString(), "web:1", "--json")
                    .run()
                    .succeeded()
                    .json();
            assertTrue(pushed.path("image").asText().endsWith("/sp-demo:1"), pushed.toString());
            assertEquals(
                    Optional.of(pushed.path("digest").asText()),
                    cloud.find(ImageReference.parse(pushed.path("image").asText()))
                            .map(Object::toString));

            scene.script("deploy.java", "--archive", two.toString(), "--image", "acme/worker:2")
                    .run()
                    .succeeded();
            assertTrue(cloud.deployments().get(0).image().toString().endsWith("/sp-demo:2"));
            scene.script("deploy.java", "--archive", two.toString(), "--image", "acme/worker:3")
                    .run()
                    .exitedWith(78)
                    .errContains("holds no image 'acme/worker:3', but: ");
        }
    }

    /** JDK 24 and later warn of native code, such as zstd's. */
    @Test
    void aPushWithZstdSaysNothingOfHowItIsDone() throws Exception {
        Path web = SampleImage.write(folder.resolve("web.tar"), WEB.dockerSave());
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            for (String option : List.of("--compression=zstd", "--compression=ZSTD")) {
                Ran ran = scene.script("docker_push.java", "--archive", web.toString(), option)
                        .run()
                        .succeeded();
                assertFalse(ran.err().contains("WARNING"), ran.err());
            }
        }
    }

    @Test
    void whereZstdCannotBeLoadedThePushEndsInASentence() throws Exception {
        Path web = SampleImage.write(folder.resolve("web.tar"), WEB.dockerSave());
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("docker_push.java", "--version").run().succeeded(); // prepares the scripts
            scene.script("docker_push.java", "--archive", web.toString(), "--compression", "zstd")
                    .env("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + web)
                    .run()
                    .exitedWith(78)
                    .errContains("zstd's native library can't be loaded")
                    .errContains("--compression gzip");
        }
    }

    @Test
    void aPushThatFailsResumesWithTheImageOfTheArchive() throws Exception {
        Path two = SampleImage.write(
                folder.resolve("two.tar"), SampleImage.saved(Map.of("web:1", WEB, "worker:1", WORKER)));
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            cloud.fault("GET registry-token 503=Registry service not available x*");
            scene.script("deploy.java", "--archive", two.toString(), "--image", "web:1")
                    .run()
                    .exitedWith(69)
                    .errContains("just deploy --archive " + two + " --image web:1");
        }
    }

    @Test
    void aGzipIsUnpackedAndNothingOfItStays() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            byte[] packed = SampleImage.gzip(Files.readAllBytes(scene.archive()));
            Path nix = Files.write(folder.resolve("docker-image-acme.tar.gz"), packed);
            Path result = Files.createSymbolicLink(scene.project.folder().resolve("result"), nix);
            scene.script("docker_push.java", "--archive", "result")
                    .env("TMPDIR", temporary.toString())
                    .run()
                    .succeeded();
            cloud.fault("GET registry-token 503=Registry service not available x*");
            scene.script("docker_push.java", "--archive", result.toString())
                    .env("TMPDIR", temporary.toString())
                    .run()
                    .exitedWith(69);
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec \"$@\" --archive <(cat \"$ARCHIVE\")",
                "cat \"$ARCHIVE\" | \"$@\" --archive /dev/stdin",
                "mkfifo pipe && exec \"$@\" --archive pipe",
                "exec \"$@\" --archive /dev/zero",
            })
    void aPipeEndsInASentenceAndNeverHangs(String typed) {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("docker_push.java")
                    .behind("bash", "-c", typed, "bash")
                    .env("ARCHIVE", scene.archive().toString())
                    .within(Duration.ofSeconds(60))
                    .run()
                    .exitedWith(78)
                    .errContains("is a pipe or a device")
                    .errContains("docker save IMAGE > image.tar");
        }
    }

    @Test
    void aFileOnStandardInputIsAFile() {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            scene.script("docker_push.java")
                    .behind("sh", "-c", "exec \"$@\" --archive /dev/stdin <\"$ARCHIVE\"", "sh")
                    .env("ARCHIVE", scene.archive().toString())
                    .run()
                    .succeeded();
        }
    }

    /** As images come that other tools put together by hand. */
    @ParameterizedTest
    @MethodSource("engines")
    void anImageThatNamesNoPlatformGoesAsThePlatformThatIsAskedFor(Engine engine) throws IOException {
        SampleImage bare = SampleImage.configured(Json.object(), SampleImage.layer("bare", 100));
        Path file = SampleImage.write(folder.resolve("bare.tar"), SampleImage.saved(Map.of("no-platform:1", bare)));
        engine.docker("load", "--input", file.toString()).run().succeeded();
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            for (String[] given :
                    List.of(new String[] {"--image", "no-platform:1"}, new String[] {"--archive", file.toString()})) {
                Ran refused = scene.script(engine, "deploy.java", given).run().exitedWith(78);
                refused.errContains("names no platform")
                        .errContains("Push it as linux/amd64 with --platform linux/amd64");
                Command asked = scene.script(engine, "deploy.java", given).with("--platform", "linux/amd64");
                asked.run().succeeded();
            }
            assertEquals(2, cloud.deployments().size());
        } finally {
            engine.docker("image", "rm", "no-platform:1").run();
        }
    }
}
