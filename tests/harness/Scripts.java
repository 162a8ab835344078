package harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The scripts as a user starts them, by absolute path, in a home that is not the developer's own.
 *
 * <p>Nothing of the developer's reaches them: no profile or token variable, no Docker configuration, no CI marker.
 * JBang's and Maven's caches do, since a JVM finds those by the account and not by {@code HOME}.
 */
public final class Scripts {
    /** The {@code jbang} of the PATH, else ours. */
    public static final String JBANG = jbang();

    private static final Set<String> BUILT = new HashSet<>();

    private final Path home;

    /** @param home an empty folder, of the test's own, that serves as {@code HOME} */
    public Scripts(Path home) {
        this.home = home;
    }

    /** {@code jbang /path/deploy.java ...}: as someone who copied the script starts it. */
    public Command jbang(String script, String... arguments) {
        build(script);
        return isolated(Command.of(JBANG, Project.ROOT.resolve(script).toString()))
                .with(arguments);
    }

    /** {@code bin/run deploy.java ...}: what a recipe of the justfile starts. */
    public Command run(String script, String... arguments) {
        return isolated(Command.of(Project.ROOT.resolve("bin/run").toString(), script))
                .with(arguments);
    }

    /** {@code justw deploy ...}: as a developer types it. */
    public Command just(String recipe, String... arguments) {
        Path justw = Project.ROOT.resolve("justw");
        assumeTrue(Files.exists(justw), "a copy that was vendored has no recipes");
        return isolated(Command.of(justw.toString(), recipe)).with(arguments);
    }

    /** A folder for the PATH of who has installed {@code just} and {@code jbang}. */
    public Path installed() throws IOException {
        just("--version").run().succeeded(); // fetches it where it is missing
        String found = "command -v just || ls -d \"$1\"/just-[0-9]*.[0-9]*.[0-9]* | tail -n 1";
        Path cache = userCache().resolve("systemprompt-deploy");
        String just = Command.of("sh", "-c", found, "", cache.toString())
                .run()
                .succeeded()
                .out()
                .strip();
        // No links: what lies beside a command, such as our jbang's own files, must stay there.
        Path folder = Files.createDirectories(home.resolve("installed"));
        for (Map.Entry<String, String> command :
                Map.of("just", just, "jbang", JBANG).entrySet()) {
            Path file = folder.resolve(command.getKey());
            Files.writeString(file, "#!/bin/sh\nexec '" + command.getValue() + "' \"$@\"\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
        return folder;
    }

    /** Any command in the same home and environment, such as {@code docker}. */
    public Command isolated(Command command) {
        return command.interruptible()
                .in(home)
                .without("SYSTEMPROMPT_*", "GITHUB_*", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR*")
                .without("DOCKER_CONFIG", "DOCKER_AUTH_CONFIG", "DOCKER_CONTEXT", "REGISTRY_AUTH_FILE")
                .env("HOME", home.toString())
                .env("XDG_CACHE_HOME", userCache().toString());
    }

    /** Builds each script once, under a lock: several first runs at once would meet half-built jars. */
    private static synchronized void build(String script) {
        if (!BUILT.add(script)) return;
        // In a folder of the user's own: what lies in the one for temporary files has the same name for all of them.
        try (FileChannel file = FileChannel.open(
                        Files.createDirectories(userCache()).resolve("systemprompt-deploy-tests.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock held = file.lock()) {
            assert held.isValid();
            Command.of(JBANG, "build", Project.ROOT.resolve(script).toString())
                    .within(Duration.ofMinutes(5))
                    .run()
                    .succeeded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String jbang() {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "jbang"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Project.ROOT.resolve("bin/jbang"))
                .toString();
    }

    private static Path userCache() {
        String named = System.getenv("XDG_CACHE_HOME");
        return named != null ? Path.of(named) : Path.of(System.getenv("HOME"), ".cache");
    }
}
