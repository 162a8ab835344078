//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Template.java
//SOURCES ../project/Project.java
//SOURCES ../project/ProjectWriter.java
//SOURCES TenantList.java
package lib.account;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Template;
import lib.project.Project;
import lib.project.ProjectWriter;

/**
 * A cloud profile for a project that has none: {@code profiles/NAME/profile.yaml} in the shape of the current generation
 * (it refuses keys that it doesn't know: none may be added), and beside it a Dockerfile to start from, unless the project has one already.
 */
public record NewProfile(Project project, String name, TenantList.Entry tenant) {
    public static final String USUAL_NAME = "prod";
    private static final Map<String, String> DISPLAY_NAMES =
            Map.of("dev", "Development", "prod", "Production", "stage", "Staging", "test", "Testing");
    private static final String HOST_OF_ALL = "cloud.systemprompt.io";

    public NewProfile {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            throw new Failure(
                    ErrorCode.USAGE,
                    "Not a name for a new profile: '" + Printable.of(name) + "'",
                    "Use letters, digits, '-' and '_'");
        }
    }

    /** Writes the files. @return those that were written. @throws Failure {@code config} when one of them is there already */
    public List<Path> create() {
        Path folder = project.profiles().resolve(name);
        Path profile = folder.resolve("profile.yaml");
        Path dockerfile = folder.resolve("docker").resolve("Dockerfile");
        Path ignore = folder.resolve("docker").resolve("Dockerfile.dockerignore");
        Optional<Path> own = ownDockerfile();
        List<Path> files = own.isPresent() ? List.of(profile) : List.of(dockerfile, ignore, profile);
        for (Path file : files) refuseToOverwrite(file);
        ProjectWriter writer = new ProjectWriter(project);
        List<Path> written = new ArrayList<>();
        // The profile comes last: with it the project is complete.
        for (Path file : files) {
            writer.create(
                    file,
                    file.equals(profile)
                            ? profile(folder.relativize(own.orElse(dockerfile)))
                            : file.equals(ignore) ? Template.of("dockerignore", Map.of()) : dockerfile());
            written.add(file);
        }
        return written;
    }

    /** The project's own, which a deploy finds by itself. */
    private Optional<Path> ownDockerfile() {
        return Stream.of(project.folder(), project.root())
                .map(folder -> folder.resolve("Dockerfile"))
                .filter(Files::exists)
                .findFirst();
    }

    private static void refuseToOverwrite(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) return;
        throw new Failure(
                ErrorCode.CONFIG,
                file + " is there already and is not overwritten",
                "Choose another name with --profile NAME, or move the file away");
    }

    private String profile(Path dockerfile) {
        String host = tenant.hostname().orElse(HOST_OF_ALL);
        String display =
                DISPLAY_NAMES.getOrDefault(name, name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
        return Template.of(
                "profile.yaml",
                Map.of(
                        "name",
                        name,
                        "display",
                        display,
                        "dockerfile",
                        dockerfile.toString(),
                        "host",
                        host,
                        "tenant",
                        tenant.id().value()));
    }

    /** With a release binary, or the sources of one, the image holds it; else it is a page that says that all works. */
    private String dockerfile() {
        boolean binary = Files.exists(project.root().resolve("target/release/systemprompt"))
                || Files.exists(project.root().resolve("Cargo.toml"));
        return Template.of(binary ? "binary.Dockerfile" : "page.Dockerfile", Map.of("name", name));
    }
}
