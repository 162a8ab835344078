//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Profile.java
//SOURCES Project.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.Secret;
import lib.project.Project.ProjectFile;

/**
 * A profile's {@code secrets.json}, and what its entries are called at the tenant.
 *
 * @param signingKey the file of the key that the tenant signs with
 */
public record SecretsFile(Path path, Path signingKey) {
    private static final String SIGNING_KEY = "SIGNING_KEY_PEM";
    private static final String CUSTOM = "SYSTEMPROMPT_CUSTOM_SECRETS";
    private static final Set<String> SYSTEMS_OWN = Set.of("FLY_APP_NAME", "FLY_MACHINE_ID", CUSTOM);
    private static final Set<String> STANDARD = Set.of(
            "OAUTH_AT_REST_PEPPER",
            "DATABASE_URL",
            "GEMINI_API_KEY",
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "GITHUB_TOKEN");
    private static final Map<String, String> RENAMED = Map.of(
            "gemini", "GEMINI_API_KEY",
            "anthropic", "ANTHROPIC_API_KEY",
            "openai", "OPENAI_API_KEY",
            "github", "GITHUB_TOKEN",
            "internal_database_url", "DATABASE_URL");

    public static SecretsFile of(Profile profile, Environment environment) {
        return new SecretsFile(
                path(profile, profile.secretsPath().orElse("secrets.json"), environment),
                environment.path(profile.signingKeyPath().orElse("signing_key.pem"), profile.folder()));
    }

    /**
     * A path that the profile names.
     *
     * @throws Failure {@code config} where there is nothing and a variable's value would have to be quoted to say so
     */
    static Path path(Profile profile, String text, Environment environment) {
        Path path = environment.path(text, profile.folder());
        if (!profile.written().containsKey(text) || Files.exists(path)) return path;
        throw new Failure(
                ErrorCode.CONFIG,
                "No such file: " + profile.written().get(text) + ", which " + profile.file() + " names",
                "Set the variable to a file's path, or correct the profile");
    }

    /** The same file, which is there and can be read. @throws Failure {@code config} */
    public SecretsFile required() {
        source().json();
        return this;
    }

    /**
     * The secrets by their names at the tenant, and the list of those that it does not know by itself; what is no text, or
     * empty, is left out.
     *
     * @param warn told of each entry that is not sent
     * @throws Failure {@code config}, without any value
     */
    public Variables read(Consumer<String> warn) {
        Map<String, Secret> secrets = new TreeMap<>();
        JsonNode json = source().json();
        boolean hasInternal = Json.text(json, "internal_database_url").isPresent();
        json.properties().forEach(entry -> {
            boolean shadowed = entry.getKey().equals("database_url") && hasInternal;
            boolean empty = entry.getValue().isNull()
                    || entry.getValue().isTextual()
                            && entry.getValue().textValue().isEmpty();
            if (shadowed || empty) return;
            if (!entry.getValue().isTextual()) {
                warn.accept("The secret '" + Printable.of(entry.getKey()) + "' is not sent: its value is no text."
                        + " Put it in quotes in " + path);
                return;
            }
            accepted(entry.getKey(), warn)
                    .ifPresent(
                            name -> secrets.put(name, Secret.of(entry.getValue().textValue())));
        });
        Set<String> custom = new TreeSet<>(secrets.keySet());
        custom.removeAll(STANDARD);
        if (!secrets.containsKey(SIGNING_KEY) && Files.isRegularFile(signingKey)) secrets.put(SIGNING_KEY, key());
        return new Variables(secrets, custom.isEmpty() ? Map.of() : Map.of(CUSTOM, String.join(",", custom)));
    }

    private Optional<String> accepted(String entry, Consumer<String> warn) {
        String name = RENAMED.getOrDefault(entry, entry.toUpperCase(Locale.ROOT));
        if (SYSTEMS_OWN.contains(name)) {
            warn.accept("The secret " + name + " is not sent: the platform sets it itself");
            return Optional.empty();
        }
        if (!name.matches("[A-Z_][A-Z0-9_]*")) {
            warn.accept("The secret '" + Printable.of(entry) + "' is not sent: its name cannot be that of a variable");
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private Secret key() {
        try {
            return Secret.of(Base64.getEncoder().encodeToString(ProjectFile.bytes(signingKey, ProjectFile.SIZE_LIMIT)));
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure(
                            ErrorCode.CONFIG,
                            "Cannot read the signing key " + signingKey,
                            "Correct security.signing_key_path in the profile, or the file")
                    .causedBy(e);
        }
    }

    private ProjectFile source() {
        return new ProjectFile(path, "Correct the file, or deploy without --sync-secrets");
    }

    /**
     * What a tenant is sent to run with, by the names of its variables.
     *
     * @param plain the values that anybody may see
     */
    public record Variables(Map<String, Secret> secrets, Map<String, String> plain) {
        public Variables {
            secrets = Map.copyOf(secrets);
            plain = Map.copyOf(plain);
        }

        /** The same variables and one more. */
        public Variables with(String name, Secret secret) {
            Map<String, Secret> more = new TreeMap<>(secrets);
            more.put(name, secret);
            return new Variables(more, plain);
        }

        /** The same variables and one more, which is no secret. */
        public Variables with(String name, String value) {
            Map<String, String> more = new TreeMap<>(plain);
            more.put(name, value);
            return new Variables(secrets, more);
        }

        /** All names, sorted. */
        public Set<String> names() {
            Set<String> names = new TreeSet<>(secrets.keySet());
            names.addAll(plain.keySet());
            return names;
        }

        @Override
        public String toString() {
            return "Variables" + names();
        }
    }
}
