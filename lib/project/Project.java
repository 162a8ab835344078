//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES Profile.java
//SOURCES ProjectFile.java
//SOURCES Tenant.java
package lib.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;

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
            return ProjectFile.decoded(ProjectFile.bytes(folder().resolve(".gitignore"), ProjectFile.SIZE_LIMIT))
                    .lines()
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

    /** The profiles of a project, and the rule by which one of them is chosen. */
    public record Profiles(Project project, Environment environment) {
        /** How a person is asked when several profiles fit; empty where nobody can be asked. */
        @FunctionalInterface
        public interface Choice {
            Optional<Profile> among(List<Profile> profiles);
        }

        /**
         * The named profile, else {@code SYSTEMPROMPT_PROFILE}, else the only cloud profile, else the person's choice.
         *
         * @param given a name or a path, as typed
         * @throws Failure {@code config}, naming the profiles there are
         */
        public Profile choose(Optional<String> given, Choice choice) {
            Optional<String> wanted = given.or(() -> environment.variable("SYSTEMPROMPT_PROFILE"));
            if (wanted.isPresent()) return Profile.read(locate(wanted.get()), environment);
            List<Path> files = files();
            if (files.isEmpty()) {
                throw new Failure(ErrorCode.CONFIG, "No profile in " + project.profiles(), hintOfNone());
            }
            if (files.size() == 1) return Profile.read(files.get(0), environment);
            List<Profile> deployable = files.stream()
                    .flatMap(this::readable)
                    .filter(Profile::isDeployable)
                    .toList();
            if (deployable.size() == 1) return deployable.get(0);
            if (deployable.isEmpty()) {
                throw new Failure(
                        ErrorCode.CONFIG,
                        "No tenant configured in any profile (" + names(files) + ")",
                        "Run 'just tenant'");
            }
            return choice.among(deployable)
                    .orElseThrow(() -> new Failure(
                            ErrorCode.CONFIG,
                            "Several profiles can be deployed: "
                                    + deployable.stream().map(Profile::name).collect(Collectors.joining(", ")),
                            "Choose one with --profile NAME"));
        }

        private String hintOfNone() {
            return Project.hintOfClone(environment).orElse("Run 'just tenant' to create one");
        }

        /** All profiles that can be deployed, by name. */
        public List<Profile> deployable() {
            return files().stream()
                    .flatMap(this::readable)
                    .filter(Profile::isDeployable)
                    .toList();
        }

        /** All profiles that can be given a tenant of the cloud, by name. */
        public List<Profile> cloud() {
            return files().stream()
                    .flatMap(this::readable)
                    .filter(profile -> !profile.targetsLocal())
                    .filter(profile ->
                            profile.tenantId().filter(Tenant.Id::isLocal).isEmpty())
                    .toList();
        }

        /** Whether this is the plain name of a profile that is not there yet. */
        public boolean isNew(String wanted) {
            return !looksLikePath(wanted) && !Files.exists(file(wanted));
        }

        // One broken profile must not keep the others from being chosen; it is named when it is chosen itself.
        private Stream<Profile> readable(Path file) {
            try {
                return Stream.of(Profile.read(file, environment));
            } catch (Failure broken) {
                return Stream.empty();
            }
        }

        private Path locate(String wanted) {
            if (looksLikePath(wanted)) {
                Path path = environment.path(wanted, environment.workingDirectory());
                Path file = Files.isDirectory(path) ? path.resolve("profile.yaml") : path;
                if (Files.exists(file)) return file;
            } else {
                Path file = file(wanted);
                if (Files.exists(file)) return file;
            }
            List<Path> files = files();
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Profile not found: '" + Printable.of(wanted) + "'",
                    files.isEmpty() ? hintOfNone() : "Choose one of " + names(files) + " with --profile");
        }

        /** The file of the profile with this plain name, whether it exists or not. */
        public Path file(String name) {
            return environment.path(name, project.profiles()).resolve("profile.yaml");
        }

        // What is no plain name is a path of the person's own choosing, and never joined under profiles/.
        private static boolean looksLikePath(String wanted) {
            String lower = wanted.toLowerCase(Locale.ROOT);
            return wanted.contains("/")
                    || wanted.contains("\\")
                    || wanted.startsWith(".")
                    || wanted.startsWith("~")
                    || lower.endsWith(".yaml")
                    || lower.endsWith(".yml");
        }

        private List<Path> files() {
            if (!Files.isDirectory(project.profiles())) return List.of();
            try (Stream<Path> folders = Files.list(project.profiles())) {
                return folders.map(folder -> folder.resolve("profile.yaml"))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String names(List<Path> files) {
            return files.stream()
                    .map(file -> file.getParent().getFileName().toString())
                    .collect(Collectors.joining(", "));
        }
    }
}
