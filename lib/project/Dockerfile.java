package lib.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;

/** Where a project's Dockerfile is: each generation has put it elsewhere. */
public final class Dockerfile {
    private Dockerfile() {}

    /**
     * The given one, else the profile's {@code paths.dockerfile}, else the one beside the profile, else the project's.
     *
     * @throws Failure {@code config} when none is there
     */
    public static Path find(Optional<Path> given, Profile profile, Project project, Environment environment) {
        Optional<Path> named = given.map(path -> environment.workingDirectory().resolve(path))
                .or(() -> profile.dockerfile().map(path -> profile.path(path, environment)));
        if (named.isPresent()) return existing(named.get().normalize());
        Path besideProfile = profile.folder().resolve("docker").resolve("Dockerfile");
        return Files.isRegularFile(besideProfile)
                ? besideProfile
                : existing(project.folder().resolve("Dockerfile"));
    }

    private static Path existing(Path file) {
        if (Files.isRegularFile(file)) return file;
        throw new Failure(
                ErrorCode.CONFIG,
                "Dockerfile not found: " + file,
                "Create a Dockerfile at this location, or name one with --dockerfile FILE");
    }
}
