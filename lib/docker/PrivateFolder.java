package lib.docker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A folder of this process alone (mode 0700), which goes when it is closed, and when the virtual machine ends without
 * closing it. One that a killed process left behind goes when the next is opened: its lock, which the system releases
 * with the process, tells that nobody lives there.
 */
final class PrivateFolder implements AutoCloseable {
    private static final String PREFIX = "systemprompt-deploy-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final Thread atExit;

    private PrivateFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        this.atExit = new Thread(() -> deleteQuietly(path), "private-folder");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** @param parent the folder for temporary files */
    static PrivateFolder open(Path parent) throws IOException {
        Path path = Files.createTempDirectory(parent, ownPrefix(), onlyOwner("rwx------"));
        FileChannel channel = null;
        try {
            sweep(parent, Files.getOwner(path));
            // Locked before it has its name, so that no other process ever finds it free. Owner only, too: whoever may
            // lock the file may keep it from being swept.
            Path unnamed = path.resolve(LOCK + ".new");
            channel = FileChannel.open(
                    unnamed, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner("rw-------"));
            channel.lock();
            Files.move(unnamed, path.resolve(LOCK));
            return new PrivateFolder(path, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) channel.close();
            deleteQuietly(path);
            throw e;
        }
    }

    // Closing a lock file, even one opened for a look, gives up all locks that this process has on it. So it never
    // looks at its own.
    private static String ownPrefix() {
        return PREFIX + ProcessHandle.current().pid() + "-";
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
        if (folder.getFileName().toString().startsWith(ownPrefix())) return false;
        Set<StandardOpenOption> write = Set.of(StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), write);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (IOException e) {
            // It is just being made.
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
}
