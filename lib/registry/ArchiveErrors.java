package lib.registry;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import lib.ErrorCode;
import lib.Failure;
import lib.Printable;

/** The ways in which a file is no image that could be pushed, each with what to do about it. */
final class ArchiveErrors {
    private static final String MAKE_ONE =
            "Make one with 'docker save -o FILE IMAGE' or 'skopeo copy … oci-archive:FILE'";

    private ArchiveErrors() {}

    static Failure because(Path file, String reason) {
        return failure("is no image archive: " + reason, file, MAKE_ONE);
    }

    static Failure unreadable(Path file, Exception cause) {
        String told = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        String reason = cause instanceof AccessDeniedException ? "permission denied" : told;
        return failure("can't be read: " + reason, file, "Check the path and its permissions")
                .causedBy(cause);
    }

    static Failure missing(Path file) {
        return failure("does not exist", file, "Check the path; " + MAKE_ONE.replaceFirst("M", "m"));
    }

    static Failure packed(Path file, String format, String command) {
        String hint = Printable.of("Unpack it first: " + command + " '" + file + "'");
        return failure("is packed with " + format + " and can't be read in place", file, hint);
    }

    static Failure truncated(Path file, String what) {
        return failure("is truncated: " + what, file, "Copy or save the archive again");
    }

    static Failure damaged(Path file, String what) {
        return failure("is damaged: " + what, file, "Copy or save the archive again");
    }

    static Failure escapes(Path file, String name) {
        return failure("is refused: it points outside of itself with '" + name + "'", file, MAKE_ONE);
    }

    static Failure undecided(Path file, String what, String hint) {
        return failure(what, file, hint);
    }

    private static Failure failure(String what, Path file, String hint) {
        return new Failure(ErrorCode.CONFIG, Printable.of("'" + file + "' " + what), hint);
    }
}
