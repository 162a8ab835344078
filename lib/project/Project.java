package lib.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;

/** A tenant project: the folder that holds {@code .systemprompt/}, and the paths inside it. */
public record Project(Path root) {
    private static final String FOLDER = ".systemprompt";

    /**
     * The given folder, else the nearest one upwards from the working directory that is a project.
     *
     * @throws Failure {@code config} when there is none
     */
    public static Project find(Optional<Path> given, Environment environment) {
        if (given.isPresent()) {
            Path root = environment.workingDirectory().resolve(given.get()).normalize();
            if (isProject(root)) return new Project(root);
            throw notFound(root);
        }
        for (Path folder = environment.workingDirectory(); folder != null; folder = folder.getParent()) {
            if (isProject(folder)) return new Project(folder);
        }
        throw notFound(environment.workingDirectory());
    }

    /** The project, or a new one in the given folder, for the commands that make one. */
    public static Project findOrStart(Optional<Path> given, Environment environment) {
        try {
            return find(given, environment);
        } catch (Failure none) {
            Path root = environment
                    .workingDirectory()
                    .resolve(given.orElse(Path.of("")))
                    .normalize();
            if (Files.isDirectory(root)) return new Project(root);
            throw new Failure(ErrorCode.CONFIG, "No such folder: " + root, "Correct --project, or create the folder");
        }
    }

    private static boolean isProject(Path folder) {
        return Files.isDirectory(folder.resolve(FOLDER));
    }

    private static Failure notFound(Path where) {
        return new Failure(
                ErrorCode.CONFIG,
                "Not a systemprompt.io project: " + where + " (looking for a folder " + FOLDER + ")",
                "Run 'just login' in the project's folder, or name it with --project DIR");
    }

    public Path folder() {
        return root.resolve(FOLDER);
    }

    public Path credentials() {
        return folder().resolve("credentials.json");
    }

    public Path tenants() {
        return folder().resolve("tenants.json");
    }

    public Path profiles() {
        return folder().resolve("profiles");
    }
}
