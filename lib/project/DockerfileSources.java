//SOURCES ../Json.java
//SOURCES DockerfileLines.java
//SOURCES DockerfileStages.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.Json;
import lib.project.DockerfileLines.Instruction;

/**
 * The files of the build context that a Dockerfile copies, as far as that can be told surely. Left to Docker are: other
 * stages and images ({@code --from}), here-documents, addresses, variables, quoted words, {@code ..}, triggers
 * ({@code ONBUILD}), and stages that the last one does not need.
 */
public final class DockerfileSources {
    private DockerfileSources() {}

    /**
     * The sources of one {@code COPY} or {@code ADD}.
     *
     * @param line where the instruction begins, counted from 1
     * @param sources each below the context, a plain path or a pattern
     */
    public record Copied(int line, List<String> sources) {
        public Copied {
            sources = List.copyOf(sources);
        }
    }

    public static List<Copied> in(String dockerfile) {
        return new DockerfileStages(DockerfileLines.of(dockerfile))
                .built().stream()
                        .map(DockerfileSources::copied)
                        .filter(copied -> !copied.sources().isEmpty())
                        .toList();
    }

    /** Whether a source is a pattern, of which no match is an error to some builders only. */
    public static boolean isPattern(String source) {
        return source.matches(".*[*?\\[].*");
    }

    private static Copied copied(Instruction instruction) {
        boolean copies = instruction.name().equals("COPY") || instruction.name().equals("ADD");
        return new Copied(instruction.line(), copies && !instruction.hasHeredoc() ? sources(instruction) : List.of());
    }

    private static List<String> sources(Instruction instruction) {
        String rest = instruction.words().strip();
        while (rest.startsWith("--")) {
            String[] parts = rest.split("\\s+", 2);
            if (parts[0].startsWith("--from") || parts.length == 1) return List.of();
            rest = parts[1];
        }
        List<String> words = words(rest);
        List<String> sources = words.subList(0, Math.max(0, words.size() - 1));
        return sources.stream()
                .filter(DockerfileSources::isSure)
                .map(DockerfileSources::below)
                .toList();
    }

    private static List<String> words(String text) {
        if (text.startsWith("[")) {
            try {
                JsonNode array = Json.parse(text);
                List<String> words = new ArrayList<>();
                for (JsonNode word : array) {
                    if (!word.isTextual()) return List.of();
                    words.add(word.textValue());
                }
                return words;
            } catch (JsonProcessingException e) {
                return List.of(); // a pattern such as [ab].txt, or a mistake: Docker tells
            }
        }
        boolean quoted = text.matches("(?s).*[\"'\\\\`].*");
        return quoted ? List.of() : Arrays.asList(text.split("\\s+"));
    }

    private static boolean isSure(String source) {
        boolean remote =
                source.contains("://") || source.contains("@") || source.matches(".*\\.git(#.*)?|github\\.com/.*");
        boolean climbs = Arrays.asList(source.split("/")).contains("..");
        return !source.isBlank() && !source.matches("(?s).*[$\"'\\\\`<].*") && !remote && !climbs;
    }

    // A leading slash means the context's root; the pivot of --parents is a plain dot.
    private static String below(String source) {
        String path = source.replaceAll("/+", "/").replaceAll("^/|/$", "");
        return path.isEmpty() ? "." : path;
    }
}
