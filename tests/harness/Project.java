package harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the sources under test lie. */
public final class Project {
    /** The folder of {@code deploy.java} and the {@code justfile}: the nearest one upwards that holds {@code tests/run.java}. */
    public static final Path ROOT = find(Path.of("").toAbsolutePath());

    private Project() {}

    private static Path find(Path folder) {
        for (Path here = folder; here != null; here = here.getParent()) {
            if (Files.exists(here.resolve("tests/run.java"))) return here;
        }
        throw new IllegalStateException("Run the tests inside their repository; " + folder + " is not in it");
    }
}
