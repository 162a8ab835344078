//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES Command.java
//SOURCES CredentialHelper.java
//SOURCES DockerError.java
//SOURCES PrivateFolder.java
package lib.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http.Authority;
import lib.Json;
import lib.Printable;
import lib.Secret;
import lib.Secret.Credential;

/**
 * A Docker configuration for one registry and one run: commands under it find the password through a credential helper
 * that is fed from this process's memory, and the user's own configuration stays as it is.
 *
 * <p>On a system without FIFOs, Docker itself writes the login to the private folder; that is the one exception.
 */
public final class PrivateDockerConfig implements AutoCloseable {
    /** The variables that commands under it do not get, and why. */
    public static final Map<String, String> SHADOWING = Map.of(
            // Since Docker's command 28.3.
            "DOCKER_AUTH_CONFIG",
            "it is left out of login and push, where it would win",
            "DOCKER_CONTENT_TRUST",
            "the image is pushed unsigned, since the tenant's registry keeps no signatures and the private login"
                    + " has no keys");

    private static final String HELPER = "systemprompt-memory";

    private final Credential credential;
    private final Environment environment;
    private final PrivateFolder folder;
    private final List<CredentialHelper> helpers;
    private final Map<String, String> variables;

    /** @param helpers the credential's own last; none on a system without FIFOs */
    private PrivateDockerConfig(
            Credential credential,
            Environment environment,
            PrivateFolder folder,
            List<CredentialHelper> helpers,
            Map<String, String> variables) {
        this.credential = credential;
        this.environment = environment;
        this.folder = folder;
        this.helpers = List.copyOf(helpers);
        this.variables = Map.copyOf(variables);
    }

    /** The only login under it. @throws Failure {@code login_failed} when the private folder cannot be made */
    public static PrivateDockerConfig open(Credential credential, Environment environment, Command.Runner runner)
            throws InterruptedException {
        return open(credential, environment, runner, false);
    }

    /**
     * @param besideOthers whether the user's own logins to other registries count too, for what pulls from those while it
     *     pushes; on a system without FIFOs they are left out
     * @throws Failure {@code login_failed} when the private folder cannot be made
     */
    public static PrivateDockerConfig open(
            Credential credential, Environment environment, Command.Runner runner, boolean besideOthers)
            throws InterruptedException {
        PrivateFolder folder = PrivateFolder.open(PrivateFolder.candidates(environment));
        try {
            return fill(folder, credential, environment, runner, besideOthers);
        } catch (IOException e) {
            closeQuietly(folder);
            throw new Failure(
                            ErrorCode.LOGIN_FAILED,
                            "The login cannot be kept in " + folder.path().getParent() + ": "
                                    + Printable.of(e.getMessage()),
                            "Free some space there, or set TMPDIR to another folder")
                    .causedBy(e);
        } catch (InterruptedException | RuntimeException e) {
            closeQuietly(folder);
            throw e;
        }
    }

    /**
     * Looks for a folder that can hold a login.
     *
     * @throws Failure {@code login_failed} where there is none; {@code config} where the user's own configuration is no folder,
     *     by which Docker loses its plugins and does not say so
     */
    public static void requirePlace(Environment environment) {
        closeQuietly(PrivateFolder.open(PrivateFolder.candidates(environment)));
        Path users = DockerConfig.of(environment).folder;
        if (Files.exists(users) && !Files.isDirectory(users))
            throw new Failure(
                    ErrorCode.CONFIG,
                    "DOCKER_CONFIG is " + Printable.of(users.toString()) + ", which is no folder",
                    "Name the folder that config.json is in, or unset it");
    }

    private static PrivateDockerConfig fill(
            PrivateFolder folder,
            Credential credential,
            Environment environment,
            Command.Runner runner,
            boolean besideOthers)
            throws IOException, InterruptedException {
        DockerConfig users = DockerConfig.of(environment);
        ObjectNode config = users.withoutCredentials();
        // An entry here keeps Docker on macOS from choosing the keychain, which it does for a configuration without
        // any.
        config.putObject("auths").putObject(credential.server());
        Map<String, String> variables = new HashMap<>();
        List<CredentialHelper> helpers = new ArrayList<>();
        if (PrivateFolder.isPosix(folder.path())) {
            List<Credential> credentials = new ArrayList<>();
            if (besideOthers) {
                config.setAll(users.stores());
                credentials.addAll(users.logins());
            }
            // Last, so that it counts where the user has a login to the same registry.
            credentials.add(credential);
            ObjectNode programs =
                    config.path("credHelpers") instanceof ObjectNode theirs ? theirs : config.putObject("credHelpers");
            for (Credential each : credentials) {
                String name = HELPER + (helpers.isEmpty() ? "" : "-" + helpers.size());
                helpers.add(CredentialHelper.install(folder.path(), name, each, path -> mkfifo(path, runner)));
                programs.put(each.server(), name);
            }
            String path = environment.variable("PATH").map(rest -> ":" + rest).orElse("");
            variables.put("PATH", folder.path() + path);
        }
        Path file = Files.createFile(folder.path().resolve("config.json"), PrivateFolder.onlyOwner("rw-------"));
        Files.writeString(file, Json.pretty(config));
        users.linkInto(folder.path());
        variables.put("DOCKER_CONFIG", folder.path().toString());
        // Podman's docker command reads this one instead.
        variables.put("REGISTRY_AUTH_FILE", file.toString());
        return new PrivateDockerConfig(credential, environment, folder, helpers, variables);
    }

    private static void mkfifo(Path path, Command.Runner runner) throws IOException, InterruptedException {
        Command.Result made = runner.run(Command.of("mkfifo", "-m", "600", path.toString()));
        if (!made.succeeded()) throw new IOException("mkfifo: " + DockerError.sentence(made));
    }

    public Credential credential() {
        return credential;
    }

    /** Whether there is a credential helper to ask for the password; else Docker keeps it in the private folder. */
    boolean hasHelper() {
        return !helpers.isEmpty();
    }

    /** Whether a command has asked for this credential's password, which one that does not take this configuration cannot. */
    boolean wasUsed() {
        return helpers.get(helpers.size() - 1).wasAsked();
    }

    /** The {@code docker} that runs, as the PATH finds it. */
    String docker() {
        return environment.variable("PATH").stream()
                .flatMap(folders -> Stream.of(folders.split(File.pathSeparator)))
                .map(folder -> environment.workingDirectory().resolve(folder).resolve("docker"))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(Path::toString)
                .orElse("docker");
    }

    /** A file of the private folder, that a command writes what is no secret to. */
    Path file(String name) {
        return folder.path().resolve(name);
    }

    /** The same command, under this login. */
    public Command applyTo(Command command) {
        return command.with(variables, SHADOWING.keySet());
    }

    @Override
    public void close() {
        helpers.forEach(CredentialHelper::close);
        closeQuietly(folder);
    }

    private static void closeQuietly(PrivateFolder folder) {
        try {
            folder.close();
        } catch (IOException e) {
            // Nothing secret is in it, and the next run sweeps it.
        }
    }

    /** The user's own Docker configuration: read, and never written. */
    public static final class DockerConfig {
        /** What of the file still counts under a private login: where the engine is, and how to get out. No credentials. */
        private static final List<String> KEPT =
                List.of("currentContext", "proxies", "HttpHeaders", "cliPluginsExtraDirs");

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
                // A pipe would wait for somebody to write.
                if (Files.isRegularFile(file)) return Json.parse(Files.readString(file));
            } catch (IOException e) {
                // Unreadable or no JSON.
            }
            return Json.object();
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
                boolean remote = uri.getHost() != null
                        && NETWORK.contains(uri.getScheme())
                        && !Authority.isLoopback(uri.getHost());
                // Without the user, who may have a password there.
                return remote ? Optional.of(uri.getScheme() + "://" + uri.getHost()) : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /**
         * Whether one of the user's own builders may be chosen for all builds: which of them buildx takes hangs on the engine,
         * the context and what was said for each. Source: docker/buildx, {@code store}.
         */
        boolean hasBuilders(Environment environment) {
            if (environment.variable("BUILDX_BUILDER").isPresent()) return true;
            Path store = environment.variable("BUILDX_CONFIG").map(Path::of).orElse(folder.resolve("buildx"));
            String[] builders = store.resolve("instances").toFile().list();
            return builders != null && builders.length > 0;
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
}
