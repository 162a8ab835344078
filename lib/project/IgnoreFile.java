//SOURCES Glob.java
package lib.project;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rules of a {@code .dockerignore}, as Docker applies them to a build context.
 *
 * <p>Source: moby/patternmatcher, {@code ignorefile.ReadAll}, {@code New} and {@code MatchesUsingParentResults}.
 */
final class IgnoreFile {
    /**
     * A line of the file.
     *
     * @param line its number, counted from 1
     * @param exception whether it begins with {@code !}
     * @param pattern without that, and in its shortest form
     */
    record Rule(int line, boolean exception, String pattern, Glob glob) {}

    private final List<Rule> rules;

    private IgnoreFile(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The rules of a text; empty where one of them cannot be judged, or is a mistake that ends the build. */
    static Optional<IgnoreFile> of(String text) {
        List<Rule> rules = new ArrayList<>();
        String[] lines = (text.startsWith("\ufeff") ? text.substring(1) : text).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String pattern = lines[i].startsWith("#") ? "" : pattern(lines[i]);
            if (pattern.isEmpty()) continue;
            boolean exception = pattern.startsWith("!");
            if (exception) pattern = pattern.substring(1);
            Optional<Glob> glob = Glob.of(pattern);
            if (pattern.isEmpty() || glob.isEmpty()) return Optional.empty();
            rules.add(new Rule(i + 1, exception, pattern, glob.get()));
        }
        return Optional.of(new IgnoreFile(rules));
    }

    List<Rule> exceptions() {
        return rules.stream().filter(Rule::exception).toList();
    }

    /**
     * The rule that keeps a path out of the build, if one does.
     *
     * @param path relative to the context
     * @param lastCounts whether every rule holds for all that is below what it matches, as to Podman; to Docker, one that
     *     changes nothing there does not
     * @param searched tells of a folder that is ignored whether the builder looks for exceptions in it
     */
    Optional<Rule> ignoring(String path, boolean lastCounts, Predicate<String> searched) {
        boolean[] matched = new boolean[rules.size()];
        for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
            String part = end < 0 ? path : path.substring(0, end);
            Optional<Rule> ignoring = Optional.empty();
            for (int i = 0; i < matched.length; i++) {
                Rule rule = rules.get(i);
                boolean tried = lastCounts || rule.exception() == ignoring.isPresent();
                matched[i] |= tried && rule.glob().matches(part);
                if (matched[i]) ignoring = rule.exception() ? Optional.empty() : Optional.of(rule);
            }
            if (end < 0 || ignoring.isPresent() && !searched.test(part)) return ignoring;
        }
    }

    /** The rule that does, where nothing below a folder that is ignored is an exception. */
    Optional<Rule> ignoring(String path) {
        return ignoring(path, false, folder -> false);
    }

    private static String pattern(String line) {
        String text = trimmed(line);
        boolean exception = text.startsWith("!");
        if (exception) text = trimmed(text.substring(1));
        if (!text.isEmpty()) text = clean(text);
        if (text.length() > 1 && text.startsWith("/")) text = text.substring(1);
        text = trimmed(exception ? "!" + text : text);
        return text.isEmpty() ? text : clean(text);
    }

    /** The shortest form of a path, after Go's {@code path.Clean}. */
    static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) continue;
            if (!part.equals("..")) parts.addLast(part);
            else if (!parts.isEmpty() && !parts.getLast().equals("..")) parts.removeLast();
            else if (!path.startsWith("/")) parts.addLast(part);
        }
        String joined = String.join("/", parts);
        return path.startsWith("/") ? "/" + joined : joined.isEmpty() ? "." : joined;
    }

    // Java's strip leaves a no-break space, Go's TrimSpace does not.
    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) from++;
        while (from < to && isSpace(text.charAt(to - 1))) to--;
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return Character.isSpaceChar(c) || c >= '\t' && c <= '\r' || c == 0x85;
    }
}
