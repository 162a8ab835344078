package lib.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A pattern of an ignore file, as Docker matches it. All its steps are followed at once, since the pattern is foreign text
 * and must not make the match backtrack.
 *
 * <p>Source: moby/patternmatcher, {@code Pattern.compile}, with its peculiarities: {@code **name} is a suffix, a class may
 * match a slash.
 */
final class Glob {
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
