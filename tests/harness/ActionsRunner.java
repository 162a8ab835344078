package harness;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The commands that GitHub's runner finds in what a step writes to one of its streams. Source: actions/runner,
 * ActionCommand and ActionCommandManager.
 */
public final class ActionsRunner {
    private final Set<String> known = new HashSet<>(Set.of(
            "stop-commands",
            "error",
            "warning",
            "notice",
            "debug",
            "group",
            "endgroup",
            "add-mask",
            "add-path",
            "set-env",
            "set-output",
            "save-state",
            "add-matcher"));

    private final List<String> obeyed = new ArrayList<>();
    private String stopWord;

    private ActionsRunner() {}

    /** The commands that it obeys, by name and value, such as {@code error it failed}. */
    public static List<String> obeyed(String written) {
        ActionsRunner runner = new ActionsRunner();
        written.lines().forEach(runner::read);
        return runner.obeyed;
    }

    private void read(String line) {
        String start = line.stripLeading();
        int end = start.startsWith("::") ? start.indexOf("::", 2) : -1;
        if (end >= 0 && isKnown(start.substring(2, end))) {
            obey(start.substring(2, end), start.substring(end + 2));
            return;
        }
        int old = line.indexOf("##[");
        int bracket = old < 0 ? -1 : line.indexOf(']', old);
        if (bracket >= 0 && isKnown(line.substring(old + 3, bracket)))
            obey(line.substring(old + 3, bracket), line.substring(bracket + 1));
    }

    private boolean isKnown(String command) {
        return known.contains(name(command));
    }

    private static String name(String command) {
        return command.replaceFirst(" .*", "").toLowerCase(Locale.ROOT);
    }

    private void obey(String command, String value) {
        String name = name(command);
        if (stopWord != null) {
            if (name.equals(stopWord)) stopWord = null;
        } else if (name.equals("stop-commands")) {
            stopWord = value.toLowerCase(Locale.ROOT);
            known.add(stopWord);
        } else {
            obeyed.add(name + " " + value);
        }
    }
}
