//SOURCES Glob.java
//SOURCES IgnoreFile.java
//SOURCES ImageBuilder.java
package lib.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import lib.project.IgnoreFile.Rule;

/** The folder that an image is built from, without what its ignore file keeps out. */
public final class BuildContext {
    /** Larger than any ignore file that a person wrote. In bytes. */
    private static final long LIMIT = 256 << 10;

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
        Path path = root.resolve(source);
        try {
            // What is reached by a link is ignored by its own name.
            boolean linked = !path.toRealPath().equals(root.toRealPath().resolve(source));
            boolean excepted = Files.isDirectory(path) && exceptions().findAny().isPresent();
            return linked || excepted ? Optional.empty() : ignoring(source);
        } catch (IOException e) {
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
            return Files.size(file) > LIMIT ? Optional.empty() : Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.of("");
        } catch (IOException e) {
            return Optional.empty(); // no text, or unreadable: the builder tells
        }
    }
}
