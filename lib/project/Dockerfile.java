//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES BuildContext.java
//SOURCES DockerfileLines.java
//SOURCES IgnoreFile.java
//SOURCES Profile.java
//SOURCES Project.java
//SOURCES SecretsFile.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.project.DockerfileLines.Instruction;
import lib.project.IgnoreFile.Glob;
import lib.project.Project.ProjectFile;

/**
 * A project's Dockerfile: where it is, and what it takes from the build context, as far as that can be told surely. Left to
 * Docker are variables, blanks in quotes, addresses, {@code ..}, triggers ({@code ONBUILD}), and stages that the last one
 * does not need.
 */
public final class Dockerfile {
    private static final int CONTEXT = -1;
    private static final int ELSEWHERE = -2;

    /** Where a file is in a stage whose working directory its base image sets. */
    private static final String SOMEWHERE = "?";

    /** Of one file in one stage: the rest of a Dockerfile that copies it about without end is not followed. */
    private static final int MOST_PLACES = 100;

    private final List<Stage> stages = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();

    private Function<String, Stream<String>> names = Stream::of;

    private Dockerfile(List<Instruction> instructions) {
        instructions.forEach(this::read);
        if (!stages.isEmpty()) stages.get(stages.size() - 1).built = true;
        for (int i = stages.size() - 1; i >= 0; i--) {
            if (stages.get(i).built) stages.get(i).uses.forEach(index -> stages.get(index).built = true);
        }
    }

    /** What a Dockerfile says; nothing where it cannot be read, since Docker says why. */
    public static Dockerfile read(Path file) {
        try {
            // Not strictly: Docker reads other encodings, and a word that is not understood is not judged.
            return of(new String(ProjectFile.bytes(file, ProjectFile.SIZE_LIMIT), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return of("");
        }
    }

    /** The same, whose sources are followed where links of this context lead. */
    public Dockerfile in(BuildContext context) {
        Dockerfile same = new Dockerfile(List.of());
        same.stages.addAll(stages);
        same.names = context::names;
        return same;
    }

    static Dockerfile of(String text) {
        return new Dockerfile(DockerfileLines.of(text));
    }

    /**
     * The given file, else the profile's {@code paths.dockerfile}, else the one beside the profile, in
     * {@code .systemprompt}, or in the project's root.
     *
     * @throws Failure {@code config} when none is there, or one that no builder reads
     */
    public static Path find(Optional<Path> given, Profile profile, Project project, Environment environment) {
        return given.map(path -> environment.workingDirectory().resolve(path))
                .or(() -> profile.dockerfile().map(path -> SecretsFile.path(profile, path, environment)))
                .map(Path::normalize)
                .or(() -> usual(profile.folder(), project))
                .map(Dockerfile::existing)
                .orElseGet(() -> existing(project.folder().resolve("Dockerfile")));
    }

    private static Optional<Path> usual(Path profile, Project project) {
        return Stream.of(profile.resolve("docker"), project.folder(), project.root())
                .map(folder -> folder.resolve("Dockerfile"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Path existing(Path file) {
        if (Files.isRegularFile(file)) return requireReadable(file);
        throw new Failure(
                ErrorCode.CONFIG,
                "Dockerfile not found: " + file,
                "Create a Dockerfile at this location, or name one with --dockerfile FILE");
    }

    /** Some editors and shells of Windows write UTF-16, of which a builder says what nobody understands. */
    private static Path requireReadable(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            int first = bytes.read();
            int second = bytes.read();
            // Its byte order mark, or half of its first character.
            if (first < 0xfe && first != 0 && second != 0) return file;
        } catch (IOException e) {
            return file; // Docker says why.
        }
        throw new Failure(
                ErrorCode.CONFIG,
                "The Dockerfile is UTF-16, which no builder reads: " + file,
                "Save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE >FILE.new, then rename that");
    }

    /**
     * The sources of one {@code COPY} or {@code ADD}.
     *
     * @param line where the instruction begins, counted from 1
     * @param sources each below the context, a plain path or a pattern
     */
    public record Copied(int line, List<String> sources) {}

    /** What the build takes from the context by name, in the stages that are surely built. */
    public List<Copied> copied() {
        return stages.stream()
                .filter(stage -> stage.built)
                .flatMap(stage -> stage.steps.stream())
                .filter(step -> step.from() == CONTEXT && step.kind() != Kind.MOUNT)
                .filter(step -> !step.sources().isEmpty())
                .map(step -> new Copied(step.line(), step.sources()))
                .toList();
    }

    /**
     * How the build gets a file of the context.
     *
     * @param line the instruction that takes it
     * @param intoImage whether it surely gets into the image: else a stage before the last has it, or a mount, or perhaps
     *     the image
     */
    public record Taken(int line, boolean intoImage) {}

    /** What becomes of a file of the context, were it not ignored; empty where nothing surely takes it. */
    public Optional<Taken> taken(String path) {
        List<Set<String>> places = new ArrayList<>();
        int line = 0;
        for (Stage stage : stages) {
            Set<String> here = new LinkedHashSet<>();
            if (stage.base >= 0) here.addAll(places.get(stage.base));
            places.add(here);
            for (Step step : stage.built ? stage.steps : List.<Step>of()) {
                Set<String> there = step.from() >= 0 ? places.get(step.from()) : Set.of(path);
                List<String> landings = there.stream()
                        .flatMap(file -> step.landings(file, step.from() >= 0 ? Stream::of : names))
                        .limit(MOST_PLACES)
                        .toList();
                if (landings.isEmpty()) continue;
                if (line == 0) line = step.line();
                boolean whole = step.kind() == Kind.COPY || step.kind() == Kind.PARENTS;
                if (whole && here.size() < MOST_PLACES) here.addAll(landings);
            }
        }
        boolean inImage = !places.isEmpty() && !places.get(places.size() - 1).isEmpty();
        return line == 0 ? Optional.empty() : Optional.of(new Taken(line, inImage));
    }

    private static final class Stage {
        final int base;
        final Set<Integer> uses = new TreeSet<>();
        final List<Step> steps = new ArrayList<>();
        Optional<String> workdir;
        boolean built;

        Stage(int base, Optional<String> workdir) {
            this.base = base;
            this.workdir = workdir;
            uses(base);
        }

        void uses(int index) {
            if (index >= 0) uses.add(index);
        }

        void add(Step step) {
            uses(step.from());
            if (step.from() != ELSEWHERE) steps.add(step);
        }

        /** A path in the stage, relative to its root; empty where that hangs on the base image. */
        Optional<String> path(String text) {
            return text.startsWith("/")
                    ? Optional.of(rooted(text))
                    : workdir.map(folder -> rooted(folder + "/" + text));
        }
    }

    private enum Kind {
        COPY,
        /** Keeps the folders of its sources. */
        PARENTS,
        /** Leaves something out. */
        PART,
        MOUNT
    }

    private record Step(int line, Kind kind, int from, List<String> sources, Optional<String> target) {
        /** Where a file gets to, if at all; relative to a stage's root. */
        Stream<String> landings(String file, Function<String, Stream<String>> names) {
            return sources.stream()
                    .flatMap(names)
                    .flatMap(source -> below(source, file).stream().flatMap(rest -> {
                        if (target.isEmpty()) return Stream.of(SOMEWHERE);
                        String name = file.substring(file.lastIndexOf('/') + 1);
                        if (kind == Kind.PARENTS) return Stream.of(rooted(target.get() + "/" + file));
                        // The target of a single file is its name, or a folder.
                        return rest.isEmpty()
                                ? Stream.of(target.get(), rooted(target.get() + "/" + name))
                                : Stream.of(rooted(target.get() + "/" + rest));
                    }));
        }
    }

    private void read(Instruction instruction) {
        if (instruction.name().equals("FROM")) readFrom(instruction);
        else if (!stages.isEmpty()) read(instruction, stages.get(stages.size() - 1));
    }

    private void readFrom(Instruction from) {
        List<String> words = Arrays.asList(from.arguments().split("\\s+"));
        String image = words.get(0).toLowerCase(Locale.ROOT);
        int base = index(image);
        Optional<String> workdir =
                base >= 0 ? stages.get(base).workdir : image.equals("scratch") ? Optional.of(".") : Optional.empty();
        if (words.size() == 3) indexes.put(words.get(2).toLowerCase(Locale.ROOT), stages.size());
        indexes.put(Integer.toString(stages.size()), stages.size());
        stages.add(new Stage(base, workdir));
    }

    private void read(Instruction instruction, Stage stage) {
        // Quotes may hold blanks.
        if (instruction.flags().stream().anyMatch(flag -> flag.matches("(?s).*[\"'\\\\`].*"))) return;
        switch (instruction.name()) {
            case "WORKDIR" -> stage.workdir = plain(instruction.arguments()).flatMap(stage::path);
            case "COPY", "ADD" -> readCopy(instruction, stage);
            case "RUN" ->
                instruction.flags().stream()
                        .filter(flag -> flag.startsWith("--mount="))
                        .forEach(flag -> readMount(instruction.line(), flag, stage));
            default -> {}
        }
    }

    private void readCopy(Instruction copy, Stage stage) {
        Kind kind = Kind.COPY;
        int from = CONTEXT;
        for (String flag : copy.flags()) {
            if (flag.startsWith("--from=")) from = index(flag.substring("--from=".length()));
            if (flag.startsWith("--parents")) kind = Kind.PARENTS;
            if (flag.startsWith("--exclude=")) kind = Kind.PART;
        }
        List<String> words = words(copy.arguments());
        // Words that Docker takes apart are not told apart here.
        if (words.size() < 2 || words.stream().anyMatch(word -> plain(word).isEmpty() && !word.contains("$"))) return;
        boolean parents = kind == Kind.PARENTS;
        List<String> sources = words.subList(0, words.size() - 1).stream()
                .flatMap(word -> plain(word).stream())
                // Where folders are kept, two stars mean any number of them.
                .filter(word -> isLocal(word) && !(parents && word.contains("**")))
                .map(Dockerfile::rooted)
                .toList();
        Optional<String> target = plain(words.get(words.size() - 1)).flatMap(stage::path);
        stage.add(new Step(copy.line(), kind, from, sources, target));
    }

    private void readMount(int line, String flag, Stage stage) {
        String type = "bind";
        String source = ".";
        int from = CONTEXT;
        for (String field : flag.substring("--mount=".length()).split(",")) {
            String value = field.substring(field.indexOf('=') + 1);
            switch (field.substring(0, field.length() - value.length()).toLowerCase(Locale.ROOT)) {
                case "type=" -> type = value;
                case "from=" -> from = index(value);
                case "source=", "src=" -> source = value;
                default -> {}
            }
        }
        if (type.equals("bind") && plain(source).isPresent() && isLocal(source))
            stage.add(new Step(line, Kind.MOUNT, from, List.of(rooted(source)), Optional.empty()));
        else stage.uses(from);
    }

    /** The stage of a name or a number. */
    private int index(String stage) {
        return indexes.getOrDefault(stage.toLowerCase(Locale.ROOT), ELSEWHERE);
    }

    private static List<String> words(String text) {
        if (text.startsWith("[")) {
            try {
                List<String> words = new ArrayList<>();
                for (JsonNode word : Json.parse(text)) {
                    if (!word.isTextual()) return List.of();
                    words.add(word.textValue());
                }
                return words;
            } catch (JsonProcessingException e) {
                // A pattern such as [ab].txt.
            }
        }
        return Arrays.asList(text.split("\\s+"));
    }

    /** A word without its quotes; empty where Docker puts something else in its place. */
    private static Optional<String> plain(String word) {
        char first = word.isEmpty() ? 'x' : word.charAt(0);
        boolean quoted = word.length() > 1 && (first == '"' || first == '\'') && word.endsWith(word.substring(0, 1));
        String text = quoted ? word.substring(1, word.length() - 1) : word;
        return text.chars().anyMatch(c -> c < ' ' || "$\"'\\`\ufffd".indexOf(c) >= 0)
                ? Optional.empty()
                : Optional.of(text);
    }

    private static boolean isLocal(String source) {
        boolean remote =
                source.contains("://") || source.contains("@") || source.matches(".*\\.git(#.*)?|github\\.com/.*");
        boolean climbs = Arrays.asList(source.split("/")).contains("..");
        return !source.isEmpty() && !source.contains("<") && !remote && !climbs;
    }

    /** A path's shortest form, relative to the root. */
    private static String rooted(String path) {
        String clean = IgnoreFile.clean("/" + path);
        return clean.equals("/") ? "." : clean.substring(1);
    }

    /** What of a path is below a source, nothing where it is the source; empty where the source does not reach it. */
    static Optional<String> below(String source, String path) {
        if (source.equals(".")) return Optional.of(path);
        String[] patterns = source.split("/");
        String[] names = path.split("/");
        if (patterns.length > names.length) return Optional.empty();
        for (int i = 0; i < patterns.length; i++) {
            if (!Glob.isMatch(patterns[i], names[i]).orElse(false)) return Optional.empty();
        }
        return Optional.of(String.join("/", Arrays.asList(names).subList(patterns.length, names.length)));
    }
}
