//SOURCES ../Authority.java
//SOURCES ../Credential.java
//SOURCES ../Environment.java
//SOURCES ../Json.java
//SOURCES ../Secret.java
package lib.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import lib.Authority;
import lib.Credential;
import lib.Environment;
import lib.Json;
import lib.Secret;

/** The user's own Docker configuration: read, and never written. */
public final class DockerConfig {
    /** What of the file still counts under a private login: where the engine is, and how to get out. No credentials. */
    private static final List<String> KEPT = List.of("currentContext", "proxies", "HttpHeaders", "cliPluginsExtraDirs");

    /** What beside the file still counts: contexts with their TLS files, plugins, and buildx's builders. */
    private static final List<String> LINKED = List.of("contexts", "cli-plugins", "buildx");

    private static final Set<String> NETWORK = Set.of("tcp", "ssh", "http", "https");

    private static final List<String> STORES = List.of("credsStore", "credHelpers");

    private final Path folder;
    private final JsonNode file;

    /** @param folder the user's; without a {@code config.json} that can be read, nothing is configured */
    DockerConfig(Path folder) {
        this.folder = folder;
        this.file = read(folder.resolve("config.json"));
    }

    static DockerConfig of(Environment environment) {
        return new DockerConfig(environment
                .variable("DOCKER_CONFIG")
                .map(path -> environment.workingDirectory().resolve(path))
                .orElseGet(() -> environment.home().resolve(".docker")));
    }

    /** The part of the file that holds no credential; empty when there is no file, or none that can be read. */
    ObjectNode withoutCredentials() {
        return only(KEPT);
    }

    /** The programs that keep the user's logins, which hold none themselves: the usual one, and those of some registries. */
    ObjectNode stores() {
        return only(STORES);
    }

    private ObjectNode only(List<String> keys) {
        ObjectNode kept = Json.object();
        for (String key : keys) {
            if (file.has(key)) kept.set(key, file.get(key).deepCopy());
        }
        return kept;
    }

    /** The logins that the file itself holds, as Docker writes them where there is no such program. */
    List<Credential> logins() {
        List<Credential> logins = new ArrayList<>();
        file.path("auths")
                .properties()
                .forEach(entry -> login(entry.getKey(), entry.getValue()).ifPresent(logins::add));
        return logins;
    }

    private static Optional<Credential> login(String server, JsonNode entry) {
        String identity = entry.path("identitytoken").asText();
        if (!identity.isEmpty()) return Optional.of(new Credential(server, "<token>", Secret.of(identity)));
        try {
            String pair =
                    new String(Base64.getDecoder().decode(entry.path("auth").asText()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(
                            new Credential(server, pair.substring(0, colon), Secret.of(pair.substring(colon + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static JsonNode read(Path file) {
        try {
            return Json.parse(Files.readString(file));
        } catch (IOException e) {
            // Missing, unreadable or no JSON.
            return Json.object();
        }
    }

    /** The engine's address in a context: the named one, else the one that is chosen; empty for the usual engine. */
    Optional<String> contextHost(Optional<String> named) {
        Optional<String> context = named.or(() -> Json.text(file, "currentContext"));
        return context.filter(name -> !name.equals("default"))
                .map(name -> read(folder.resolve("contexts/meta/" + hash(name) + "/meta.json")))
                .flatMap(meta -> Json.text(meta.at("/Endpoints/docker"), "Host"));
    }

    /** The engine's address, where it is on another machine and so gets what is sent to it. */
    public static Optional<String> remoteEngine(Environment environment) {
        return environment
                .variable("DOCKER_HOST")
                .or(() -> of(environment).contextHost(environment.variable("DOCKER_CONTEXT")))
                .flatMap(DockerConfig::elsewhere);
    }

    private static Optional<String> elsewhere(String address) {
        try {
            URI uri = URI.create(address);
            boolean remote =
                    uri.getHost() != null && NETWORK.contains(uri.getScheme()) && !Authority.isLoopback(uri.getHost());
            // Without the user, who may have a password there.
            return remote ? Optional.of(uri.getScheme() + "://" + uri.getHost()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String hash(String name) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
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
