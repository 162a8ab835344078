//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ProjectFile.java
//SOURCES ProjectWriter.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.function.Predicate;
import lib.Failure;
import lib.Json;

/**
 * The JSON object of a file that is about to be changed, with every field that it holds.
 *
 * @param isSound whether the object has the shape that the change needs
 */
record KeptObject(Path file, Predicate<JsonNode> isSound) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    static KeptObject of(Path file, Predicate<JsonNode> isSound) {
        return new KeptObject(file, isSound);
    }

    /** The object; a new one when there is no file, or when the file is corrupt and so gets another name. */
    ObjectNode orSetAside(ProjectWriter writer, Instant now, Consumer<String> warn) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return Json.object();
        try {
            JsonNode json = new ProjectFile(file, "").json();
            if (isSound.test(json)) return (ObjectNode) json;
        } catch (Failure unreadable) {
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) throw unreadable;
        }
        Path aside = writer.setAside(file, ".corrupt-" + STAMP.format(now));
        warn.accept(file + " was corrupt and is now " + aside.getFileName()
                + "; delete it once you have looked at it, since it may hold a secret");
        return Json.object();
    }
}
