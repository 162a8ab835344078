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
import java.util.LinkedHashMap;
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
 * (it refuses keys that it doesn't know: none may be added), beside it a Dockerfile to start from, and in the root a
 * {@code .dockerignore} that keeps secrets out of images; the latter two unless the project has its own.
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
        Optional<Path> own = ownDockerfile();
        String secrets = Template.of("secrets.dockerignore", Map.of());
        Map<Path, String> files = new LinkedHashMap<>();
        // The classic builder, and whoever builds another Dockerfile, reads none but this.
        Path ignore = project.root().resolve(".dockerignore");
        if (!Files.exists(ignore, LinkOption.NOFOLLOW_LINKS)) files.put(ignore, secrets);
        if (own.isEmpty()) {
            files.put(dockerfile, dockerfile());
            files.put(
                    dockerfile.resolveSibling("Dockerfile.dockerignore"),
                    secrets + Template.of("dockerignore", Map.of()));
        }
        // The profile comes last: with it the project is complete.
        files.put(profile, profile(folder.relativize(own.orElse(dockerfile))));
        files.keySet().forEach(NewProfile::refuseToOverwrite);
        files.forEach(new ProjectWriter(project)::create);
        return List.copyOf(files.keySet());
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
