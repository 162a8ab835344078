package lib.project;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
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

    /**
     * A pattern of an ignore file, as Docker matches it. All its steps are followed at once, since the pattern is foreign text
     * and must not make the match backtrack.
     *
     * <p>Source: moby/patternmatcher, {@code Pattern.compile}, with its peculiarities: {@code **name} is a suffix, a class may
     * match a slash.
     */
    static final class Glob {
        /**
         * @param takes the characters that it matches
         * @param repeats whether it matches any number of them
         * @param skips how many steps one may go on without matching it
         */
        private record Step(IntPredicate takes, boolean repeats, int skips) {}

        private static final IntPredicate ANY = c -> true;
        private static final IntPredicate IN_NAME = c -> c != '/';

        /** What a path begins with, for most of them the reason that they don't match. */
        private final String prefix;

        private final List<Step> steps;

        private Glob(String prefix, List<Step> steps) {
            this.prefix = prefix;
            this.steps = List.copyOf(steps);
        }

        /** Empty where it depends on Docker's version, or is a mistake, what the pattern means. */
        static Optional<Glob> of(String pattern) {
            try {
                return Optional.of(new Parser(pattern).glob());
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** Whether a part of a source in a Dockerfile, in which two stars mean no more than one, names a file; empty likewise. */
        static Optional<Boolean> isMatch(String part, String name) {
            return hasWildcard(part)
                    ? of(part.replaceAll("\\*+", "*")).map(glob -> glob.matches(name))
                    : Optional.of(part.equals(name));
        }

        static boolean hasWildcard(String pattern) {
            return pattern.chars().anyMatch(c -> "*?[]^\\".indexOf(c) >= 0);
        }

        boolean matches(String path) {
            if (!path.startsWith(prefix)) return false;
            boolean[] at = skipping(new boolean[steps.size() + 1], 0);
            for (int c : path.substring(prefix.length()).codePoints().toArray()) {
                boolean[] next = new boolean[at.length];
                for (int i = 0; i < steps.size(); i++) {
                    Step step = steps.get(i);
                    if (at[i] && step.takes().test(c)) skipping(next, step.repeats() ? i : i + 1);
                }
                at = next;
            }
            return at[steps.size()];
        }

        /** Marks a step as reached, and those that can be reached from it for nothing. */
        private boolean[] skipping(boolean[] reached, int from) {
            int to = from;
            for (int i = from; i <= to; i++) {
                reached[i] = true;
                if (i < steps.size()) to = Math.max(to, i + steps.get(i).skips());
            }
            return reached;
        }

        /** Throws {@link IllegalArgumentException} where a pattern cannot be judged. */
        private static final class Parser {
            private final int[] pattern;
            private final boolean suffix;
            private final boolean plain;
            private final StringBuilder prefix = new StringBuilder();
            private final List<Step> steps = new ArrayList<>();
            private int at;

            Parser(String pattern) {
                this.pattern = pattern.codePoints().toArray();
                plain = !isExpression(pattern);
                suffix = pattern.startsWith("**") && !pattern.startsWith("**/") && !isExpression(pattern.substring(2));
            }

            private static boolean isExpression(String text) {
                return text.chars().anyMatch(c -> "*?[]\\".indexOf(c) >= 0);
            }

            Glob glob() {
                while (at < pattern.length) {
                    int c = pattern[at++];
                    if (c == '*' && next('*')) stars();
                    else if (c == '*') steps.add(new Step(IN_NAME, true, 1));
                    else if (c == '?') steps.add(new Step(IN_NAME, false, 0));
                    else if (c == '[') steps.add(new Step(characters(), false, 0));
                    else if (c == '\\') literal(escaped());
                    // As soon as Docker makes it an expression, a caret is an anchor there.
                    else if (c == '^' && !plain) throw new IllegalArgumentException();
                    else literal(c);
                }
                return new Glob(prefix.toString(), steps);
            }

            private boolean next(int c) {
                if (at >= pattern.length || pattern[at] != c) return false;
                at++;
                return true;
            }

            private void stars() {
                next('/');
                if (suffix || at == pattern.length) {
                    steps.add(new Step(ANY, true, 1));
                } else {
                    // Whole folders or none: all three steps may be skipped, but who begins ends with a slash.
                    steps.add(new Step(c -> false, false, 3));
                    steps.add(new Step(ANY, true, 1));
                    literal('/');
                }
            }

            private void literal(int character) {
                if (steps.isEmpty()) prefix.appendCodePoint(character);
                else steps.add(new Step(c -> c == character, false, 0));
            }

            private int escaped() {
                if (at == pattern.length || pattern[at] > 127 || Character.isLetterOrDigit(pattern[at]))
                    throw new IllegalArgumentException();
                return pattern[at++];
            }

            private IntPredicate characters() {
                boolean not = next('^');
                IntPredicate any = c -> false;
                do {
                    int from = character();
                    int to = next('-') ? character() : from;
                    if (from > to) throw new IllegalArgumentException();
                    any = any.or(c -> from <= c && c <= to);
                } while (!next(']'));
                return not ? any.negate() : any;
            }

            private int character() {
                if (at == pattern.length || "[]-^*?\\".indexOf(pattern[at]) >= 0) throw new IllegalArgumentException();
                return pattern[at++];
            }
        }
    }
}
