//SOURCES ../Environment.java
package lib.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lib.Environment;

/** Where a private folder may lie: where nobody else can put another in its place, and PATH can name it. */
final class PrivatePlace {
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int STICKY = 01000;

    private PrivatePlace() {}

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
