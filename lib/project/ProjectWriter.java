//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Template.java
//SOURCES Project.java
package lib.project;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Template;
import lib.project.Project.ProjectFile;

/**
 * Writes files of a project, each whole or not at all: into a file beside the old one, which then takes its place. On any
 * failure the old file is as it was.
 */
public record ProjectWriter(Project project, Consumer<String> warn) {
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rw-------");

    /** A writer of what may be seen, which needs no warning. */
    public ProjectWriter(Project project) {
        this(project, warning -> {});
    }

    /**
     * Writes a file of {@code .systemprompt/} that may hold secrets: mode 0600 from its first byte on, and never through a
     * link, which came with the project perhaps. Warns where git does not ignore it.
     *
     * @throws Failure {@code config} when it cannot be written, or when it or its folder is a link
     */
    public void writePrivate(Path file, String text) {
        refuseLinks(file);
        startFolder();
        replace(file, text, Optional.of(OWNER_ALONE));
        new GitIgnored(project.root()).complaints(file).forEach(warn);
    }

    /** Gives an existing file, of any place, a new text and keeps its mode. A link stays one. @throws Failure {@code config} */
    public static void rewrite(Path file, String text) {
        try {
            Path real = file.toRealPath();
            replace(real, text, isPosix(real) ? Optional.of(Files.getPosixFilePermissions(real)) : Optional.empty());
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Writes a file that is not there yet, with the folders above it. @throws Failure {@code config}, also when it is there */
    public void create(Path file, String text) {
        startFolder();
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(insideProject(file), text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new Failure(
                    ErrorCode.CONFIG, file + " is there already and is not overwritten", "Move it away first");
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Removes a file or the link in its place. @return whether there was one. @throws Failure {@code config} */
    public boolean delete(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return false;
        checkFolder();
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new Failure(
                            ErrorCode.CONFIG,
                            "Cannot remove " + file + ": " + reason(e),
                            "Make its folder writable, then run it again")
                    .causedBy(e);
        }
    }

    /** Renames a private file that cannot be read. @return its new path */
    public Path setAside(Path file, String suffix) {
        refuseLinks(file);
        Path aside = file.resolveSibling(file.getFileName() + suffix);
        try {
            if (isPosix(file)) Files.setPosixFilePermissions(file, OWNER_ALONE);
            return Files.move(file, aside);
        } catch (IOException e) {
            throw cannotWrite(aside, e);
        }
    }

    /** Whether the folder's own {@code .gitignore} hides all of it, profiles too, as other tools write it. */
    public static boolean hidesAllFromGit(Project project) {
        try {
            Path file = project.folder().resolve(".gitignore");
            return ProjectFile.decoded(ProjectFile.bytes(file, ProjectFile.SIZE_LIMIT))
                    .lines()
                    .map(String::strip)
                    .anyMatch(line -> line.equals("*") || line.equals("/*"));
        } catch (IOException e) {
            return false;
        }
    }

    // Secrets, and what is of this machine alone, are ignored; profiles are committed, so that a clone can be deployed.
    // A `.gitignore` that is there is the user's own.
    private void startFolder() {
        checkFolder();
        try {
            Files.createDirectories(project.folder());
            Files.writeString(
                    project.folder().resolve(".gitignore"),
                    Template.of("gitignore", Map.of()),
                    StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(project.folder())) throw cannotWrite(project.folder(), e);
        } catch (IOException e) {
            throw cannotWrite(project.folder(), e);
        }
    }

    private void checkFolder() {
        if (Files.exists(project.folder(), LinkOption.NOFOLLOW_LINKS)) insideProject(project.folder());
    }

    private void refuseLinks(Path file) {
        for (Path path = file; !path.equals(project.root()); path = path.getParent()) {
            if (!Files.isSymbolicLink(path)) continue;
            throw new Failure(
                    ErrorCode.CONFIG,
                    path + " is a link, and nothing secret is written through one",
                    "Put a file or folder of its own in its place, then run it again");
        }
    }

    /** The path with its links resolved. @throws Failure {@code config} when that is elsewhere */
    private Path insideProject(Path path) {
        try {
            Path root = project.root().toRealPath();
            Path real = Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? path.toRealPath()
                    : path.getParent().toRealPath().resolve(path.getFileName());
            if (real.startsWith(root)) return real;
        } catch (IOException e) {
            if (!Files.isSymbolicLink(path)) throw cannotWrite(path, e);
        }
        throw new Failure(
                ErrorCode.CONFIG,
                path + " is a link that leads out of the project; nothing was written",
                "Replace the link by a file or folder of the project, or run this where it leads, with --project DIR");
    }

    private static void replace(Path file, String text, Optional<Set<PosixFilePermission>> mode) {
        Path staged = null;
        try {
            // Its mode is 0600 from the start, wherever there are modes.
            staged = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".tmp");
            try (FileChannel out = FileChannel.open(staged, StandardOpenOption.WRITE)) {
                var bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) out.write(bytes);
                out.force(true);
            }
            if (mode.isPresent() && isPosix(staged)) Files.setPosixFilePermissions(staged, mode.get());
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw discarding(staged, cannotWrite(file, e));
        }
    }

    private static Failure discarding(Path staged, Failure failure) {
        try {
            if (staged != null) Files.deleteIfExists(staged);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static boolean isPosix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix");
    }

    private static Failure cannotWrite(Path file, IOException e) {
        return new Failure(
                        ErrorCode.CONFIG,
                        "Cannot write " + file + ": " + reason(e),
                        e instanceof AccessDeniedException
                                ? ProjectFile.opening(Files.isWritable(file.getParent()) ? file : file.getParent())
                                : "Make room and the folder writable, then run it again; what was there is unchanged")
                .causedBy(e);
    }

    // An exception of the file system's names its file first, and says the reason last, if at all.
    private static String reason(IOException e) {
        String type = e.getClass().getSimpleName().replaceAll("Exception$", "").replaceAll("(?<=[a-z])(?=[A-Z])", " ");
        String message = Printable.of(e.getMessage());
        int colon = message.lastIndexOf(": ");
        boolean namesAFileAlone = colon < 0 && message.contains("/");
        return message.isEmpty() || namesAFileAlone
                ? type.toLowerCase(java.util.Locale.ROOT)
                : message.substring(colon < 0 ? 0 : colon + 2);
    }

    /** Whether git would take a private file along with the project; without git, or outside a repository, it would not. */
    record GitIgnored(Path root) {
        private static final int TIME_LIMIT_SECONDS = 5;

        /** What a person must do so that it does not, a sentence each. */
        List<String> complaints(Path file) {
            List<String> complaints = new ArrayList<>();
            try {
                String path = root.relativize(file).toString();
                // A file that is tracked counts as not ignored, whatever the rules say.
                if (git("check-ignore", "--quiet", "--", path) != 1) return complaints;
                boolean tracked = git("ls-files", "--error-unmatch", "--", path) == 0;
                if (tracked) {
                    complaints.add(file + " is tracked by git. Run 'git rm --cached " + path
                            + "' and commit; what was committed before stays in the history, so log in anew");
                }
                if (!tracked || git("check-ignore", "--quiet", "--no-index", "--", path) == 1) {
                    complaints.add(file + " is not ignored by git. Add the line '*" + file.getFileName() + "*' to "
                            + file.resolveSibling(".gitignore"));
                }
            } catch (IOException e) {
                // No git here.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return complaints;
        }

        private int git(String... arguments) throws IOException, InterruptedException {
            List<String> words = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
            words.addAll(List.of(arguments));
            ProcessBuilder git = Environment.childProcess(words)
                    .directory(root.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            // It is the repository around the project that counts, not one that a variable names.
            git.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
            Process process = git.start();
            process.getOutputStream().close();
            try {
                return process.waitFor(TIME_LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
            } finally {
                process.destroy();
            }
        }
    }
}
