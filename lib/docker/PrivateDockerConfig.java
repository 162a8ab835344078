//SOURCES ../Credential.java
//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES Command.java
//SOURCES CredentialHelper.java
//SOURCES DockerConfig.java
//SOURCES DockerError.java
//SOURCES PrivateFolder.java
package lib.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.Credential;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;

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
            "DOCKER_AUTH_CONFIG", "it is left out of login and push, where it would win");

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

    /** Looks for a folder that can hold a login. @throws Failure {@code login_failed} where there is none */
    public static void requirePlace(Environment environment) {
        closeQuietly(PrivateFolder.open(PrivateFolder.candidates(environment)));
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
        return environment.program("docker").map(Path::toString).orElse("docker");
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
}
