//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ArchiveFiles.java
package lib.registry;

import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Printable.WebPage;
import lib.registry.ArchiveFiles.Packing;

/** The ways in which a file is no image that could be pushed, each with what to do about it. */
final class ArchiveErrors {
    private static final String MAKE_ONE =
            "Make one with 'docker save -o FILE IMAGE' or 'skopeo copy … oci-archive:FILE'";
    private static final String AGAIN = "Copy or save the archive again";

    private ArchiveErrors() {}

    static Failure because(Path file, String reason) {
        return failure(file, "is no image archive: " + reason, MAKE_ONE);
    }

    /** What is no tar, by its first bytes: often it stands for one that did not come. */
    static Failure noTar(Path file, byte[] start) {
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("version https://git-lfs"))
            return failure(
                    file,
                    "is no image archive: Git LFS keeps it, and this is but the pointer to it",
                    "Fetch the file itself: git lfs pull");
        if (WebPage.in(text).isPresent())
            return failure(
                    file,
                    "is no image archive: it is a web page, or XML",
                    "Look at the page, and download the file again");
        boolean isUtf16 = text.startsWith("\u00FF\u00FE");
        return because(file, isUtf16 ? "it is text in UTF-16, as PowerShell's '>' writes it" : "it is not a tar");
    }

    /** @param names those of its files, since a tar of a folder has the image in that folder */
    static Failure noIndex(Path file, Stream<String> names) {
        String missing = "it has neither index.json nor manifest.json";
        Optional<String> folder = names.filter(name -> name.matches("[^/]+/(?:index|manifest)\\.json"))
                .map(ArchiveFiles::folderOf)
                .sorted()
                .findFirst();
        if (folder.isEmpty()) return because(file, missing);
        String unpack = Files.isDirectory(file) ? "" : ", unpacked by: tar -xf " + quoted(file);
        return failure(
                file,
                "is no image archive: " + missing + ", but its folder '" + folder.get() + "' has one",
                Printable.of("Name that folder with --archive" + unpack));
    }

    static Failure unreadable(Path file, Exception cause) {
        return failure(file, "can't be read: " + reason(cause), "Check the path and its permissions")
                .causedBy(cause);
    }

    static Failure missing(Path file) {
        return failure(file, "does not exist", "Check the path; " + MAKE_ONE.replaceFirst("M", "m"));
    }

    static Failure pipe(Path file) {
        return failure(
                file,
                "is a pipe or a device, and an archive is read more than once",
                "Save it to a file first: docker save IMAGE > image.tar");
    }

    static Failure packed(Path file, Packing packing) {
        return failure(file, "is packed with " + packing, unpack(file, packing));
    }

    /** A gzip that could not be unpacked into this folder. */
    static Failure notUnpacked(Path file, Path folder, Exception cause) {
        String hint = unpack(file, Packing.GZIP) + "; or name another folder in TMPDIR";
        return failure(file, "can't be unpacked into '" + folder + "': " + reason(cause), hint)
                .causedBy(cause);
    }

    /** A command that works wherever the file lies, since it writes elsewhere. */
    private static String unpack(Path file, Packing packing) {
        return Printable.of("Unpack it first: " + packing.command + " " + quoted(file) + " > image.tar");
    }

    private static String quoted(Path file) {
        return "'" + file.toString().replace("'", "'\\''") + "'";
    }

    /** A folder or tar of skopeo's {@code dir:} transport. */
    static Failure directoryTransport(Path file, boolean isFolder) {
        String folder = isFolder ? quoted(file) : "FOLDER";
        String unpack = isFolder ? "" : "tar -xf " + quoted(file) + " -C FOLDER && ";
        return failure(
                file,
                "is a folder of skopeo's and buildah's dir: transport, which only they read",
                Printable.of(
                        "Make an archive of it: " + unpack + "skopeo copy dir:" + folder + " oci-archive:image.tar"));
    }

    static Failure truncated(Path file, String what) {
        return failure(file, "is truncated: " + what, AGAIN);
    }

    static Failure damaged(Path file, String what) {
        return failure(file, "is damaged: " + what, AGAIN);
    }

    static Failure escapes(Path file, String name) {
        return failure(file, "is refused: it points outside of itself with '" + name + "'", MAKE_ONE);
    }

    static Failure undecided(Path file, String what, String hint) {
        return failure(file, what, hint);
    }

    private static String reason(Exception cause) {
        if (cause instanceof AccessDeniedException) return "permission denied";
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static Failure failure(Path file, String what, String hint) {
        return new Failure(ErrorCode.CONFIG, Printable.of("'" + file + "' " + what), hint);
    }
}
