//SOURCES ../Failure.java
//SOURCES ../cli/Run.java
//SOURCES ../project/BuildContext.java
//SOURCES ../project/Dockerfile.java
package lib.deploy;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.cli.Run;
import lib.project.BuildContext;
import lib.project.BuildContext.ImageBuilder;
import lib.project.BuildContext.PrivateFiles;
import lib.project.Dockerfile;
import lib.project.Dockerfile.Copied;
import lib.project.Dockerfile.Taken;

/**
 * What a build takes from the project: all that the Dockerfile copies must be there, before Docker spends minutes to find
 * out, and the operator's credentials must not get into the image.
 *
 * @param root the build context's folder
 * @param file the Dockerfile
 * @param elsewhere where the context is sent, if that is not this machine
 */
record BuildSources(Path root, Path file, PrivateFiles credentials, PrivateFiles secrets, Optional<String> elsewhere) {
    private static final String SOURCES = "sources";
    private static final String CONTEXT = "context";

    /**
     * A failure for each missing file, and for credentials that get into the image; a warning for what is odd.
     *
     * @param builders the one that will build, or several where that cannot be told; asked only where it matters
     */
    List<Finding> findings(Run.Work<Set<ImageBuilder>> builders) throws InterruptedException {
        Dockerfile dockerfile = Dockerfile.read(file);
        List<List<Finding>> views = views(dockerfile, EnumSet.allOf(ImageBuilder.class));
        if (views.size() > 1) views = views(dockerfile, builders.get());
        List<Finding> findings = new ArrayList<>();
        for (Finding finding : views.get(0)) if (isAgreed(finding, views)) findings.add(finding);
        // Whether a file is ignored is left to Docker then, but credentials are nothing to be tried with.
        for (List<Finding> view : views) {
            for (Finding finding : view) {
                if (finding.check().equals(CONTEXT) && !isAgreed(finding, views))
                    findings.add(Finding.warn(CONTEXT, finding.message() + ". " + finding.hint()));
            }
        }
        return findings;
    }

    /** What these builders would see, as far as it differs. */
    private List<List<Finding>> views(Dockerfile dockerfile, Set<ImageBuilder> builders) {
        Map<String, BuildContext> contexts = new LinkedHashMap<>();
        for (ImageBuilder builder : builders) {
            BuildContext context = BuildContext.of(root, file, builder);
            contexts.putIfAbsent(context.reading(), context);
        }
        Set<List<Finding>> views = new LinkedHashSet<>();
        for (BuildContext context : contexts.values()) views.add(view(dockerfile, context));
        return List.copyOf(views);
    }

    private static boolean isAgreed(Finding finding, List<List<Finding>> views) {
        return views.stream()
                .allMatch(view -> view.stream()
                        .anyMatch(other -> other.state() == finding.state()
                                && other.message().equals(finding.message())));
    }

    private List<Finding> view(Dockerfile dockerfile, BuildContext context) {
        List<Finding> findings = new ArrayList<>();
        int sources = 0;
        for (Copied copied : dockerfile.copied()) {
            findings.addAll(missing(copied, context));
            sources += copied.sources().size();
        }
        if (findings.isEmpty() && sources > 0)
            findings.add(Finding.ok(SOURCES, sources + " of the Dockerfile, all there"));
        exposed(dockerfile.in(context), context).ifPresent(findings::add);
        leaked(dockerfile.in(context), context).ifPresent(findings::add);
        return findings;
    }

    private List<Finding> missing(Copied copied, BuildContext context) {
        List<Finding> missing = new ArrayList<>();
        boolean anyThere = false;
        for (String source : new LinkedHashSet<>(copied.sources())) {
            boolean pattern = BuildContext.isPattern(source);
            Optional<Failure> failure = pattern ? Optional.empty() : failure(source, copied.line(), context);
            failure.ifPresent(it -> missing.add(Finding.of(SOURCES, it)));
            if (pattern ? context.hasMatch(source) : failure.isEmpty()) anyThere = true;
        }
        boolean onlyPatterns = copied.sources().stream().allMatch(BuildContext::isPattern);
        if (onlyPatterns && !anyThere) {
            missing.add(Finding.warn(
                    SOURCES,
                    "Line " + copied.line() + " of " + file + " copies nothing: no file matches "
                            + String.join(" ", copied.sources())));
        }
        return missing;
    }

    private Optional<Failure> failure(String source, int line, BuildContext context) {
        Path path;
        Path target;
        try {
            path = root.resolve(source);
            target = root.resolve(context.resolved(source));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
        // A link that leads nowhere is left to Docker.
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path))
            return Optional.of(missing(path, source, line));
        return context.ignoringAll(source).map(ignoring -> {
            String correct = "correct line " + line + " of " + file;
            boolean isPrivate = credentials.paths().stream().anyMatch(it -> (it + "/").startsWith(source + "/"));
            return config(
                    "COPY source is ignored: " + path + " (line " + ignoring + " of " + context.ignoreFile() + ")",
                    isPrivate
                            ? "It holds your credentials: " + correct
                            : "Add '!" + source + "' at the end of that file, or " + correct);
        });
    }

    // The two files that nearly every tenant ships are told by the command that makes them.
    private Failure missing(Path path, String source, int line) {
        if (source.matches("(?:.*/)?target/release/[^/]+")) {
            return config(
                    "Release binary not found: " + path, "Run: cargo build --release --bin " + path.getFileName());
        }
        if (source.matches("(?:.*/)?web/dist(?:/.*)?"))
            return config("Web dist not found: " + path, "Run: npm run build");
        return config("COPY source not found: " + path, "Create it, or correct line " + line + " of " + file);
    }

    private static Failure config(String message, String hint) {
        return new Failure(ErrorCode.CONFIG, message, hint);
    }

    /** What of the operator's own gets into the image, or within somebody's reach. */
    private Optional<Finding> exposed(Dockerfile dockerfile, BuildContext context) {
        List<String> open = notIgnored(credentials, context);
        List<String> taken =
                open.stream().filter(path -> dockerfile.taken(path).isPresent()).toList();
        List<String> copied = intoImage(taken, dockerfile);
        if (!copied.isEmpty() && context.isClear()) {
            String hint = "Add at the end of " + context.ignoreFile() + ":\n    "
                    + String.join("\n    ", credentials.lacking(context));
            return Optional.of(Finding.of(
                    CONTEXT, config("Your credentials would get into the image: " + named(copied, dockerfile), hint)));
        }
        if (!taken.isEmpty())
            return warning(
                    "Your credentials are within reach of the build", named(taken, dockerfile), credentials, context);
        if (open.isEmpty() || elsewhere.isEmpty()) return Optional.empty();
        String what = "Your credentials are part of the build context, which goes to " + elsewhere.get();
        return warning(what, String.join(", ", open), credentials, context);
    }

    /** What of the tenant's own gets into the image, where some images read it. */
    private Optional<Finding> leaked(Dockerfile dockerfile, BuildContext context) {
        List<String> copied = intoImage(notIgnored(secrets, context), dockerfile);
        if (copied.isEmpty()) return Optional.empty();
        String what = "Secrets of the tenant get into the image, which is right only if it reads them there";
        return warning(what, named(copied, dockerfile), secrets, context);
    }

    private static List<String> intoImage(List<String> paths, Dockerfile dockerfile) {
        return paths.stream()
                .filter(path -> dockerfile.taken(path).filter(Taken::intoImage).isPresent())
                .toList();
    }

    private static List<String> notIgnored(PrivateFiles files, BuildContext context) {
        return files.paths().stream()
                .filter(path -> context.ignoring(path).isEmpty())
                .toList();
    }

    private String named(List<String> paths, Dockerfile dockerfile) {
        int line = dockerfile.taken(paths.get(0)).orElseThrow().line();
        return String.join(", ", paths) + " (line " + line + " of " + file + ")";
    }

    private static Optional<Finding> warning(String what, String paths, PrivateFiles files, BuildContext context) {
        String fix = context.isClear()
                ? "Add at the end of " + context.ignoreFile() + ": " + String.join(", ", files.lacking(context))
                : "See whether " + context.ignoreFile() + " keeps them out: one of its lines is not judged here";
        return Optional.of(Finding.warn(CONTEXT, what + ": " + paths + ". " + fix));
    }
}
