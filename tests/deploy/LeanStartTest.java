package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import harness.Command;
import harness.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sandbox.Cloud;

/** What a start must not load, since each of these takes as long as all that a script itself does before it asks. */
class LeanStartTest {
    private static final String CLIENT = "jdk.internal.net.http.HttpClientImpl";
    private static final Map<String, String> HEAVY = Map.of(
            "com.fasterxml.jackson.databind.ObjectMapper", "makes a calendar for dates that nobody writes",
            "com.github.luben.zstd.Zstd", "unpacks its native library",
            "java.text.DecimalFormatSymbols", "comes with the locales",
            "java.security.cert.CertificateFactory", "reads certificates before a server shows one");

    @TempDir
    Path folder;

    @Test
    void anArchiveIsPushedWithout() throws IOException {
        String loaded = loadedByAPush();
        assertTrue(loaded.contains("lib.registry.ImagePush ") && loaded.contains(CLIENT + " "), "the list is whole");
        List<String> found = HEAVY.keySet().stream()
                .filter(name -> loaded.contains(name + " "))
                .toList();
        assertEquals(List.of(), found, HEAVY.toString());
    }

    @Test
    void whoAsksNobodyOpensNoClient() throws IOException {
        String loaded = loadedByAPush("--dry-run");
        assertTrue(loaded.contains("lib.registry.ImageArchive "), "the list is whole");
        assertFalse(loaded.contains(CLIENT + " "));
    }

    /** A record's own comparison is put together when it is first needed, which takes 10 ms. */
    @Test
    void noRecordsAreComparedOnTheWayOfAnEnginesImage() throws IOException {
        Path standIns = Project.ROOT.resolve("bin/rehearsal");
        assumeTrue(Files.exists(standIns), "a copy that was vendored rehearses nothing");
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            loadedBy(scene, "docker_push", "--archive", scene.archive().toString(), "--tag", "rehearsal");
            String loaded = loadedBy(scene, "deploy", "--tag", "rehearsal");
            assertTrue(loaded.contains("lib.docker.CredentialHelper "), "the list is whole");
            assertFalse(loaded.contains("java.lang.runtime.ObjectMethods "));
        }
    }

    private String loadedByAPush(String... options) throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            List<String> words = new ArrayList<>(
                    List.of("docker_push", "--archive", scene.archive().toString()));
            words.addAll(List.of(options));
            return loadedBy(scene, words.toArray(String[]::new));
        }
    }

    private String loadedBy(Scene scene, String... words) throws IOException {
        Path list = folder.resolve("loaded");
        Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xlog:class+load:file=" + list,
                        "-cp",
                        System.getProperty("java.class.path"))
                .with(words)
                .in(scene.project.folder())
                .env("PATH", Project.ROOT.resolve("bin/rehearsal") + ":" + System.getenv("PATH"))
                .env("XDG_CACHE_HOME", folder.toString())
                .run()
                .succeeded();
        return Files.readString(list);
    }
}
