package deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private String loadedByAPush(String... options) throws IOException {
        Path list = folder.resolve("loaded");
        try (Cloud cloud = Cloud.start()) {
            Scene scene = new Scene(folder, cloud);
            Command.of(
                            Path.of(System.getProperty("java.home"), "bin/java").toString(),
                            "-Xlog:class+load:file=" + list,
                            "-cp",
                            System.getProperty("java.class.path"),
                            "docker_push",
                            "--archive",
                            scene.archive().toString())
                    .with(options)
                    .in(scene.project.folder())
                    .env("XDG_CACHE_HOME", folder.toString())
                    .run()
                    .succeeded();
        }
        return Files.readString(list);
    }
}
