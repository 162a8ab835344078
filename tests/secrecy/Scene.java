package secrecy;

import harness.Command;
import harness.Engine;
import harness.Scripts;
import harness.TestProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sandbox.Cloud;

/** A home, a folder for temporary files and a project of a test's own, and the scripts as they run there. */
final class Scene {
    /** As the scripts' own headers say. */
    private static final List<String> JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final Path folder;
    private final Scripts scripts;
    private final TestProject project;
    private final Canary apiToken;

    /** @param folder an empty one */
    Scene(Path folder, Cloud cloud) {
        this.folder = folder;
        for (Path each : List.of(home(), temporary(), folder.resolve("traces"))) create(each);
        scripts = new Scripts(home());
        apiToken = Canary.token(cloud.operatorToken().reveal());
        project = TestProject.in(folder.resolve("project"), URI.create(cloud.apiUrl()))
                .token(apiToken.value());
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path home() {
        return folder.resolve("home");
    }

    Path temporary() {
        return folder.resolve("tmp");
    }

    TestProject project() {
        return project;
    }

    Canary apiToken() {
        return apiToken;
    }

    Strace strace() throws IOException {
        return Strace.into(folder.resolve("traces"));
    }

    /** A script through JBang, as a person starts it. */
    Command jbang(Engine engine, String script, String... arguments) {
        return here(engine, scripts.jbang(script + ".java", arguments));
    }

    /** One that has nothing to do with an engine. */
    Command jbang(String script, String... arguments) {
        return here(scripts.jbang(script + ".java", arguments));
    }

    /** A script's class on the tests' own class path: the same, without the seconds that JBang takes under strace. */
    Command script(Engine engine, String script, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        words.addAll(JVM);
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), script));
        words.addAll(List.of(arguments));
        return here(engine, scripts.isolated(Command.of(words)));
    }

    Command just(Engine engine, String recipe, String... arguments) {
        return here(engine, scripts.just(recipe, arguments));
    }

    /** The person's own {@code docker}, with what it keeps in the home. */
    Command docker(Engine engine, String... arguments) {
        return here(scripts.isolated(engine.docker(arguments)));
    }

    private Command here(Engine engine, Command command) {
        return engine.serving(here(command));
    }

    private Command here(Command command) {
        return command.in(project.folder()).env("TMPDIR", temporary().toString());
    }

    /** Where this secret was found in the home, the temporary files and the project. */
    List<String> leaks(Canary canary) {
        return leaks(Leaks.of(canary).but(project.credentialsFile()));
    }

    /** What such a look finds in the home, the temporary files and the project. */
    List<String> leaks(Leaks look) {
        return look.in(home(), temporary(), project.folder());
    }

    /** Where either secret was found, on disk or on the way there. */
    List<String> leaks(Canary password, Trace trace) {
        return Stream.of(
                        Leaks.of(password).in(trace),
                        Leaks.of(apiToken).but(project.credentialsFile()).in(trace),
                        leaks(password),
                        leaks(apiToken))
                .flatMap(List::stream)
                .toList();
    }

    /** Where the API token or a password that this cloud has handed out was found, on disk or on the way there. */
    List<String> leaks(Cloud cloud, Trace trace) {
        return cloud.credentials().stream()
                .flatMap(each -> leaks(Canary.password(each.password()), trace).stream())
                .distinct()
                .toList();
    }

    /** Puts a {@code docker} before the real one, a shell script that may go on with {@code exec "$docker" "$@"}. */
    Command standingIn(Command command, String script) {
        return standingIn(command, real("docker"), script);
    }

    /** Before another program that takes its commands, too. */
    Command standingIn(Command command, Path docker, String script) {
        Path folder = home().resolve("bin");
        create(folder);
        Path standIn = folder.resolve("docker");
        try {
            Files.writeString(standIn, "#!/bin/sh\ndocker=" + docker + "\n" + script + "\n");
            Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return command.env("PATH", folder + ":" + System.getenv("PATH"));
    }

    private static Path real(String program) {
        return all(program).findFirst().orElseThrow();
    }

    /** Every {@code docker} on the PATH, and podman, which takes the same commands. */
    static List<Path> dockers() {
        return Stream.concat(all("docker"), all("podman").limit(1)).toList();
    }

    private static Stream<Path> all(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Scene::withoutLinks)
                .distinct();
    }

    private static Path withoutLinks(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The private folders that are left. */
    List<Path> privateFolders() {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.filter(it -> it.getFileName().toString().startsWith("systemprompt-deploy-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
