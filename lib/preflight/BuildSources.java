//SOURCES ../ErrorCode.java
//SOURCES ../Failure.java
//SOURCES ../Finding.java
//SOURCES ../project/DockerfileSources.java
package lib.preflight;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import lib.ErrorCode;
import lib.Failure;
import lib.Finding;
import lib.project.DockerfileSources;
import lib.project.DockerfileSources.Copied;

/** Whether everything that a Dockerfile copies from the project is there, before Docker spends minutes to find out. */
record BuildSources(Path context, Path dockerfile) {
    private static final String CHECK = "sources";

    /** A failure for each missing file, a warning for each pattern without a match; one line where all is there. */
    List<Finding> findings() {
        List<Copied> copied;
        try {
            copied = DockerfileSources.in(Files.readString(dockerfile, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return List.of(); // Docker reads other encodings, and says itself why it can't read a file
        }
        Set<Finding> findings = new LinkedHashSet<>();
        copied.forEach(one -> findings.addAll(missing(one)));
        if (!findings.isEmpty()) return List.copyOf(findings);
        long count = copied.stream().mapToLong(one -> one.sources().size()).sum();
        return count == 0 ? List.of() : List.of(Finding.ok(CHECK, count + " of the Dockerfile, all there"));
    }

    private List<Finding> missing(Copied copied) {
        List<Finding> missing = new ArrayList<>();
        boolean anyThere = false;
        for (String source : copied.sources()) {
            boolean pattern = DockerfileSources.isPattern(source);
            if (pattern ? hasMatch(source) : exists(source)) anyThere = true;
            else if (!pattern) missing.add(Finding.of(CHECK, failure(source, copied.line())));
        }
        boolean onlyPatterns = copied.sources().stream().allMatch(DockerfileSources::isPattern);
        if (onlyPatterns && !anyThere) {
            missing.add(Finding.warn(
                    CHECK,
                    "Line " + copied.line() + " of " + dockerfile + " copies nothing: no file matches "
                            + String.join(" ", copied.sources())));
        }
        return missing;
    }

    private boolean exists(String source) {
        try {
            return Files.exists(context.resolve(source), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return true;
        }
    }

    // A pattern that cannot be judged counts as one that matches.
    private boolean hasMatch(String pattern) {
        String[] parts = pattern.split("/");
        try {
            return matches(context, parts, 0);
        } catch (IOException | PatternSyntaxException | InvalidPathException e) {
            return true;
        }
    }

    private static boolean matches(Path folder, String[] parts, int at) throws IOException {
        if (at == parts.length) return true;
        if (parts[at].equals("**")) return true;
        if (parts[at].equals(".")) return matches(folder, parts, at + 1);
        if (!Files.isDirectory(folder)) return false;
        // Go's patterns know neither braces nor a "!" in brackets.
        String glob =
                parts[at].replaceAll("[{},]", "\\\\$0").replace("[!", "[\\!").replace("[^", "[!");
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child :
                    children.filter(it -> matcher.matches(it.getFileName())).toList()) {
                if (matches(child, parts, at + 1)) return true;
            }
        }
        return false;
    }

    // The two files that nearly every tenant ships are told by the command that makes them.
    private Failure failure(String source, int line) {
        Path path = context.resolve(source);
        if (source.matches("(?:.*/)?target/release/[^/]+")) {
            return config(
                    "Release binary not found: " + path, "Run: cargo build --release --bin " + path.getFileName());
        }
        if (source.matches("(?:.*/)?web/dist(?:/.*)?"))
            return config("Web dist not found: " + path, "Run: npm run build");
        return config("COPY source not found: " + path, "Create it, or correct line " + line + " of " + dockerfile);
    }

    private static Failure config(String message, String hint) {
        return new Failure(ErrorCode.CONFIG, message, hint);
    }
}
