//SOURCES ../Environment.java
//SOURCES IgnoreFile.java
//SOURCES Profile.java
//SOURCES Project.java
package lib.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lib.Environment;
import lib.project.IgnoreFile.Glob;
import lib.project.IgnoreFile.Rule;
import lib.project.Project.ProjectFile;

/** The folder that an image is built from, without what its ignore file keeps out. */
public final class BuildContext {
    /** Larger than any ignore file that a person wrote. In bytes. */
    private static final int LIMIT = 256 << 10;

    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    /** A line that Podman reads in a way of its own: as an expression, or with no ending after two stars. */
    private static final Pattern ODD_TO_PODMAN = Pattern.compile("(?m)^(?!#)(! |.*([$^+(){}|]|\\*\\*[^/\\s]))");

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
        this.rules = text(ignoreFile)
                .filter(text -> builder != ImageBuilder.PODMAN
                        || !ODD_TO_PODMAN.matcher(text).find())
                .flatMap(IgnoreFile::of);
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
            boolean linked = !resolved(source).equals(source);
            boolean excepted = Files.isDirectory(path) && exceptions().findAny().isPresent();
            return linked || excepted ? Optional.empty() : ignoring(source);
        } catch (InvalidPathException e) {
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
            return matches(pattern).anyMatch(name -> ignoringAll(name).isEmpty());
        } catch (UncheckedIOException | InvalidPathException e) {
            return true;
        }
    }

    /** The names by which a source of a Dockerfile gets files: its own, and those that links lead to. */
    Stream<String> names(String source) {
        try {
            List<String> linked = (isPattern(source) ? matches(source) : Stream.of(source))
                    .filter(name -> !resolved(name).equals(name))
                    .map(this::resolved)
                    .toList();
            return Stream.concat(Stream.of(source), linked.stream());
        } catch (UncheckedIOException | InvalidPathException e) {
            return Stream.of(source);
        }
    }

    private Stream<String> matches(String pattern) {
        Stream<String> names = Stream.of("");
        for (String part : pattern.split("/")) names = names.flatMap(folder -> children(folder, part));
        return names;
    }

    private Stream<String> children(String folder, String pattern) {
        Path path = root.resolve(resolved(folder));
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) return Stream.empty();
        try (Stream<Path> children = Files.list(path)) {
            List<String> names = children.map(child -> child.getFileName().toString())
                    .filter(name -> Glob.isMatch(pattern, name).orElse(true))
                    .map(name -> folder.isEmpty() ? name : folder + "/" + name)
                    .toList();
            return names.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a name leads to, as builders follow links: to them the context is the root folder, which no link leaves. */
    public String resolved(String name) {
        Path at = root;
        Deque<Path> rest = new ArrayDeque<>();
        Path.of(name).forEach(rest::add);
        for (int links = 0; !rest.isEmpty() && links < MOST_LINKS; ) {
            Path next = at.resolve(rest.pop()).normalize();
            if (!next.startsWith(root)) continue;
            Optional<Path> target = target(next);
            if (target.isPresent()) {
                links++;
                if (target.get().isAbsolute()) at = root;
                List<Path> parts = new ArrayList<>();
                target.get().forEach(part -> parts.add(0, part));
                parts.forEach(rest::push);
            } else {
                at = next;
            }
        }
        return at.equals(root) ? "." : relative(root, at).orElseThrow();
    }

    private static Optional<Path> target(Path link) {
        try {
            return Files.isSymbolicLink(link) ? Optional.of(Files.readSymbolicLink(link)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
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
