//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Printable.java
package lib.docker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;

/**
 * A folder of this process alone (mode 0700), which goes when it is closed, and when the virtual machine ends without
 * closing it. One that a killed process left behind goes when the next is opened: its lock, which the system releases
 * with the process, tells that nobody lives there.
 */
final class PrivateFolder implements AutoCloseable {
    private static final String PREFIX = "systemprompt-deploy-";
    private static final String LOCK = "lock";

    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    // Closing a lock file, even one opened for a look, gives up all locks that this process has on it. So it never
    // looks at its own, which a process id does not tell: in a container it is that of the run before.
    private static final Set<Path> OPENED = new HashSet<>();
    private static final Set<Path> SWEPT = new HashSet<>();

    // Far longer than it takes to make one.
    private static final Duration BEING_MADE = Duration.ofHours(1);

    private final Path path;
    private final FileChannel channel;
    private final Thread atExit;

    private PrivateFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        this.atExit = new Thread(() -> deleteQuietly(path), "private-folder");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** In the first of these folders that is fit for it. @throws Failure {@code login_failed} where none is */
    static PrivateFolder open(List<Path> parents) {
        List<String> reasons = new ArrayList<>();
        for (Path parent : parents) {
            try {
                return open(parent);
            } catch (IOException e) {
                reasons.add(parent + " " + reason(e));
            }
        }
        throw new Failure(
                ErrorCode.LOGIN_FAILED,
                "No folder can hold the login: " + Printable.of(String.join("; ", reasons)),
                "Set TMPDIR to a folder of your own that has free space and lets programs run");
    }

    private static String reason(IOException e) {
        if (e instanceof UnfitException) return e.getMessage();
        if (e instanceof NoSuchFileException) return "does not exist";
        String said = e instanceof FileSystemException known ? known.getReason() : null;
        return "cannot be written (" + (said == null ? e.getClass().getSimpleName() : said) + ")";
    }

    /** @param parent a folder that is fit for it. @throws UnfitException when it is not */
    static synchronized PrivateFolder open(Path parent) throws IOException {
        Path path = create(parent.toRealPath());
        FileChannel channel = null;
        try {
            if (SWEPT.add(path.getParent())) sweep(path.getParent(), Files.getOwner(path));
            // Locked before it has its name, so that no other process ever finds it free. Owner only, too: whoever may
            // lock the file may keep it from being swept. Executable, to see whether programs run here.
            Path unnamed = path.resolve(LOCK + ".new");
            channel = FileChannel.open(
                    unnamed, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner("rwx------"));
            if (!Files.isExecutable(unnamed)) throw new UnfitException("lets no program run (noexec)");
            channel.lock();
            Files.move(unnamed, path.resolve(LOCK));
            return new PrivateFolder(path, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) channel.close();
            deleteQuietly(path);
            throw e;
        }
    }

    private static Path create(Path parent) throws IOException {
        // Any free name will do. Files.createTempDirectory takes one that nobody can guess, and to start a SecureRandom
        // is most of what this costs.
        String name = PREFIX + Long.toUnsignedString(ThreadLocalRandom.current().nextLong());
        Path path = Files.createDirectory(parent.resolve(name), onlyOwner("rwx------"));
        try {
            if (isPosix(parent)) check(parent, path);
        } catch (IOException e) {
            // It is empty, and what another user may have put in its place is not ours to delete.
            Files.deleteIfExists(path);
            throw e;
        }
        OPENED.add(path.getFileName());
        return path;
    }

    static boolean isPosix(Path parent) {
        return parent.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    static FileAttribute<?>[] onlyOwner(String permissions) {
        return isPosix(Path.of(""))
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The virtual machine ends already, and the hook does the same.
        }
        channel.close();
        delete(path);
    }

    private static void sweep(Path parent, UserPrincipal owner) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (isOwnedBy(owner, folder) && isAbandoned(folder)) deleteQuietly(folder);
            }
        }
    }

    // In a folder that all users share, anybody can make one of this name, and lead whoever deletes it elsewhere.
    private static boolean isOwnedBy(UserPrincipal owner, Path folder) {
        try {
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(owner);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAbandoned(Path folder) {
        if (OPENED.contains(folder.getFileName())) return false;
        Set<StandardOpenOption> write = Set.of(StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), write);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (NoSuchFileException e) {
            return isOld(folder);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOld(Path folder) {
        try {
            Instant changed = Files.getLastModifiedTime(folder).toInstant();
            return changed.isBefore(Instant.now().minus(BEING_MADE));
        } catch (IOException e) {
            return false;
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            delete(folder);
        } catch (IOException e) {
            // Nothing secret is in it, and the next run sweeps it.
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            // Gone already, perhaps: two runs may sweep the same.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failed) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The folder for temporary files, and those that may serve where that one does not. */
    static List<Path> candidates(Environment environment) {
        Path here = environment.workingDirectory();
        List<Path> places = new ArrayList<>();
        environment.variable("TMPDIR").map(here::resolve).ifPresent(places::add);
        places.add(here.resolve(System.getProperty("java.io.tmpdir")));
        Path cache = environment.home().resolve(".cache");
        Stream.of("XDG_RUNTIME_DIR", "XDG_CACHE_HOME")
                .flatMap(name -> environment.variable(name).stream())
                .map(Path::of)
                .filter(Path::isAbsolute) // as the standard of these variables has it
                .forEach(places::add);
        places.add(Files.isDirectory(cache) ? cache : environment.home());
        return List.copyOf(new LinkedHashSet<>(places));
    }

    /** Why it cannot be used, as the end of a sentence that begins with its name. */
    static final class UnfitException extends IOException {
        private static final long serialVersionUID = 1L;

        UnfitException(String why) {
            super(why);
        }
    }

    /**
     * @param folder without links on the way to it
     * @param made what this process has just made in it, and so owns
     */
    static void check(Path folder, Path made) throws IOException {
        if (folder.toString().contains(":")) throw new UnfitException("has a ':' in it, which PATH cannot hold");
        // Whoever owns the root owns all: root, or whatever root is called in a container's namespace.
        Set<Integer> trusted = Set.copyOf(List.of(owner(made), owner(folder.getRoot())));
        for (Path each = folder; each != null; each = each.getParent()) {
            Map<String, Object> attributes = Files.readAttributes(each, "unix:mode,uid");
            int mode = (Integer) attributes.get("mode");
            boolean open = (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
            if (open || !trusted.contains((Integer) attributes.get("uid")))
                throw new UnfitException("lets other users replace what is in it (" + each + " is theirs to write)");
        }
    }

    private static int owner(Path folder) throws IOException {
        return (Integer) Files.getAttribute(folder, "unix:uid");
    }
}
