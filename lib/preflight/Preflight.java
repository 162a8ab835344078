//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Parallel.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Prompt.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/EngineHost.java
//SOURCES ../docker/EngineVersion.java
//SOURCES ../docker/PrivateLogin.java
//SOURCES ../project/ApiCredentials.java
//SOURCES ../project/BuildContext.java
//SOURCES ../project/Dockerfile.java
//SOURCES ../project/ImageBuilder.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/SecretsFile.java
//SOURCES ../project/Target.java
//SOURCES ../project/Tenant.java
//SOURCES BuildSources.java
//SOURCES Findings.java
//SOURCES Ground.java
//SOURCES Look.java
//SOURCES Needs.java
package lib.preflight;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import lib.Environment;
import lib.Failure;
import lib.Failure.Finding;
import lib.Parallel;
import lib.cli.CommonOptions;
import lib.cli.Prompt.Choice;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.EngineHost;
import lib.docker.EngineVersion;
import lib.docker.PrivateLogin;
import lib.project.ApiCredentials;
import lib.project.BuildContext.PrivateFiles;
import lib.project.Dockerfile;
import lib.project.ImageBuilder;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;
import lib.project.SecretsFile;
import lib.project.Target;
import lib.project.Tenant;

/** Finds everything on this machine that would stop a run, side by side, and asks nobody outside it. */
public record Preflight(Run run, CommonOptions options, Needs needs, Engine engine) {
    /** @throws Failure {@code config} where there is no project, without which there is nothing to look at */
    public Ground look() throws InterruptedException {
        Project project = needs.tenant().isPresent()
                ? Project.findOrStart(options.project(), run.environment())
                : Project.find(options.project(), run.environment());
        Optional<String> named = options.profile();
        try (Parallel others = new Parallel("aside", 4)) {
            Parallel.Result<Look<EngineVersion>> docker = others.start(this::docker);
            Parallel.Result<Look<Void>> place = others.start(this::place);
            Look<Profile> profile = profile(project, named);
            Parallel.Result<Look<ApiCredentials>> credentials =
                    others.start(() -> credentials(project, profile.value()));
            Parallel.Result<Look<Path>> dockerfile = others.start(() -> dockerfile(project, profile.value(), docker));
            Look<Tenant> tenant = tenant(project, profile.value());
            Look<Path> secrets = secrets(profile.value());
            List<Finding> findings =
                    new ArrayList<>(List.of(Finding.ok("project", project.root().toString())));
            Stream.of(profile, tenant, credentials.get(), docker.get(), place.get(), dockerfile.get(), secrets)
                    .forEach(look -> findings.addAll(look.findings()));
            return new Ground(
                    project,
                    profile.value(),
                    tenant.value(),
                    credentials.get().value(),
                    docker.get().value().isPresent(),
                    new Findings(findings));
        }
    }

    // A tenant that is named needs no profile, unless one is named too.
    private Look<Profile> profile(Project project, Optional<String> named) throws InterruptedException {
        if (needs.tenant().isPresent() && named.isEmpty()) return Look.none();
        Profiles profiles = new Profiles(project, run.environment());
        return Look.at("profile", () -> profiles.choose(named, this::asked), Profile::name);
    }

    private Optional<Profile> asked(List<Profile> among) {
        return run.console()
                .choose("Which profile?", among.stream().map(Preflight::choice).toList())
                .map(among::get);
    }

    private static Choice choice(Profile profile) {
        return new Choice(profile.label(), profile.name(), profile.name());
    }

    private Look<Tenant> tenant(Project project, Optional<Profile> profile) throws InterruptedException {
        if (profile.isEmpty() && needs.tenant().isEmpty()) return Look.none();
        Target.Finder finder = new Target.Finder(project, run.environment(), run.console()::warn);
        return Look.at(
                "tenant",
                () -> {
                    Tenant.Id id =
                            needs.tenant().orElseGet(() -> profile.orElseThrow().deployableTenant());
                    return finder.tenant(profile, id);
                },
                tenant -> tenant.label()
                        + tenant.name().map(name -> " (" + tenant.id() + ")").orElse(""));
    }

    private Look<ApiCredentials> credentials(Project project, Optional<Profile> profile) throws InterruptedException {
        List<Finding> warnings = new ArrayList<>();
        Target.Finder finder =
                new Target.Finder(project, run.environment(), text -> warnings.add(Finding.warn("credentials", text)));
        boolean validates = Target.validates(profile);
        Instant now = run.clock().instant();
        Look<ApiCredentials> look = Look.at(
                "credentials",
                () -> {
                    ApiCredentials credentials = finder.credentials(profile);
                    if (validates) credentials.requireUnexpired(now);
                    return credentials;
                },
                found -> found.email().map(email -> email + " at ").orElse("") + found.apiUrl());
        if (validates && look.value().filter(found -> found.expiresSoon(now)).isPresent()) {
            warnings.add(Finding.warn("credentials", "Token expires soon. Consider 'just login'"));
        }
        return look.and(warnings);
    }

    private Look<EngineVersion> docker() throws InterruptedException {
        return needs.engine()
                ? Look.at("docker", engine::requireAnswering, version -> "engine " + version)
                : Look.none();
    }

    // Told of only where there is none: which one it is matters to nobody.
    private Look<Void> place() {
        if (!needs.login()) return Look.none();
        try {
            PrivateLogin.requirePlace(run.environment());
            return Look.none();
        } catch (Failure failure) {
            return Look.<Void>none().and(List.of(Finding.of("folder", failure)));
        }
    }

    private Look<Path> dockerfile(
            Project project, Optional<Profile> profile, Parallel.Result<Look<EngineVersion>> docker)
            throws InterruptedException {
        // Without its profile nobody knows which file is meant.
        if (!needs.build() || profile.isEmpty()) return Look.none();
        Environment environment = run.environment();
        Look<Path> file = Look.at(
                "dockerfile",
                () -> Dockerfile.find(needs.dockerfile(), profile.get(), project, environment),
                Path::toString);
        if (file.value().isEmpty()) return file;
        BuildSources sources = new BuildSources(
                project.root(),
                file.value().get(),
                PrivateFiles.credentials(project, profile.get(), environment),
                PrivateFiles.secrets(project, profile.get(), environment),
                needs.builder().map(name -> "builder '" + name + "'").or(() -> EngineHost.elsewhere(environment)));
        return file.and(sources.findings(() -> builders(docker)));
    }

    private Set<ImageBuilder> builders(Parallel.Result<Look<EngineVersion>> docker) throws InterruptedException {
        if (needs.builder().isPresent()) return Set.of(ImageBuilder.BUILDKIT);
        Optional<EngineVersion> known = docker.get().value();
        try {
            // Of several profiles, only the first has the engine asked.
            EngineVersion version = known.isPresent() ? known.get() : engine.requireAnswering();
            return engine.builders(version, run.environment());
        } catch (Failure notAvailable) {
            return EnumSet.allOf(ImageBuilder.class);
        }
    }

    private Look<Path> secrets(Optional<Profile> profile) throws InterruptedException {
        if (!needs.secrets() || profile.isEmpty()) return Look.none();
        return Look.at(
                "secrets",
                () -> SecretsFile.of(profile.get(), run.environment())
                        .required()
                        .path(),
                Path::toString);
    }
}
