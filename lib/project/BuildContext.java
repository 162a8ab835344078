//SOURCES ../Environment.java
//SOURCES IgnoreFile.java
//SOURCES Profile.java
//SOURCES Project.java
package lib.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import lib.Environment;
import lib.project.IgnoreFile.Glob;
import lib.project.IgnoreFile.Rule;
import lib.project.Project.ProjectFile;

/** The folder that an image is built from, without what its ignore file keeps out. */
public final class BuildContext {
    /** Larger than any ignore file that a person wrote. In bytes. */
    private static final int LIMIT = 256 << 10;

    private final Path root;
    private final Path ignoreFile;
    private final ImageBuilder builder;
    private final Optional<String> dockerfile;
    private final Optional<IgnoreFile> rules;

    private BuildContext(Path root, Path dockerfile, ImageBuilder builder) {
        this.root = root;
        this.builder = builder;
        this.ignoreFile = builder.ignoreFile(root, dockerfile);
        this.dockerfile = relative(root, dockerfile);
        this.rules = text(ignoreFile).flatMap(IgnoreFile::of);
    }

    /** The context as this builder sees it. */
    public static BuildContext of(Path root, Path dockerfile, ImageBuilder builder) {
        return new BuildContext(root, dockerfile, builder);
    }

    /** The ignore file that counts; the one to write where there is none. */
    public Path ignoreFile() {
        return ignoreFile;
    }

    /** What is equal for builders that see the same context: they differ in their files, and in the ways of exceptions. */
    public String reading() {
        return ignoreFile + (exceptions().findAny().isPresent() ? " " + builder : "");
    }

    /** Whether the ignore file can be judged; where it cannot, nothing is said to be ignored. */
    public boolean isClear() {
        return rules.isPresent();
    }

    /** The line of the ignore file that keeps a file out; its path is relative to the context. */
    public Optional<Integer> ignoring(String file) {
        return rules.flatMap(known -> known.ignoring(file, builder == ImageBuilder.PODMAN, this::isSearched))
                .map(Rule::line);
    }

    /** The line of the ignore file that surely keeps out all that a source names, a folder's files too. */
    public Optional<Integer> ignoringAll(String source) {
        try {
            Path path = root.resolve(source);
            // What is reached by a link is ignored by its own name.
            boolean linked = !path.toRealPath().equals(root.toRealPath().resolve(source));
            boolean excepted = Files.isDirectory(path) && exceptions().findAny().isPresent();
            return linked || excepted ? Optional.empty() : ignoring(source);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether a source of a Dockerfile is a pattern, of which no match is an error to some builders only. */
    public static boolean isPattern(String source) {
        return source.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    }

    /** Whether a pattern in a Dockerfile names something that is not ignored; where that cannot be judged it does. */
    public boolean hasMatch(String pattern) {
        try {
            return hasMatch("", pattern.split("/"), 0);
        } catch (IOException | InvalidPathException e) {
            return true;
        }
    }

    private boolean hasMatch(String folder, String[] parts, int at) throws IOException {
        if (at == parts.length) return ignoringAll(folder).isEmpty();
        if (!Files.isDirectory(root.resolve(folder))) return false;
        try (Stream<Path> children = Files.list(root.resolve(folder))) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                boolean matches = Glob.isMatch(parts[at], name).orElse(true);
                if (matches && hasMatch(folder.isEmpty() ? name : folder + "/" + name, parts, at + 1)) return true;
            }
        }
        return false;
    }

    // A folder that is ignored is searched only where an exception begins with its name. With wildcards in an exception
    // BuildKit searches all (fsutil, filterFS.Walk); the classic builder excepts the Dockerfile (go-archive, Tar).
    private boolean isSearched(String folder) {
        boolean buildKit = builder == ImageBuilder.BUILDKIT;
        Stream<String> kept = buildKit ? exceptions().map(BuildContext::withoutWildcardsAtItsEnd) : exceptions();
        if (builder == ImageBuilder.CLASSIC) kept = Stream.concat(kept, dockerfile.stream());
        return kept.anyMatch(path -> buildKit && Glob.hasWildcard(path) || (path + "/").startsWith(folder + "/"));
    }

    private static String withoutWildcardsAtItsEnd(String pattern) {
        String folder = pattern.endsWith("/**") ? pattern.substring(0, pattern.length() - 3) : pattern;
        return folder.endsWith("/*") ? folder.substring(0, folder.length() - 2) : folder;
    }

    /** A path as ignore files and Dockerfiles write it; empty where it is not below the folder. */
    static Optional<String> relative(Path folder, Path path) {
        return path.startsWith(folder)
                ? Optional.of(folder.relativize(path).toString().replace('\\', '/'))
                : Optional.empty();
    }

    private Stream<String> exceptions() {
        return rules.stream().flatMap(known -> known.exceptions().stream()).map(Rule::pattern);
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(ProjectFile.decoded(ProjectFile.bytes(file, LIMIT)));
        } catch (NoSuchFileException e) {
            return Optional.of("");
        } catch (IOException e) {
            return Optional.empty(); // no text, or unreadable: the builder tells
        }
    }

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
            return of(
                    project,
                    CREDENTIALS,
                    named(profile, environment, profile.credentialsPath(), profile.tenantsPath()));
        }

        /** The tenant's secrets, which some images read where they lie. */
        public static PrivateFiles secrets(Project project, Profile profile, Environment environment) {
            return of(project, SECRETS, named(profile, environment, profile.secretsPath(), profile.signingKeyPath()));
        }

        /** The lines that the context's ignore file lacks, as far as it can be judged. */
        public List<String> lacking(BuildContext context) {
            if (!context.isClear()) return List.of();
            List<String> open = paths.stream()
                    .filter(path -> context.ignoring(path).isEmpty())
                    .toList();
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
            return Stream.of(one, other)
                    .flatMap(Optional::stream)
                    .map(path -> environment.path(path, profile.folder()));
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

    /** What builds an image, as far as one reads an ignore file otherwise than another. */
    public enum ImageBuilder {
        BUILDKIT {
            @Override
            List<String> besideDockerfile() {
                return List.of(".dockerignore");
            }
        },
        /** Docker's first builder: where BuildKit is switched off, or its plugin is missing. */
        CLASSIC,
        PODMAN {
            @Override
            List<String> besideDockerfile() {
                return List.of(".dockerignore", ".containerignore");
            }

            @Override
            List<String> inRoot() {
                return List.of(".containerignore", ".dockerignore");
            }
        };

        /** What is added to the Dockerfile's name. */
        List<String> besideDockerfile() {
            return List.of();
        }

        List<String> inRoot() {
            return List.of(".dockerignore");
        }

        /** The ignore file that is read: the first there is. Where there is none, the one that every builder would read. */
        Path ignoreFile(Path root, Path dockerfile) {
            for (String name : besideDockerfile()) {
                Path file = dockerfile.resolveSibling(dockerfile.getFileName() + name);
                if (Files.exists(file)) return file;
            }
            for (String name : inRoot()) {
                if (Files.exists(root.resolve(name))) return root.resolve(name);
            }
            return root.resolve(".dockerignore");
        }
    }
}
