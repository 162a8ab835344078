package fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import lib.account.ProfileSubject;
import lib.api.ApiSubject;
import lib.project.DockerfileSubject;
import lib.project.ProjectSubject;
import lib.registry.ArchiveSubject;
import lib.registry.RegistrySubject;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged inputs, in a JVM of little memory. {@code FUZZ_SEED} and {@code FUZZ_SECONDS} repeat or prolong a run. */
class FuzzTest {
    private static final int SECONDS = 24;

    @TempDir
    Path folder;

    /** Each in a process of its own, which remembers the secrets that it read. */
    static List<Class<? extends Subject>> subjects() {
        return List.of(
                ArchiveSubject.class,
                RegistrySubject.class,
                ApiSubject.class,
                ProfileSubject.class,
                DockerfileSubject.class,
                ProjectSubject.class);
    }

    @ParameterizedTest
    @MethodSource("subjects")
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void aDamagedInputEndsInASentenceInBoundedMemoryAndTime(Class<? extends Subject> subject) {
        String seed = Optional.ofNullable(System.getenv("FUZZ_SEED")).orElse(Long.toString(System.nanoTime()));
        int all = Optional.ofNullable(System.getenv("FUZZ_SECONDS"))
                .map(Integer::parseInt)
                .orElse(SECONDS);
        int seconds = Math.max(1, all / subjects().size());
        Ran ran = Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString())
                .with("-Xmx128m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + folder)
                .with("-cp", System.getProperty("java.class.path"), "fuzz.Fuzz")
                .with(Integer.toString(seconds), seed, subject.getName())
                .within(Duration.ofSeconds(seconds + 100))
                .run()
                .succeeded();
        assertTrue(ran.out().matches("(?s).*" + subject.getName() + ": [1-9]\\d\\d+ inputs.*"), ran.out());
    }
}
