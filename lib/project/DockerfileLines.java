package lib.project;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a Dockerfile into its instructions: comments, continued lines and here-documents, as Docker does.
 *
 * <p>Source: Docker's Dockerfile reference, sections format, parser directives, escape and here-documents.
 */
final class DockerfileLines {
    private static final Pattern ESCAPE = Pattern.compile("(?i)#\\s*escape\\s*=\\s*([\\\\`])\\s*");
    private static final Pattern DIRECTIVE = Pattern.compile("#\\s*[A-Za-z]+\\s*=.*");
    private static final Pattern HEREDOC = Pattern.compile("(?:^|\\s)\\d*<<(-?)([\"']?)([^\"'<\\s]+)\\2(?=\\s|$)");

    /**
     * One instruction.
     *
     * @param name in capitals
     * @param line where it begins, counted from 1
     * @param words all that follows the name, its continued lines joined
     */
    record Instruction(String name, int line, String words) {
        boolean hasHeredoc() {
            return HEREDOC.matcher(words).find();
        }
    }

    private final Deque<String> lines;
    private final Pattern continued;
    private int number;

    private DockerfileLines(String text) {
        lines = new ArrayDeque<>(text.lines().toList());
        continued = Pattern.compile("(.*)" + Pattern.quote(escape()) + "[ \\t]*");
    }

    static List<Instruction> of(String text) {
        return new DockerfileLines(text.startsWith("\ufeff") ? text.substring(1) : text).instructions();
    }

    // Directives stand at the very top, before any other comment.
    private String escape() {
        for (String line : lines) {
            Matcher escape = ESCAPE.matcher(line.strip());
            if (escape.matches()) return escape.group(1);
            if (!DIRECTIVE.matcher(line.strip()).matches()) break;
        }
        return "\\";
    }

    private List<Instruction> instructions() {
        List<Instruction> instructions = new ArrayList<>();
        while (!lines.isEmpty()) {
            String first = next();
            if (isNothing(first)) continue;
            int begins = number;
            String[] parts = joined(first).strip().split("\\s+", 2);
            Instruction instruction =
                    new Instruction(parts[0].toUpperCase(Locale.ROOT), begins, parts.length == 1 ? "" : parts[1]);
            instructions.add(instruction);
            skipHeredocs(instruction);
        }
        return instructions;
    }

    private String joined(String first) {
        StringBuilder whole = new StringBuilder();
        String line = first;
        for (Matcher more = continued.matcher(line); more.matches(); more = continued.matcher(line)) {
            whole.append(more.group(1));
            while (!lines.isEmpty() && isNothing(lines.peek())) next();
            if (lines.isEmpty()) return whole.toString();
            line = next();
        }
        return whole.append(line).toString();
    }

    // Their text is data: a COPY in it copies nothing.
    private void skipHeredocs(Instruction instruction) {
        String name = instruction.name();
        if (!name.equals("RUN") && !name.equals("COPY") && !name.equals("ADD") && !name.equals("ONBUILD")) return;
        Matcher heredoc = HEREDOC.matcher(instruction.words());
        while (heredoc.find()) {
            String end = heredoc.group(3);
            boolean indented = heredoc.group(1).equals("-");
            String line;
            do {
                if (lines.isEmpty()) return;
                line = next();
            } while (!(indented ? line.replaceAll("^\\t+", "") : line).equals(end));
        }
    }

    private String next() {
        number++;
        return lines.remove();
    }

    private static boolean isNothing(String line) {
        String text = line.strip();
        return text.isEmpty() || text.startsWith("#");
    }
}
