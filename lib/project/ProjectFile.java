//DEPS org.snakeyaml:snakeyaml-engine:3.2
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A text file of the project, read whole. What is wrong with it is said with its path and its line, and never with an
 * excerpt, which could be a secret.
 */
public record ProjectFile(Path path, String repair) {
    /** Larger than any file of ours: a wrong path must not fill the memory. In bytes. */
    static final int SIZE_LIMIT = 4 << 20;

    /** Larger than any profile, and small enough for one number of that many digits to be read at once. In characters. */
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
            throw new Failure(
                            ErrorCode.CONFIG,
                            "Cannot read " + path + ": permission denied",
                            "Run 'chmod u+r " + path + "'")
                    .causedBy(e);
        } catch (CharacterCodingException e) {
            throw malformed("is not UTF-8 text");
        } catch (UnfitException e) {
            throw malformed(e.getMessage());
        } catch (IOException e) {
            throw malformed("cannot be read").causedBy(e);
        }
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
        return object(parseJson(text()));
    }

    private JsonNode parseJson(String text) {
        try {
            return Json.parse(withoutMark(text));
        } catch (JsonProcessingException e) {
            // The parser's message quotes the text around the fault, and that text may be a token.
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw malformed("is not valid JSON (line " + line + ")");
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
        return Json.tree(new Load(YAML).loadFromString(text));
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
        if (document == null || !document.isObject()) throw malformed("is empty or holds no object");
        return document;
    }

    /** A failure about this file: its path, then what is wrong. */
    public Failure malformed(String problem) {
        return new Failure(ErrorCode.CONFIG, path + " " + problem, repair);
    }
}
