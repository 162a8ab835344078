package harness;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/verified}: only the jars that were locked run. The repository is a folder; nothing is asked of a network. */
class VerifiedTest {
    private static final String DEPENDENCY = "org/example/thing/1.0/thing-1.0";

    @TempDir
    Path folder;

    private Path jar;

    @BeforeEach
    void start() throws IOException {
        for (String script : List.of("cache.sh", "jbang", "verified")) {
            Path copy = Files.createDirectories(folder.resolve("bin")).resolve(script);
            Files.copy(Project.ROOT.resolve("bin").resolve(script), copy);
        }
        Files.writeString(folder.resolve("script.java"), """
            //REPOS local=%s
            //DEPS org.example:thing:1.0
            class script {
                public static void main(String... words) {
                    System.out.println("ran");
                }
            }
            """.formatted(
                        folder.resolve("remote").toUri()));
        jar = folder.resolve("remote/" + DEPENDENCY + ".jar");
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file)) {
            entries.putNextEntry(new ZipEntry("thing.txt"));
        }
        Files.writeString(pom(), """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>thing</artifactId>
              <version>1.0</version>
            </project>
            """);
        lock(jar, pom());
    }

    @Test
    void runsWhatIsLockedFromEmptyCaches() {
        run().succeeded().outEquals("ran");
    }

    @Test
    void refusesAJarThatIsTamperedWithInTheRepository() throws IOException {
        tamper(jar);
        refuses("trusted checksum mismatch");
    }

    @Test
    void refusesAPomThatIsTamperedWithInTheRepository() throws IOException {
        Files.writeString(pom(), "<!-- -->", StandardOpenOption.APPEND);
        run().exitedWith(1);
    }

    @Test
    void refusesAJarThatIsTamperedWithInTheLocalCache() throws IOException {
        run().succeeded();
        tamper(folder.resolve("m2/" + DEPENDENCY + ".jar"));
        refuses("trusted checksum mismatch");
    }

    @Test
    void refusesAJarThatIsNotLocked() throws IOException {
        lock(pom());
        refuses("thing");
    }

    private void refuses(String because) {
        Ran ran = run().exitedWith(1).outLacks("ran").errContains(because);
        assertFalse(ran.err().contains("Exception"), ran.err());
    }

    private Ran run() {
        return Command.of(folder.resolve("bin/verified").toString(), "script.java")
                .in(folder)
                .env("PATH", Tool.pathWithout("jbang")) // another one need not take the options
                .env("JBANG_CACHE_DIR", folder.resolve("jbang").toString())
                .env("JBANG_JAVA_OPTIONS", "-Dmaven.repo.local=" + folder.resolve("m2"))
                .run();
    }

    private Path pom() {
        return folder.resolve("remote/" + DEPENDENCY + ".pom");
    }

    private void lock(Path... files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : files) {
            lines.append(sha256(file))
                    .append("  ")
                    .append(folder.resolve("remote").relativize(file))
                    .append('\n');
        }
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(folder.resolve("lib/checksums.sha256"), lines);
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void tamper(Path jar) throws IOException {
        assertTrue(Files.exists(jar), jar + " is missing");
        Files.write(jar, "tampered".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
    }
}
