package lib.docker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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

/**
 * A folder of this process alone (mode 0700), which goes when it is closed. One that a killed process left behind goes
 * when the next is opened: its lock, which the system releases with the process, tells that nobody lives there.
 */
final class PrivateFolder implements AutoCloseable {
    private static final String PREFIX = "systemprompt-deploy-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    private PrivateFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** @param parent the folder for temporary files */
    static PrivateFolder open(Path parent) throws IOException {
        sweep(parent);
        Path path = Files.createTempDirectory(parent, PREFIX, onlyOwner("rwx------"));
        try {
            // Owner only, too: whoever may lock the file may keep it from being swept.
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK),
                    java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    onlyOwner("rw-------"));
            channel.lock();
            return new PrivateFolder(path, channel);
        } catch (IOException e) {
            delete(path);
            throw e;
        }
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
        channel.close();
        delete(path);
    }

    private static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && isAbandoned(folder.resolve(LOCK)))
                    delete(folder);
            }
        }
    }

    private static boolean isAbandoned(Path lock) {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (OverlappingFileLockException | IOException e) {
            // It is this process's own, or another user's, or just being made.
            return false;
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
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
