//SOURCES ../Json.java
//SOURCES ../Printable.java
package lib.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Json;
import lib.Printable;

/**
 * Who answers to {@code docker}.
 *
 * @param engine the engine's version
 * @param client the version of the command
 * @param podman whether the command is Podman's
 */
public record EngineVersion(String engine, String client, boolean podman) {
    private static final Pattern MAJOR = Pattern.compile("v?(\\d{1,4})\\..*");

    /** @param said the answer to {@code docker version}, JSON where it is Docker's or Podman's */
    static EngineVersion of(String said) {
        try {
            JsonNode json = Json.parse(said);
            JsonNode client = json.path("Client");
            String version = client.path("Version").asText();
            String engine = json.path("Server").path("Version").asText(version);
            if (!engine.isEmpty()) return new EngineVersion(Printable.of(engine), version, client.has("OsArch"));
        } catch (JsonProcessingException e) {
            // Another program's.
        }
        return new EngineVersion(Printable.of(said), "", false);
    }

    /** The first number of a version; 0 where there is none. */
    static int major(String version) {
        Matcher matcher = MAJOR.matcher(version);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    @Override
    public String toString() {
        return engine;
    }
}
