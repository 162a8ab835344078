//JAVA 17+
//MAIN rehearse
//SOURCES ../deploy.java
//SOURCES ../docker_push.java
//SOURCES ../lib/cli/Cli.java
//SOURCES ../registry_token.java
//SOURCES ../sandbox/Cloud.java
//SOURCES ../sandbox/SampleArchive.java
//SOURCES ../sandbox/SampleProject.java

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import lib.cli.Cli;
import sandbox.Cloud;
import sandbox.SampleArchive;
import sandbox.SampleProject;

/**
 * Tokens, pushes and deployments against the sandbox, with {@code bin/rehearsal/docker} for an engine: {@code bin/run}
 * archives the classes that this loads.
 */
class rehearse {
    /** @param folder where a sample project may be written */
    public static void main(String... folder) throws IOException {
        try (Cloud cloud = Cloud.start()) {
            Path project = Path.of(folder[0]);
            SampleProject.write(project, cloud, cloud.tenants().get(0));
            Path archive = project.resolve("sample.tar");
            SampleArchive.write(archive, project);
            String sample = archive.toString();
            int worst = IntStream.of(
                            Cli.of(new registry_token()).execute("-C", folder[0]),
                            Cli.of(new docker_push())
                                    .execute("-C", folder[0], "--archive", sample, "--tag", "rehearsal"),
                            Cli.of(new deploy()).execute("-C", folder[0], "--archive", sample, "--json"))
                    .max()
                    .orElseThrow();
            if (worst != 0) System.exit(worst);
            deploy.main("-C", folder[0], "-p", "prod", "--tag", "rehearsal"); // which exits
        }
    }
}
