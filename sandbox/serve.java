///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN serve
//DESCRIPTION The cloud in one process: a Management API and a registry on 127.0.0.1, with a console to look at
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES Cloud.java
//SOURCES Fault.java
//SOURCES Generation.java
//SOURCES RegistryAuth.java
//SOURCES SampleProject.java

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.cli.CommonOptions.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sandbox.Cloud;
import sandbox.Fault;
import sandbox.Generation;
import sandbox.RegistryAuth;
import sandbox.SampleProject;

@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Runs a Management API and a registry on 127.0.0.1 until Ctrl-C.",
        footer = {
            "",
            "A fault is METHOD TARGET ACTION [xN], once or N times or for ever (x*):",
            "  'GET registry-token 503 x2'   'POST deploy cut'   'PUT blob 500 x*'",
            "TARGET is the last word of a path; ping, uploads, upload, blob, manifest or",
            "tags of the registry; or a whole /path, with * for any characters.",
            "ACTION is a status (503, '503=a sentence', '200:a body'), with headers",
            "('429 retry-after=2') and before the request's body is read ('early 202');",
            "slow=MILLISECONDS, redirect=URL, reset, reset=BYTES, cut, truncate, stall,",
            "html, empty, garbage, huge or ansi.",
        })
class serve implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "PORT", description = "The API's port. Default: any free port.")
    int port;

    @Option(
            names = "--generation",
            paramLabel = "1|2",
            defaultValue = "2",
            description = "The API's wire format, older or newer (2).")
    String generation;

    @Option(
            names = "--token-ttl",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "How long a registry token lives: 30s, 5m, 1h (5m).")
    String tokenTtl;

    @Option(names = "--fault", paramLabel = "FAULT", description = "What goes wrong, see below; may be repeated.")
    List<String> faults = List.of();

    @Option(
            names = "--registry-auth",
            paramLabel = "basic|bearer",
            defaultValue = "basic",
            description = "How the registry asks for credentials (basic).")
    RegistryAuth.Scheme registryAuth;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "Where to write a sample project. Default: a temporary folder.")
    Path project;

    @Spec
    CommandSpec spec;

    public static void main(String... args) {
        CommandLine command = new CommandLine(new serve()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Cloud cloud = start(options());
        Path folder = project == null ? Files.createTempDirectory("sandbox-project-") : project;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(cloud, folder)));
        try {
            SampleProject.write(folder, cloud, cloud.tenants().get(0));
        } catch (FileAlreadyExistsException e) {
            throw wrong("There is a project in " + folder + " already");
        } catch (IOException e) {
            throw wrong("No project can be written to " + folder + ": " + e.getMessage());
        }
        say(cloud, folder.toAbsolutePath());
        Thread.currentThread().join();
        return 0;
    }

    private Cloud.Builder options() {
        if (port < 0 || port > 65_535) throw wrong("--port is a number up to 65535, not " + port);
        try {
            Cloud.Builder options = Cloud.builder()
                    .port(port)
                    .generation(Generation.values()[Integer.parseInt(generation) - 1])
                    .tokenTtl(Duration.parse("PT" + tokenTtl))
                    .registryScheme(registryAuth);
            for (String fault : faults) options.fault(Fault.parse(fault));
            return options;
        } catch (DateTimeParseException e) {
            throw wrong("--token-ttl takes 30s, 5m or 1h, not '" + tokenTtl + "'");
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw wrong("--generation is 1 or 2, not '" + generation + "'");
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private Cloud start(Cloud.Builder options) {
        try {
            return options.start();
        } catch (UncheckedIOException e) {
            throw wrong("The sandbox cannot start: " + e.getCause().getMessage());
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    private void say(Cloud cloud, Path folder) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                """
                The sandbox is running; Ctrl-C ends it, and forgets everything.

                  Console   %s/
                  Registry  %s
                  Project   %s

                Deploy the sample project:

                  just deploy -C %3$s

                Or one of your own, to its tenant %s, with a token that is good here alone:

                  export SYSTEMPROMPT_API_URL=%1$s
                  export SYSTEMPROMPT_API_TOKEN=%s
                """,
                cloud.apiUrl(),
                cloud.registryHost(),
                folder,
                cloud.tenants().get(0).id(),
                cloud.operatorToken().reveal());
        out.flush();
    }

    /** A temporary project holds a token, so it goes too. */
    private void end(Cloud cloud, Path folder) {
        cloud.close();
        if (project != null) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            spec.commandLine().getErr().println("Not deleted: " + folder + " (" + e.getMessage() + ")");
        }
    }
}
