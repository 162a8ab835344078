//SOURCES ../Environment.java
//SOURCES BuildContext.java
//SOURCES IgnoreFile.java
//SOURCES Profile.java
//SOURCES Project.java
package lib.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.Environment;

/**
 * Files of a project that do not belong into an image.
 *
 * @param lines those of an ignore file that keep them out of a build
 * @param paths those of them that exist, relative to the project
 */
public record PrivateFiles(List<String> lines, List<String> paths) {
    /** Copies that are half written or set aside are among them. */
    static final List<String> CREDENTIALS = List.of(
            ".systemprompt/credentials.json*",
            ".systemprompt/.credentials.json*",
            ".systemprompt/tenants.json*",
            ".systemprompt/.tenants.json*",
            ".systemprompt/session.json",
            ".systemprompt/sessions");

    static final List<String> SECRETS = List.of(".systemprompt/**/secrets.json", ".systemprompt/**/*.pem");

    public PrivateFiles {
        lines = List.copyOf(lines);
        paths = List.copyOf(paths);
    }

    /** The operator's own credentials, which no image needs. */
    public static PrivateFiles credentials(Project project, Profile profile, Environment environment) {
        return of(project, CREDENTIALS, named(profile, environment, profile.credentialsPath(), profile.tenantsPath()));
    }

    /** The tenant's secrets, which some images read where they lie. */
    public static PrivateFiles secrets(Project project, Profile profile, Environment environment) {
        return of(project, SECRETS, named(profile, environment, profile.secretsPath(), profile.signingKeyPath()));
    }

    /** The lines that the context's ignore file lacks, as far as it can be judged. */
    public List<String> lacking(BuildContext context) {
        if (!context.isClear()) return List.of();
        List<String> open =
                paths.stream().filter(path -> context.ignoring(path).isEmpty()).toList();
        return lines.stream()
                .filter(line -> context.ignoring(plainest(line)).isEmpty()
                        || open.stream()
                                .anyMatch(path ->
                                        rules(List.of(line)).ignoring(path).isPresent()))
                .toList();
    }

    /** A file that a line is for. */
    private static String plainest(String line) {
        return line.replace("**", "profiles").replace("*", "");
    }

    private static IgnoreFile rules(List<String> lines) {
        return IgnoreFile.of(String.join("\n", lines)).orElseThrow();
    }

    private static Stream<Path> named(
            Profile profile, Environment environment, Optional<String> one, Optional<String> other) {
        return Stream.of(one, other).flatMap(Optional::stream).map(path -> environment.path(path, profile.folder()));
    }

    private static PrivateFiles of(Project project, List<String> usual, Stream<Path> named) {
        IgnoreFile rules = rules(usual);
        Set<String> paths = new TreeSet<>();
        List<Path> folders = new ArrayList<>(list(project.profiles()));
        folders.addAll(List.of(project.folder(), project.folder().resolve("sessions")));
        for (Path folder : folders) {
            for (Path file : list(folder)) {
                Optional<String> path = BuildContext.relative(project.root(), file);
                if (path.flatMap(rules::ignoring).isPresent()) add(file, project, paths);
            }
        }
        named.forEach(file -> add(file, project, paths));
        List<String> lines = new ArrayList<>(usual);
        paths.stream().filter(path -> rules.ignoring(path).isEmpty()).forEach(lines::add);
        return new PrivateFiles(lines, List.copyOf(paths));
    }

    // What a link leads to gets into a build by its own name, and from outside it does not.
    private static void add(Path file, Project project, Set<String> paths) {
        try {
            if (!Files.isRegularFile(file)) return;
            BuildContext.relative(project.root().toRealPath(), file.toRealPath())
                    .ifPresent(paths::add);
        } catch (IOException e) {
            // Gone by now.
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            return List.of(); // no folder, or one that a builder cannot look into either
        }
    }
}
