//SOURCES ../Credential.java
//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../api/RegistryToken.java
//SOURCES Command.java
//SOURCES CommandRunner.java
//SOURCES CredentialHelper.java
//SOURCES DockerConfig.java
//SOURCES Outcome.java
//SOURCES PrivateFolder.java
//SOURCES PrivatePlace.java
package lib.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.Credential;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.api.RegistryToken;

/**
 * A Docker configuration for one registry and one run: commands under it find the password through a credential helper
 * that is fed from this process's memory, and the user's own configuration stays as it is.
 *
 * <p>On a system without FIFOs, Docker itself writes the login to the private folder; that is the one exception.
 */
public final class PrivateLogin implements AutoCloseable {
    /** Beats a login since Docker's command 28.3, so a push would use the wrong credentials. */
    public static final String SHADOWING = "DOCKER_AUTH_CONFIG";

    private static final String HELPER = "systemprompt-memory";

    private final RegistryToken token;
    private final Environment environment;
    private final PrivateFolder folder;
    private final List<CredentialHelper> helpers;
    private final Map<String, String> variables;

    /** @param helpers the token's own last; none on a system without FIFOs */
    private PrivateLogin(
            RegistryToken token,
            Environment environment,
            PrivateFolder folder,
            List<CredentialHelper> helpers,
            Map<String, String> variables) {
        this.token = token;
        this.environment = environment;
        this.folder = folder;
        this.helpers = List.copyOf(helpers);
        this.variables = Map.copyOf(variables);
    }

    /** The only login under it. @throws Failure {@code login_failed} when the private folder cannot be made */
    public static PrivateLogin open(RegistryToken token, Environment environment, CommandRunner runner)
            throws InterruptedException {
        return open(token, environment, runner, false);
    }

    /**
     * @param besideOthers whether the user's own logins to other registries count too, for what pulls from those while it
     *     pushes; on a system without FIFOs they are left out
     * @throws Failure {@code login_failed} when the private folder cannot be made
     */
    public static PrivateLogin open(
            RegistryToken token, Environment environment, CommandRunner runner, boolean besideOthers)
            throws InterruptedException {
        PrivateFolder folder = PrivateFolder.open(PrivatePlace.candidates(environment));
        try {
            return fill(folder, token, environment, runner, besideOthers);
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

    /** Looks for a folder that can hold a login. @throws Failure {@code login_failed} where there is none */
    public static void requirePlace(Environment environment) {
        closeQuietly(PrivateFolder.open(PrivatePlace.candidates(environment)));
    }

    private static PrivateLogin fill(
            PrivateFolder folder,
            RegistryToken token,
            Environment environment,
            CommandRunner runner,
            boolean besideOthers)
            throws IOException, InterruptedException {
        DockerConfig users = DockerConfig.of(environment);
        ObjectNode config = users.withoutCredentials();
        // An entry here keeps Docker on macOS from choosing the keychain, which it does for a configuration without
        // any.
        config.putObject("auths").putObject(token.registry());
        Map<String, String> variables = new HashMap<>();
        List<CredentialHelper> helpers = new ArrayList<>();
        if (PrivateFolder.isPosix(folder.path())) {
            List<Credential> credentials = new ArrayList<>();
            if (besideOthers) {
                config.setAll(users.stores());
                credentials.addAll(users.logins());
            }
            // Last, so that it counts where the user has a login to the same registry.
            credentials.add(token.credential());
            ObjectNode programs =
                    config.path("credHelpers") instanceof ObjectNode theirs ? theirs : config.putObject("credHelpers");
            for (Credential credential : credentials) {
                String name = HELPER + (helpers.isEmpty() ? "" : "-" + helpers.size());
                helpers.add(CredentialHelper.install(folder.path(), name, credential, path -> mkfifo(path, runner)));
                programs.put(credential.server(), name);
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
        return new PrivateLogin(token, environment, folder, helpers, variables);
    }

    private static void mkfifo(Path path, CommandRunner runner) throws IOException, InterruptedException {
        Outcome made = runner.run(Command.of("mkfifo", "-m", "600", path.toString()));
        if (!made.succeeded()) throw new IOException("mkfifo: " + made.lastSentence());
    }

    public RegistryToken token() {
        return token;
    }

    /** Whether there is a credential helper to ask for the password; else Docker keeps it in the private folder. */
    boolean hasHelper() {
        return !helpers.isEmpty();
    }

    /** Whether a command has asked for this token's password, which one that does not take this configuration cannot. */
    boolean wasUsed() {
        return helpers.get(helpers.size() - 1).wasAsked();
    }

    /** The {@code docker} that runs, as the PATH finds it. */
    String docker() {
        return environment.program("docker").map(Path::toString).orElse("docker");
    }

    /** A file of the private folder, that a command writes what is no secret to. */
    Path file(String name) {
        return folder.path().resolve(name);
    }

    /** The same command, under this login. */
    public Command applyTo(Command command) {
        return command.with(variables, Set.of(SHADOWING));
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
}
