package lib.cli;

import java.util.List;
import java.util.Optional;

/**
 * A question with several answers, asked of a person: with the arrow keys where the terminal can do that, and with numbers
 * always.
 *
 * @param current the answer that holds now
 */
record Question(String question, List<String> answers, Optional<Integer> current) {
    private static final int ESCAPE = 27;
    private static final int UP = -2;
    private static final int DOWN = -3;
    private static final int CANCEL = -4;

    /** @return empty when the person gives none */
    Optional<Integer> ask(Output err, Input input) throws InterruptedException {
        if (answers.isEmpty()) return Optional.empty();
        boolean fits = answers.size() <= RawTerminal.height() - 3;
        Optional<RawTerminal> raw = fits ? RawTerminal.open() : Optional.empty();
        if (raw.isEmpty()) return byNumber(err, input);
        try {
            return byKeys(err, input);
        } finally {
            raw.get().close();
        }
    }

    /** Draws the list, and draws it anew over itself after each key. */
    Optional<Integer> byKeys(Output err, Input input) throws InterruptedException {
        int at = current.orElse(0);
        String typed = "";
        err.print(question + "  (arrow keys or a number, then Enter; q to leave)\n");
        try {
            for (boolean first = true; ; first = false) {
                draw(err, at, first);
                int key = key(input);
                if (key == CANCEL) return Optional.empty();
                if (key == '\n' || key == '\r') return Optional.of(at);
                if (key == UP) at = Math.floorMod(at - 1, answers.size());
                if (key == DOWN) at = Math.floorMod(at + 1, answers.size());
                typed = key >= '0' && key <= '9' ? typed + (char) key : "";
                at = numbered(typed).orElse(at);
            }
        } finally {
            err.print("\r\u001b[K");
        }
    }

    private void draw(Output err, int at, boolean first) {
        StringBuilder list = new StringBuilder(first ? "" : "\u001b[" + answers.size() + "A");
        for (int i = 0; i < answers.size(); i++) {
            String line = (i == at ? "❯ " : "  ") + (i + 1) + ") " + answers.get(i) + mark(i);
            list.append("\r\u001b[K")
                    .append(i == at ? "\u001b[7m" + line + "\u001b[0m" : line)
                    .append('\n');
        }
        err.print(list.toString());
    }

    private String mark(int answer) {
        return current.equals(Optional.of(answer)) ? "  (current)" : "";
    }

    private static int key(Input input) throws InterruptedException {
        int key = input.read();
        if (key < 0 || key == 'q' || key == 4) return CANCEL;
        if (key == 'k') return UP;
        if (key == 'j') return DOWN;
        if (key != ESCAPE) return key;
        int bracket = input.readSoon();
        if (bracket < 0) return CANCEL;
        int letter = bracket == '[' || bracket == 'O' ? input.readSoon() : 0;
        return letter == 'A' ? UP : letter == 'B' ? DOWN : 0;
    }

    /** The answer that a number names, counted from 0. */
    private Optional<Integer> numbered(String typed) {
        if (!typed.matches("[0-9]{1,4}")) return Optional.empty();
        int number = Integer.parseInt(typed);
        return number >= 1 && number <= answers.size() ? Optional.of(number - 1) : Optional.empty();
    }

    Optional<Integer> byNumber(Output err, Input input) throws InterruptedException {
        for (int i = 0; i < answers.size(); i++) err.print("  " + (i + 1) + ") " + answers.get(i) + mark(i) + "\n");
        for (int tries = 0; tries < 3; tries++) {
            err.print(question + " [1-" + answers.size() + "] ");
            Optional<String> typed = input.line();
            if (typed.isEmpty()) return Optional.empty();
            if (typed.get().isEmpty() && current.isPresent()) return current;
            Optional<Integer> chosen = numbered(typed.get());
            if (chosen.isPresent()) return chosen;
        }
        return Optional.empty();
    }
}
