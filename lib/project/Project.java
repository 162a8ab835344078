//SOURCES ../Environment.java
//SOURCES ../Failure.java
package lib.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;

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
            throw notFound(root, environment);
        }
        for (Path folder = environment.workingDirectory(); folder != null; folder = folder.getParent()) {
            if (isProject(folder)) return new Project(folder);
        }
        throw notFound(environment.workingDirectory(), environment);
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

    /** Whether the folder's own {@code .gitignore} hides all of it, profiles too, as other tools write it. */
    public boolean hidesAllFromGit() {
        try {
            return Files.readAllLines(folder().resolve(".gitignore")).stream()
                    .map(String::strip)
                    .anyMatch(line -> line.equals("*") || line.equals("/*"));
        } catch (IOException e) {
            return false;
        }
    }

    private static Failure notFound(Path where, Environment environment) {
        return new Failure(
                ErrorCode.CONFIG,
                "Not a systemprompt.io project: " + where + " (looking for a folder " + FOLDER + ")",
                hintOfClone(environment)
                        .orElse("Run 'just login' in the project's folder, or name it with --project DIR"));
    }

    /** What to do about a missing profile where the token comes from a variable: in a clone, as a CI has one. */
    static Optional<String> hintOfClone(Environment environment) {
        return environment
                .variable("SYSTEMPROMPT_API_TOKEN")
                .map(token -> "A clone has the profiles that were committed: commit " + FOLDER
                        + "/ where 'just tenant' wrote one, or name the folder with --project DIR");
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
