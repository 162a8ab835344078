//SOURCES ../Printable.java
//SOURCES Output.java
package lib.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lib.Printable;

/** Asks a person, who is known to be there, in lines, as every terminal can. */
public final class Prompt {
    /** An answer that a person can give, as it is shown, by its id, and by what it is called too, which others may be. */
    public record Choice(String label, String id, String name) {
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

        String shown() {
            return Printable.of(label);
        }

        Stream<String> spellings() {
            return Stream.of(id, name, Printable.of(name)).map(Printable::folded);
        }
    }

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final int LONGEST_LIST = 20;
    private static final int TRIES = 3;

    final Output err;
    final Input in;

    /** Whether the terminal knows control sequences. */
    final boolean draws;

    Prompt(Output err, InputStream in, boolean draws) {
        this.err = err;
        this.in = new Input(in);
        this.draws = draws;
    }

    /** The place of the answer that is chosen. @param current the answer that holds now @return empty for none */
    Optional<Integer> choose(String question, List<Choice> choices, Optional<Integer> current)
            throws InterruptedException {
        if (choices.isEmpty()) return Optional.empty();
        for (int i = 0; i < Math.min(LONGEST_LIST, choices.size()); i++) {
            String mark = current.equals(Optional.of(i)) ? "  (current)" : "";
            err.print("  " + (i + 1) + ") " + choices.get(i).shown() + mark + "\n");
        }
        int more = choices.size() - LONGEST_LIST;
        if (more > 0) err.print("  … and " + more + " more\n");
        for (int tries = 0; tries < TRIES; tries++) {
            err.print(Printable.of(question) + " [number, name or id] ");
            Optional<String> typed = in.line();
            if (typed.isEmpty()) return Optional.empty();
            if (typed.get().isEmpty() && current.isPresent()) return current;
            List<Integer> meant = meant(typed.get(), choices);
            if (meant.size() == 1) return Optional.of(meant.get(0));
            if (meant.size() > 1) err.print("Several are called so: " + ids(meant, choices) + "\n");
            else if (!typed.get().isEmpty()) err.print("Not one of them: " + Printable.of(typed.get()) + "\n");
        }
        return Optional.empty();
    }

    private static List<Integer> meant(String typed, List<Choice> choices) {
        List<Integer> called = Choice.called(typed, choices);
        if (!called.isEmpty() || !NUMBER.matcher(typed).matches()) return called;
        int number = Integer.parseInt(typed);
        return number >= 1 && number <= choices.size() ? List.of(number - 1) : List.of();
    }

    private static String ids(List<Integer> places, List<Choice> choices) {
        return places.stream()
                .limit(LONGEST_LIST)
                .map(place -> choices.get(place).id())
                .collect(Collectors.joining(", "));
    }

    /**
     * Standard input. A thread of its own reads it from the first question on: a read of a terminal or a pipe cannot be
     * interrupted; waiting for that thread can, and so Ctrl-C ends a question at once.
     */
    static final class Input {
        static final int END = -1;
        /** No byte: who waits for one has something else to do first. */
        static final int WAKE = -2;
        /** Nothing came in time. */
        static final int NOTHING = -3;

        static final int LONGEST_LINE = 65_536;

        private final InputStream stream;
        private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>(LONGEST_LINE);
        private Thread reader;

        Input(InputStream stream) {
            this.stream = stream;
        }

        void wake() {
            bytes.offer(WAKE);
        }

        boolean hasEnded() {
            return Integer.valueOf(END).equals(bytes.peek());
        }

        int within(int milliseconds) throws InterruptedException {
            start();
            Integer next = bytes.poll(milliseconds, TimeUnit.MILLISECONDS);
            if (next == null) return NOTHING;
            if (next == END) bytes.put(END);
            return next;
        }

        /** A line without its end; empty when the input has ended and there is none. */
        Optional<String> line() throws InterruptedException {
            int first = within(Integer.MAX_VALUE);
            return first == END ? Optional.empty() : Optional.of(text(first, '\n', LONGEST_LINE));
        }

        /** All that comes until the end, of so many bytes at most. */
        String rest(int limit) throws InterruptedException {
            return text(WAKE, END, limit);
        }

        private String text(int first, int last, int limit) throws InterruptedException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int next = first; next != END && next != last && text.size() < limit; next = within(Integer.MAX_VALUE))
                if (next >= 0) text.write(next);
            return text.toString(StandardCharsets.UTF_8).strip();
        }

        private synchronized void start() {
            if (reader != null) return;
            reader = new Thread(this::pump, "stdin");
            reader.setDaemon(true);
            reader.start();
        }

        private void pump() {
            try {
                for (int next = WAKE; next != END; bytes.put(next)) next = readOne();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private int readOne() {
            try {
                return stream.read();
            } catch (IOException closed) {
                return END;
            }
        }
    }
}
