//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES Profile.java
//SOURCES Project.java
//SOURCES TenantId.java
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
                .filter(profile -> profile.tenantId().filter(TenantId::isLocal).isEmpty())
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
