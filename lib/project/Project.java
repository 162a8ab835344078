//DEPS org.snakeyaml:snakeyaml-engine:3.2
//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES Profile.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A tenant project: the folder that holds {@code .systemprompt/}, and the paths inside it. */
public record Project(Path root) {
    private static final String FOLDER = ".systemprompt";

    /**
     * The given folder, else the nearest one upwards from the working directory that is a project.
     *
     * @throws Failure {@code config} when there is none
     */
    public static Project find(Optional<Path> given, Environment environment) {
        if (given.isPresent()) {
            Path root = environment.workingDirectory().resolve(given.get()).normalize();
            if (isProject(root)) return new Project(root);
            throw notFound(root, environment);
        }
        for (Path folder = environment.workingDirectory(); folder != null; folder = folder.getParent()) {
            if (isProject(folder)) return new Project(folder);
        }
        throw notFound(environment.workingDirectory(), environment);
    }

    /** The project, or a new one in the given folder, for the commands that make one. */
    public static Project findOrStart(Optional<Path> given, Environment environment) {
        try {
            return find(given, environment);
        } catch (Failure none) {
            Path root = environment
                    .workingDirectory()
                    .resolve(given.orElse(Path.of("")))
                    .normalize();
            if (Files.isDirectory(root)) return new Project(root);
            throw new Failure(ErrorCode.CONFIG, "No such folder: " + root, "Correct --project, or create the folder");
        }
    }

    private static boolean isProject(Path root) {
        Path folder = root.resolve(FOLDER);
        if (!Files.isDirectory(folder)) return false;
        if (!Files.isExecutable(folder)) throw ProjectFile.denied(folder);
        return true;
    }

    private static Failure notFound(Path where, Environment environment) {
        return new Failure(
                ErrorCode.CONFIG,
                "Not a systemprompt.io project: " + where + " (no " + FOLDER + " in it or above)",
                hint(environment, "Run 'just login' in the project's folder, or name it with --project DIR"));
    }

    // Where the token comes from a variable, this is a clone, as a CI has one.
    private static String hint(Environment environment, String elsewhere) {
        return environment.variable("SYSTEMPROMPT_API_TOKEN").isEmpty()
                ? elsewhere
                : "A clone has the profiles that were committed: commit " + FOLDER
                        + "/ where 'just tenant' wrote one, or name it with --project DIR";
    }

    public Path folder() {
        return root.resolve(FOLDER);
    }

    public Path credentials() {
        return folder().resolve("credentials.json");
    }

    public Path tenants() {
        return folder().resolve("tenants.json");
    }

    public Path profiles() {
        return folder().resolve("profiles");
    }

    /** The profiles of a project, and the rule by which one of them is chosen. */
    public record Profiles(Project project, Environment environment) {
        /**
         * The named profile, else {@code SYSTEMPROMPT_PROFILE}, else the only cloud profile, else the person's choice.
         *
         * @param given a name or a path, as typed
         * @param ask asks a person when several profiles fit; answers nothing where nobody can be asked
         * @throws Failure {@code config}, naming the profiles there are
         */
        public Profile choose(Optional<String> given, Function<List<Profile>, Optional<Profile>> ask) {
            Optional<String> wanted = given.or(() -> environment.variable("SYSTEMPROMPT_PROFILE"));
            if (wanted.isPresent()) return Profile.read(locate(wanted.get()), environment);
            List<Path> files = files();
            if (files.isEmpty())
                throw new Failure(ErrorCode.CONFIG, "No profile in " + project.profiles(), hintOfNone());
            if (files.size() == 1) return Profile.read(files.get(0), environment);
            List<Profile> deployable = deployable();
            if (deployable.size() == 1) return deployable.get(0);
            if (deployable.isEmpty())
                throw new Failure(
                        ErrorCode.CONFIG,
                        "No tenant configured in any profile (" + names(files) + ")",
                        "Run 'just tenant'");
            return ask.apply(deployable)
                    .orElseThrow(() -> new Failure(
                            ErrorCode.CONFIG,
                            "Several profiles can be deployed: "
                                    + deployable.stream().map(Profile::name).collect(Collectors.joining(", ")),
                            "Choose one with --profile NAME"));
        }

        private String hintOfNone() {
            return hintOfMisnamed().orElseGet(() -> hint(environment, "Run 'just tenant' to create one"));
        }

        /** Of a file that only its spelling keeps from being a profile. */
        private Optional<String> hintOfMisnamed() {
            try (Stream<Path> files = Files.find(project.profiles(), 2, (file, is) -> is.isRegularFile())) {
                return files.filter(file -> file.getFileName().toString().matches("(?i)profile\\.ya?ml"))
                        .filter(file -> !file.endsWith("profile.yaml"))
                        .findFirst()
                        .map(file -> Printable.of("Rename " + file + " to profile.yaml"));
            } catch (IOException | UncheckedIOException e) {
                return Optional.empty();
            }
        }

        /** All profiles that can be deployed, by name. */
        public List<Profile> deployable() {
            return readable().filter(Profile::isDeployable).toList();
        }

        /** The names of all, also of those with a fault. */
        public List<String> names() {
            return files().stream().map(Profiles::name).toList();
        }

        /** Whether this is the plain name of a profile that is not there yet. */
        public boolean isNew(String wanted) {
            return !looksLikePath(wanted) && !Files.exists(file(wanted));
        }

        /** By name. One broken profile must not keep the others from being chosen; chosen itself, it is named. */
        public Stream<Profile> readable() {
            return files().stream().flatMap(file -> {
                try {
                    return Stream.of(Profile.read(file, environment));
                } catch (Failure broken) {
                    return Stream.empty();
                }
            });
        }

        private Path locate(String wanted) {
            Path path = looksLikePath(wanted) ? environment.path(wanted, environment.workingDirectory()) : file(wanted);
            Path file = Files.isDirectory(path) ? path.resolve("profile.yaml") : path;
            if (Files.exists(file)) return file;
            List<Path> files = files();
            // Where the file system keeps an accent as a character of its own, what is typed looks the same.
            String composed = Normalizer.normalize(wanted, Normalizer.Form.NFC);
            for (Path each : files) {
                if (Normalizer.normalize(name(each), Normalizer.Form.NFC).equals(composed)) return each;
            }
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Profile not found: '" + Printable.of(wanted) + "'",
                    files.isEmpty()
                            ? hintOfNone()
                            : hintOfMisnamed().orElse("Choose one of " + names(files) + " with --profile"));
        }

        /** The file of the profile with this plain name, whether it exists or not. */
        public Path file(String name) {
            return environment.path(name, project.profiles()).resolve("profile.yaml");
        }

        // What is no plain name is a path of the person's own choosing, and never joined under profiles/.
        private static boolean looksLikePath(String wanted) {
            return wanted.matches("(?is)[.~].*|.*[/\\\\].*|.*\\.ya?ml");
        }

        private List<Path> files() {
            if (!Files.isDirectory(project.profiles())) return List.of();
            try (Stream<Path> folders = Files.list(project.profiles())) {
                return folders.map(folder -> folder.resolve("profile.yaml"))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList();
            } catch (IOException e) {
                throw ProjectFile.denied(project.profiles()).causedBy(e);
            }
        }

        private static String names(List<Path> files) {
            return files.stream().map(Profiles::name).collect(Collectors.joining(", "));
        }

        private static String name(Path file) {
            return file.getParent().getFileName().toString();
        }
    }

    /**
     * A text file of the project, read whole. What is wrong with it is said with its path and its line, and never with an
     * excerpt, which could be a secret.
     */
    public record ProjectFile(Path path, String repair) {
        /** Larger than any file of ours: a wrong path must not fill the memory. In bytes. */
        static final int SIZE_LIMIT = 4 << 20;

        /** Larger than any profile. In characters. */
        private static final int YAML_LIMIT = 256 << 10;

        /** Deeper than any profile. The reader calls itself for each level, and its stack has an end. */
        private static final int DEPTH_LIMIT = 100;

        /** The core schema of YAML 1.2, as the services read it: {@code True} is true. */
        public static final LoadSettings YAML = LoadSettings.builder()
                .setAllowDuplicateKeys(true)
                .setAllowNonScalarKeys(false)
                .setSchema(new CoreSchema())
                .build();

        /** Why a file is not read, in words that follow its path. */
        private static final class UnfitException extends IOException {
            private static final long serialVersionUID = 1;

            UnfitException(String problem) {
                super(problem);
            }
        }

        /**
         * Reads a regular file up to a limit. Anything else may have no end, or wait for somebody to write it.
         *
         * @param limit in bytes
         */
        static byte[] bytes(Path path, int limit) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) throw new UnfitException("is a folder, not a file");
            if (!attributes.isRegularFile()) throw new UnfitException("is a device or a pipe, not a file");
            try (InputStream in = Files.newInputStream(path)) {
                // The size is not asked for: files of the system say 0, and others grow.
                byte[] bytes = in.readNBytes(limit + 1);
                if (bytes.length > limit) throw new UnfitException("is larger than " + (limit >> 10) + " KiB");
                return bytes;
            }
        }

        /** The file's text. @throws Failure {@code config} when it is missing, unreadable, too large or not UTF-8 */
        public String text() {
            try {
                return decoded(bytes(path, SIZE_LIMIT));
            } catch (NoSuchFileException e) {
                throw new Failure(ErrorCode.CONFIG, "No such file: " + path, repair).causedBy(e);
            } catch (AccessDeniedException e) {
                throw denied(path).causedBy(e);
            } catch (CharacterCodingException e) {
                throw malformed("is not UTF-8 text");
            } catch (UnfitException e) {
                throw malformed(e.getMessage());
            } catch (IOException e) {
                throw malformed("cannot be read").causedBy(e);
            }
        }

        /** A file or folder that this user may not read. */
        static Failure denied(Path path) {
            return new Failure(ErrorCode.CONFIG, "Cannot read " + path + ": permission denied", opening(path));
        }

        /** What gives a path to this user, who as its owner can do it alone; often the first command was run by sudo. */
        static String opening(Path path) {
            try {
                // By its number, since in a container a user may have no name.
                if (!Files.getOwner(path).getName().equals(System.getProperty("user.name")))
                    return "Another user owns it. Run 'sudo chown -R $(id -u) " + path + "'";
            } catch (IOException | UnsupportedOperationException e) {
                // It is in a folder that may not be searched.
            }
            return "Run 'chmod -R u+rwX " + path + "'";
        }

        /** @throws CharacterCodingException when it is no UTF-8 */
        static String decoded(byte[] bytes) throws CharacterCodingException {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }

        /** @throws Failure {@code config}, also when the document is no object */
        public JsonNode json() {
            try {
                return object(Json.document(text()));
            } catch (JsonProcessingException e) {
                // The parser's message quotes the text around the fault, and that text may be a token.
                int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
                throw malformed("is not valid JSON (line " + Math.max(1, line) + ")");
            }
        }

        /** @throws Failure {@code config}, also when the document is no object */
        JsonNode yaml(String text) {
            if (text.length() > YAML_LIMIT) throw malformed("is larger than " + (YAML_LIMIT >> 10) + " KiB");
            try {
                return object(tree(text));
            } catch (MarkedYamlEngineException e) {
                int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
                throw malformed("is not valid YAML (line " + line + ")");
            } catch (YamlEngineException | IllegalArgumentException e) {
                throw malformed("is not valid YAML");
            }
        }

        /** Returns the tree of a YAML document. @throws RuntimeException when it is none, or one that nobody means */
        public static JsonNode tree(String yaml) {
            String text = withoutMark(yaml);
            int depth = 0;
            for (Event event : new Parse(YAML).parseString(text)) {
                if (event instanceof CollectionStartEvent && ++depth > DEPTH_LIMIT)
                    throw new IllegalArgumentException("nested too deeply");
                if (event instanceof CollectionEndEvent) depth--;
            }
            return Json.tree(new Load(YAML, new Untagged()).loadFromString(text));
        }

        /**
         * Takes a value whose tag is another program's affair for what it is written as, and so a number: {@code 007} and
         * {@code 12e4567} name things here.
         */
        private static final class Untagged extends StandardConstructor {
            Untagged() {
                super(YAML);
            }

            @Override
            protected Optional<ConstructNode> findConstructorFor(Node node) {
                if (node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT))
                    return Optional.of(tagConstructors.get(Tag.STR));
                return super.findConstructorFor(node).or(() -> Optional.ofNullable(tagConstructors.get(usual(node))));
            }

            private static Tag usual(Node node) {
                return switch (node.getNodeType()) {
                    case MAPPING -> Tag.MAP;
                    case SEQUENCE -> Tag.SEQ;
                    default -> Tag.STR;
                };
            }
        }

        /** The first of these fields that holds more than white space, without that around it: people write such files. */
        public static Optional<String> value(JsonNode object, String... names) {
            return Stream.of(names)
                    .flatMap(name -> Json.text(object, name).stream())
                    .map(Printable::stripped)
                    .filter(value -> !value.isEmpty())
                    .findFirst();
        }

        // Some editors begin a file with a byte order mark, which no parser here skips in a text.
        private static String withoutMark(String text) {
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        }

        private JsonNode object(JsonNode document) {
            if (!document.isObject()) throw malformed("is empty or holds no object");
            return document;
        }

        /** A failure about this file: its path, then what is wrong. */
        public Failure malformed(String problem) {
            return new Failure(ErrorCode.CONFIG, path + " " + problem, repair);
        }
    }
}
