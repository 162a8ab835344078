package fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import lib.account.ProfileSubject;
import lib.api.ApiSubject;
import lib.project.DockerfileSubject;
import lib.project.ProjectSubject;
import lib.registry.ArchiveSubject;
import lib.registry.RegistrySubject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged inputs, in a JVM of little memory. {@code FUZZ_SEED} and {@code FUZZ_SECONDS} repeat or prolong a run. */
class FuzzTest {
    private static final List<Class<? extends Subject>> SUBJECTS = List.of(
            ArchiveSubject.class,
            RegistrySubject.class,
            ApiSubject.class,
            ProfileSubject.class,
            DockerfileSubject.class,
            ProjectSubject.class);
    private static final int SECONDS = 24;

    @TempDir
    Path folder;

    @Test
    void aDamagedInputEndsInASentenceInBoundedMemoryAndTime() {
        String seed = Optional.ofNullable(System.getenv("FUZZ_SEED")).orElse(Long.toString(System.nanoTime()));
        String seconds = Optional.ofNullable(System.getenv("FUZZ_SECONDS")).orElse(Integer.toString(SECONDS));
        Ran ran = Command.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString())
                .with("-Xmx128m", "-XX:+UseSerialGC", "-Djava.io.tmpdir=" + folder)
                .with("-cp", System.getProperty("java.class.path"), "fuzz.Fuzz", seconds, seed)
                .with(SUBJECTS.stream().map(Class::getName).toArray(String[]::new))
                .within(Duration.ofSeconds(Long.parseLong(seconds) + 100))
                .run()
                .succeeded();
        for (Class<?> subject : SUBJECTS)
            assertTrue(ran.out().matches("(?s).*" + subject.getName() + ": [1-9]\\d\\d+ inputs.*"), ran.out());
    }
}
