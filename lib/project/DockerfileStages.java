//SOURCES DockerfileLines.java
package lib.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.project.DockerfileLines.Instruction;

/**
 * The stages of a Dockerfile, of which BuildKit builds only those that the last one needs. A need that hides behind a
 * variable is not seen: then less is judged, and nothing falsely.
 */
final class DockerfileStages {
    private static final Pattern FROM = Pattern.compile("(?i)(?:--\\S+\\s+)*(\\S+)(?:\\s+AS\\s+(\\S+))?\\s*");
    private static final Pattern USES = Pattern.compile("(?:^|[\\s,])(?:--)?from=([^\\s,]+)");

    private record Stage(String name, List<Instruction> instructions, Set<String> uses) {}

    private final List<Stage> stages = new ArrayList<>();

    DockerfileStages(List<Instruction> instructions) {
        instructions.forEach(this::add);
    }

    private void add(Instruction instruction) {
        if (instruction.name().equals("FROM")) {
            Matcher from = FROM.matcher(instruction.words());
            boolean plain = from.matches();
            String name = plain && from.group(2) != null ? from.group(2).toLowerCase(Locale.ROOT) : "";
            Stage stage = new Stage(name, new ArrayList<>(), new HashSet<>());
            if (plain) stage.uses().add(from.group(1).toLowerCase(Locale.ROOT));
            stages.add(stage);
        } else if (!stages.isEmpty()) {
            Stage stage = stages.get(stages.size() - 1);
            stage.instructions().add(instruction);
            Matcher uses = USES.matcher(instruction.words());
            while (uses.find()) stage.uses().add(uses.group(1).toLowerCase(Locale.ROOT));
        }
    }

    /** The instructions of the stages that are surely built, in their order. */
    List<Instruction> built() {
        Set<Integer> needed = new HashSet<>();
        need(stages.size() - 1, needed);
        List<Instruction> built = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            if (needed.contains(i)) built.addAll(stages.get(i).instructions());
        }
        return built;
    }

    private void need(int index, Set<Integer> needed) {
        if (index < 0 || !needed.add(index)) return;
        for (String use : stages.get(index).uses()) {
            for (int i = index - 1; i >= 0; i--) {
                if (stages.get(i).name().equals(use) || Integer.toString(i).equals(use)) {
                    need(i, needed);
                    break;
                }
            }
        }
    }
}
