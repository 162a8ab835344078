//DEPS org.snakeyaml:snakeyaml-engine:3.2
//SOURCES ../Failure.java
//SOURCES ../Json.java
package lib.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A text file of the project, read whole. What is wrong with it is said with its path and its line, and never with an
 * excerpt, which could be a secret.
 */
public record ProjectFile(Path path, String repair) {
    /** Larger than any file of ours: a wrong path must not fill the memory. In bytes. */
    static final long SIZE_LIMIT = 4L << 20;

    /** The file's text. @throws Failure {@code config} when it is missing, unreadable, too large or not UTF-8 */
    public String text() {
        try {
            if (Files.isDirectory(path)) throw malformed("is a folder, not a file");
            if (Files.size(path) > SIZE_LIMIT) throw malformed("is larger than 4 MiB");
            byte[] bytes = Files.readAllBytes(path);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        LoadSettings settings =
                LoadSettings.builder().setAllowDuplicateKeys(true).build();
        try {
            return object(Json.tree(new Load(settings).loadFromString(withoutMark(text))));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw malformed("is not valid YAML (line " + line + ")");
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw malformed("is not valid YAML");
        }
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
