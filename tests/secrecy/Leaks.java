package secrecy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where a secret was found, in words that do not show it. */
record Leaks(Canary canary, Predicate<Path> allowed) {
    static Leaks of(Canary canary) {
        return new Leaks(canary, path -> false);
    }

    /** Without looking into this file, in which the secret may be. */
    Leaks but(Path file) {
        return new Leaks(canary, allowed.or(file::equals));
    }

    /** Nor into the file beside it that is written first, whole, and then renamed to it. */
    Leaks butStaged(Path file) {
        String name = Pattern.quote("." + file.getFileName()) + "[0-9]+\\.tmp";
        Predicate<Path> staged = path -> file.getParent().equals(path.getParent())
                && path.getFileName().toString().matches(name);
        return new Leaks(canary, allowed.or(staged));
    }

    /** In what a tree of processes wrote to files, or was started with; and what the trace could not see. */
    List<String> in(Trace trace) {
        List<String> found = new ArrayList<>(trace.unseen());
        trace.files().forEach((path, bytes) -> {
            if (!allowed.test(Path.of(path))) {
                canary.in(bytes).ifPresent(form -> found.add(form + " was written to " + path));
            }
        });
        for (Trace.Start start : trace.starts()) {
            for (String word : start.words()) {
                canary.in(word)
                        .ifPresent(form -> found.add(form + " was in an argument or the environment of "
                                + start.words().get(0)));
            }
        }
        return found;
    }

    /** In the names, the contents and the links of all that is in these folders. */
    List<String> in(Path... folders) {
        List<String> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(Predicate.not(allowed)).forEach(file -> look(file, found));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private void look(Path file, List<String> found) {
        canary.in(file.getFileName().toString())
                .ifPresent(form -> found.add(form + " is in the name of " + file.getParent()));
        try {
            if (Files.isSymbolicLink(file)) {
                canary.in(Files.readSymbolicLink(file).toString())
                        .ifPresent(form -> found.add(form + " is in the link " + file));
            } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                canary.in(Files.readAllBytes(file)).ifPresent(form -> found.add(form + " is in " + file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
