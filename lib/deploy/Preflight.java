//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Parallel.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Docker.java
//SOURCES ../docker/PrivateDockerConfig.java
//SOURCES ../project/BuildContext.java
//SOURCES ../project/Dockerfile.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/SecretsFile.java
//SOURCES ../project/Target.java
//SOURCES BuildSources.java
//SOURCES Push.java
package lib.deploy;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Environment;
import lib.Failure;
import lib.Failure.Findings;
import lib.Parallel;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.docker.Docker;
import lib.docker.PrivateDockerConfig.DockerConfig;
import lib.project.BuildContext.ImageBuilder;
import lib.project.BuildContext.PrivateFiles;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Project;
import lib.project.SecretsFile;
import lib.project.Target;

/** Finds everything on this machine that would stop a deploy, in parallel, and asks nobody outside it. */
public record Preflight(Run run, CommonOptions options, Requirements needs, Docker docker) {
    /**
     * What a run needs besides a tenant and credentials.
     *
     * @param engine whether a Docker engine must answer
     * @param login whether {@code docker} logs in, so that there must be a folder for that
     * @param build whether an image is built, so that its sources must be there
     * @param dockerfile the Dockerfile, where one is named
     * @param builder the builder of buildx that builds, where one is named
     * @param secrets whether the project's secrets are sent
     */
    public record Requirements(
            boolean engine,
            boolean login,
            boolean build,
            Optional<Path> dockerfile,
            Optional<String> builder,
            boolean secrets) {
        /** The same for another profile: what all share is looked at once. */
        Requirements ofFurtherProfile() {
            return new Requirements(false, false, build, dockerfile, builder, secrets);
        }
    }

    /** What was found. */
    record Result(Target.Found found, boolean engineAnswers) {
        Findings findings() {
            return found.findings();
        }
    }

    /** @throws Failure {@code config} where there is no project, without which there is nothing to look at */
    Result check() throws InterruptedException {
        try (Parallel others = new Parallel("aside", 2)) {
            Findings ofDocker = new Findings();
            Parallel.Result<Optional<Docker.Version>> answers = others.start(() -> docker(ofDocker));
            Target.Found found = Target.find(run, options, Optional.empty());
            Parallel.Result<Findings> sources = others.start(() -> sources(found.project(), found.profile(), answers));
            Optional<Docker.Version> engine = answers.get();
            found.findings().addAll(ofDocker);
            found.findings().addAll(sources.get());
            secrets(found);
            return new Result(found, engine.isPresent());
        }
    }

    private Optional<Docker.Version> docker(Findings findings) throws InterruptedException {
        Optional<Docker.Version> version = needs.engine() ? Push.checkEngine(docker, findings) : Optional.empty();
        if (needs.login()) Push.checkFolder(run.environment(), findings);
        return version;
    }

    private Findings sources(
            Project project, Optional<Profile> profile, Parallel.Result<Optional<Docker.Version>> answers)
            throws InterruptedException {
        Findings findings = new Findings();
        // Without its profile nobody knows which file is meant.
        if (!needs.build() || profile.isEmpty()) return findings;
        Environment environment = run.environment();
        Optional<Path> file = findings.check(
                "dockerfile",
                () -> Dockerfile.find(needs.dockerfile(), profile.get(), project, environment),
                Path::toString);
        if (file.isEmpty()) return findings;
        BuildSources sources = new BuildSources(
                project.root(),
                file.get(),
                PrivateFiles.credentials(project, profile.get(), environment),
                PrivateFiles.secrets(project, profile.get(), environment),
                needs.builder().map(name -> "builder '" + name + "'").or(() -> DockerConfig.remoteEngine(environment)));
        sources.findings(() -> builders(answers)).forEach(findings::add);
        return findings;
    }

    private Set<ImageBuilder> builders(Parallel.Result<Optional<Docker.Version>> answers) throws InterruptedException {
        if (needs.builder().isPresent()) return Set.of(ImageBuilder.BUILDKIT);
        Optional<Docker.Version> known = answers.get();
        try {
            // Of several profiles, only the first has the engine asked.
            Docker.Version version = known.isPresent() ? known.get() : docker.requireAnswering();
            return docker.builders(version, run.environment()).stream()
                    .map(Preflight::reading)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(ImageBuilder.class)));
        } catch (Failure notAvailable) {
            return EnumSet.allOf(ImageBuilder.class);
        }
    }

    /** As what a builder reads the project. */
    private static ImageBuilder reading(Docker.BuilderKind builder) {
        return switch (builder) {
            case BUILDKIT -> ImageBuilder.BUILDKIT;
            case CLASSIC -> ImageBuilder.CLASSIC;
            case PODMAN -> ImageBuilder.PODMAN;
        };
    }

    private void secrets(Target.Found found) throws InterruptedException {
        if (!needs.secrets() || found.profile().isEmpty()) return;
        found.findings()
                .check(
                        "secrets",
                        () -> SecretsFile.of(found.profile().get(), run.environment())
                                .required()
                                .path(),
                        Path::toString);
    }
}
