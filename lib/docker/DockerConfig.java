package lib.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.Json;
import lib.project.Environment;

/** The user's own Docker configuration: read, and never written. */
public record DockerConfig(Path folder) {
    /** What of the file still counts under a private login: where the engine is, and how to get out. No credentials. */
    private static final List<String> KEPT = List.of("currentContext", "proxies", "HttpHeaders", "cliPluginsExtraDirs");

    /** What beside the file still counts: contexts with their TLS files, plugins, and buildx's builders. */
    private static final List<String> LINKED = List.of("contexts", "cli-plugins", "buildx");

    public static DockerConfig of(Environment environment) {
        return new DockerConfig(environment
                .variable("DOCKER_CONFIG")
                .map(path -> environment.workingDirectory().resolve(path))
                .orElseGet(() -> environment.home().resolve(".docker")));
    }

    /** The part of the file that holds no credential; empty when there is no file, or none that can be read. */
    ObjectNode withoutCredentials() {
        ObjectNode kept = Json.object();
        JsonNode mine = read();
        for (String key : KEPT) {
            if (mine.has(key)) kept.set(key, mine.get(key));
        }
        return kept;
    }

    private JsonNode read() {
        try {
            return Json.parse(Files.readString(folder.resolve("config.json")));
        } catch (IOException e) {
            // Missing, unreadable or no JSON.
            return Json.object();
        }
    }

    /** Lets a private folder see the parts of this one that are more than the file. */
    void linkInto(Path other) throws IOException {
        for (String name : LINKED) {
            Path mine = folder.resolve(name);
            if (Files.isDirectory(mine)) Files.createSymbolicLink(other.resolve(name), mine.toAbsolutePath());
        }
    }
}
