///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN demo
//DESCRIPTION Deploys a sample project to a cloud on this machine: the whole flow, with nothing to set up.
//SOURCES ../deploy.java
//SOURCES ../lib/Http.java
//SOURCES ../lib/Json.java
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/Run.java
//SOURCES ../lib/deploy/Push.java
//SOURCES Cloud.java
//SOURCES Deployment.java
//SOURCES Generation.java
//SOURCES SampleArchive.java
//SOURCES SampleProject.java

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import lib.Http;
import lib.Json;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.deploy.Push;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sandbox.Cloud;
import sandbox.Deployment;
import sandbox.Generation;
import sandbox.SampleArchive;
import sandbox.SampleProject;

@Command(
        name = "demo",
        description = "Deploys a sample project to a cloud on this machine. With a Docker engine it builds the image.",
        versionProvider = Version.class)
class demo implements Script {
    @Mixin
    CommonOptions common;

    @Option(names = "--keep", description = "Keep the cloud running until Ctrl-C, to look at its console.")
    boolean keep;

    private static final String NEXT =
            "Next: the same with --keep shows the cloud in a browser; just login and just tenant begin with a project"
                    + " of your own";

    public static void main(String... arguments) {
        Cli.of(new demo()).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        try (Cloud cloud = Cloud.builder().generation(Generation.G2).start()) {
            Path folder = Files.createTempDirectory("systemprompt-demo-");
            try {
                return deploySample(run, cloud, folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result deploySample(Run run, Cloud cloud, Path folder) throws IOException, InterruptedException {
        SampleProject.write(folder, cloud, cloud.tenants().get(0));
        run.console().say("A cloud runs at " + cloud.apiUrl() + ", a sample project lies in " + folder);
        String[] arguments = Push.docker(run).answers() ? buildingIt(folder) : archivingIt(run, folder);
        run.console().say("$ deploy " + String.join(" ", arguments));
        int exitCode = Cli.of(new deploy()).execute(arguments);
        if (exitCode == 0) show(run, cloud);
        if (exitCode == 0) run.console().hint(NEXT);
        if (exitCode == 0 && keep) {
            run.console().say("The console is at " + cloud.apiUrl() + "/; Ctrl-C ends the cloud");
            Thread.currentThread().join();
        }
        return new Result("", Json.object().put("exit_code", exitCode), exitCode);
    }

    private static String[] buildingIt(Path folder) {
        return new String[] {"--project", folder.toString(), "--wait"};
    }

    private static String[] archivingIt(Run run, Path folder) throws IOException {
        run.console().say("No Docker engine answers: the image comes from an archive, which needs none");
        Path archive = folder.resolve("sample.tar");
        SampleArchive.write(archive, folder);
        return new String[] {"--project", folder.toString(), "--archive", archive.toString(), "--wait"};
    }

    private static void show(Run run, Cloud cloud) throws IOException, InterruptedException {
        HttpClient browser = Http.shared();
        for (Deployment deployment : cloud.deployments()) {
            URI url = URI.create(cloud.apiUrl() + "/apps/" + deployment.tenantId() + "/");
            int status = browser.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                    .statusCode();
            run.console().success(url + " answers " + status);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> inside;
        try (Stream<Path> all = Files.walk(folder)) {
            inside = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) Files.delete(path);
    }
}
