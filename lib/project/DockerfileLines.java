package lib.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a Dockerfile into its instructions: comments, continued lines and here-documents, as Docker does.
 *
 * <p>Source: moby/buildkit, {@code frontend/dockerfile/parser}.
 */
final class DockerfileLines {
    private static final Set<String> KNOWN = Set.of(
            "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "FROM",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR");

    /** Docker takes no longer line, and no Dockerfile that a person wrote is longer. In characters. */
    private static final int LONGEST_LINE = 65_535;

    private static final int LONGEST_FILE = 256 << 10;

    /**
     * One instruction.
     *
     * @param name in capitals
     * @param line where it begins, counted from 1
     * @param flags the words after the name that begin with {@code --}
     * @param arguments what follows them, its continued lines joined
     */
    record Instruction(String name, int line, List<String> flags, String arguments) {}

    private final String[] lines;
    private final Map<String, Integer> last = new HashMap<>();
    private final Map<String, Integer> lastIndented = new HashMap<>();
    private String escape = "\\";
    private int next;

    private DockerfileLines(String text) {
        lines = text.replace("\r\n", "\n").split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            last.put(lines[i], i);
            lastIndented.put(withoutTabs(lines[i]), i);
        }
    }

    /** The instructions; none where Docker would not take the file, or another program than Docker's own reads it. */
    static List<Instruction> of(String text) {
        if (text.length() > LONGEST_FILE) return List.of();
        DockerfileLines file = new DockerfileLines(text.startsWith("\ufeff") ? text.substring(1) : text);
        for (String line : file.lines) if (line.length() > LONGEST_LINE) return List.of();
        if (!file.readDirectives()) return List.of();
        List<Instruction> instructions = file.instructions();
        boolean understood = instructions.stream().allMatch(it -> KNOWN.contains(it.name()));
        return understood ? instructions : List.of();
    }

    /** Reads the directives at the very top. @return whether Docker's own frontend is asked for, and can read the file */
    private boolean readDirectives() {
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (!line.strip().startsWith("#") || equals < 0) return true;
            String value = line.substring(equals + 1).strip();
            switch (line.substring(0, equals).strip().substring(1).strip().toLowerCase(Locale.ROOT)) {
                case "escape" -> {
                    if (!value.equals("\\") && !value.equals("`")) return false;
                    escape = value;
                }
                case "syntax" -> {
                    if (!value.matches("(docker\\.io/)?docker/dockerfile(-upstream)?([:@ ].*)?")) return false;
                }
                case "check" -> {}
                default -> {
                    return true;
                }
            }
        }
        return true;
    }

    private List<Instruction> instructions() {
        List<Instruction> instructions = new ArrayList<>();
        while (next < lines.length) {
            int begins = next + 1;
            String first = lines[next++];
            if (isNothing(first)) continue;
            String line = joined(first).strip();
            if (line.isEmpty()) continue;
            instructions.add(instruction(line, begins));
            skipHeredocs(line);
        }
        return instructions;
    }

    private String joined(String first) {
        StringBuilder whole = new StringBuilder();
        Optional<String> continued = continued(first);
        String line = first;
        while (continued.isPresent()) {
            whole.append(continued.get());
            while (next < lines.length && isNothing(lines[next])) next++;
            line = next < lines.length ? lines[next++] : "";
            continued = continued(line);
        }
        return whole.append(line).toString();
    }

    /** A line that the next one continues, without its escape character; empty for others. */
    private Optional<String> continued(String line) {
        String text = line.stripTrailing();
        if (!text.endsWith(escape)) return Optional.empty();
        String before = text.substring(0, text.length() - 1);
        return before.endsWith(escape) ? Optional.empty() : Optional.of(before);
    }

    private static Instruction instruction(String line, int begins) {
        int at = afterWord(line, 0);
        String name = line.substring(0, at).toUpperCase(Locale.ROOT);
        List<String> flags = new ArrayList<>();
        for (at = afterBlanks(line, at); line.startsWith("--", at); at = afterBlanks(line, at)) {
            int end = afterWord(line, at);
            flags.add(line.substring(at, end));
            at = end;
        }
        return new Instruction(name, begins, flags, line.substring(at));
    }

    private static int afterWord(String line, int from) {
        int at = from;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) at++;
        return at;
    }

    private static int afterBlanks(String line, int from) {
        int at = from;
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) at++;
        return at;
    }

    // What may be a here-document is one where its end is found: what lies between is data then, or a mistake.
    private void skipHeredocs(String line) {
        for (int at = line.indexOf("<<"); at >= 0; at = line.indexOf("<<", at + 2)) {
            boolean indented = line.startsWith("-", at + 2);
            String end = word(line, afterBlanks(line, at + (indented ? 3 : 2)));
            boolean found = !end.isEmpty() && (indented ? lastIndented : last).getOrDefault(end, -1) >= next;
            while (found && !(indented ? withoutTabs(lines[next++]) : lines[next++]).equals(end)) {}
        }
    }

    private static String withoutTabs(String line) {
        return line.replaceFirst("^\\t+", "");
    }

    /** A word of a shell's, without its quotes and escapes. */
    private static String word(String line, int from) {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && (Character.isWhitespace(c) || c == '<')) break;
            if (quote == 0 && (c == '"' || c == '\'')) quote = c;
            else if (c == quote) quote = 0;
            else if (c == '\\' && quote != '\'' && i + 1 < line.length()) word.append(line.charAt(++i));
            else word.append(c);
        }
        return word.toString();
    }

    private static boolean isNothing(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#");
    }
}
