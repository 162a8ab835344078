//JAVA 17+
//MAIN rehearse
//SOURCES ../deploy.java
//SOURCES ../registry_token.java
//SOURCES ../lib/cli/package-info.java
//SOURCES ../sandbox/package-info.java

import java.io.IOException;
import java.nio.file.Path;
import lib.HttpClients;
import lib.cli.Cli;
import sandbox.Cloud;
import sandbox.SampleProject;

/** A token and a deployment against the sandbox: {@code bin/run} archives the classes that this loads. */
class rehearse {
    /** @param folder where a sample project may be written */
    public static void main(String... folder) throws IOException {
        try (Cloud cloud = Cloud.start()) {
            SampleProject.write(Path.of(folder[0]), cloud, cloud.tenants().get(0));
            Cli.execute(new registry_token(), "-C", folder[0]);
            Cli.execute(new deploy(), "-C", folder[0], "--image", "rehearsal:none", "--skip-push", "--json");
        }
        HttpClients.closeAll();
        System.exit(0);
    }
}
