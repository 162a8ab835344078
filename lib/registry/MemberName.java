package lib.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** The names of an archive's members, which must stay inside of it. */
final class MemberName {
    private MemberName() {}

    /** The plain form, without {@code .} and doubled slashes; empty when the name is absolute or climbs out. */
    static Optional<String> of(String name) {
        return resolve("", name);
    }

    /** What a link in this folder points to; empty when that is outside of the archive. */
    static Optional<String> resolve(String folder, String target) {
        if (target.startsWith("/") || target.indexOf('\0') >= 0 || target.indexOf('\\') >= 0) return Optional.empty();
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + "/" + target).split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) parts.addLast(part);
            else if (parts.pollLast() == null) return Optional.empty();
        }
        return Optional.of(String.join("/", parts));
    }

    static String folder(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
}
