//SOURCES ../Printable.java
package lib.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.Printable;

/**
 * One of several answers that a person can give.
 *
 * @param label what is shown
 * @param id what it alone is called
 * @param name what it is called too, as it was said and not as it is shown
 */
public record Choice(String label, String id, String name) {
    private static final int COMPARED = 100;

    public static Choice of(String name) {
        return new Choice(name, name, name);
    }

    /**
     * The places of those called so: by the id, else by the name, else without regard to case, to how letters are composed
     * and to characters that nobody sees.
     */
    public static List<Integer> called(String wanted, List<Choice> among) {
        String folded = Printable.folded(wanted);
        List<Predicate<Choice>> rules = List.of(
                choice -> choice.id.equals(wanted),
                choice -> choice.name.equals(wanted),
                choice -> choice.spellings().anyMatch(folded::equals));
        for (Predicate<Choice> rule : rules) {
            List<Integer> found = IntStream.range(0, among.size())
                    .filter(place -> rule.test(among.get(place)))
                    .boxed()
                    .toList();
            if (!found.isEmpty()) return found;
        }
        return List.of();
    }

    /** The places of those that are most like what is wanted, the best first. */
    public static List<Integer> nearest(String wanted, List<Choice> among, int limit) {
        String folded = shortened(Printable.folded(wanted));
        List<Integer> distances =
                among.stream().map(choice -> choice.distance(folded)).toList();
        return IntStream.range(0, among.size())
                .boxed()
                .sorted(Comparator.comparing(distances::get))
                .limit(limit)
                .toList();
    }

    String shown() {
        return Printable.of(label);
    }

    /** All that a part of can be typed, to find it. */
    String searched() {
        List<String> texts = new ArrayList<>(spellings().toList());
        texts.add(Printable.folded(shown()));
        return String.join("\n", texts);
    }

    private Stream<String> spellings() {
        return Stream.of(id, name, Printable.of(name)).map(Printable::folded);
    }

    private int distance(String folded) {
        return spellings()
                .mapToInt(spelling -> spelling.contains(folded) ? 0 : distance(shortened(spelling), folded))
                .min()
                .orElseThrow();
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(text.length(), COMPARED));
    }

    /** As Levenshtein counts: letters to put in, to leave out, or to put in the place of others. */
    private static int distance(String one, String other) {
        int[] costs = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[other.length()];
    }
}
