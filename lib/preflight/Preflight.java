package lib.preflight;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Finding;
import lib.Parallel;
import lib.cli.Choice;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.PrivateLogin;
import lib.project.Credentials;
import lib.project.Dockerfile;
import lib.project.Profile;
import lib.project.Profiles;
import lib.project.Project;
import lib.project.SecretsFile;
import lib.project.Target;
import lib.project.Tenant;
import lib.project.TenantId;

/** Finds everything on this machine that would stop a run, side by side, and asks nobody outside it. */
public record Preflight(Run run, CommonOptions options, Needs needs, Engine engine) {
    /** @throws Failure {@code config} where there is no project, without which there is nothing to look at */
    public Ground look() throws InterruptedException {
        Project project = needs.tenant().isPresent()
                ? Project.findOrStart(options.project(), run.environment())
                : Project.find(options.project(), run.environment());
        Optional<String> named = options.profile();
        try (Parallel others = new Parallel("aside", 4)) {
            Parallel.Result<Look<String>> docker = others.start(this::docker);
            Parallel.Result<Look<Void>> place = others.start(this::place);
            Look<Profile> profile = profile(project, named);
            Parallel.Result<Look<Credentials>> credentials = others.start(() -> credentials(project, profile.value()));
            Parallel.Result<Look<Path>> dockerfile = others.start(() -> dockerfile(project, profile.value()));
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
                    TenantId id =
                            needs.tenant().orElseGet(() -> profile.orElseThrow().deployableTenant());
                    return finder.tenant(profile, id);
                },
                tenant -> tenant.label()
                        + tenant.name().map(name -> " (" + tenant.id() + ")").orElse(""));
    }

    private Look<Credentials> credentials(Project project, Optional<Profile> profile) throws InterruptedException {
        List<Finding> warnings = new ArrayList<>();
        Target.Finder finder =
                new Target.Finder(project, run.environment(), text -> warnings.add(Finding.warn("credentials", text)));
        boolean validates = Target.validates(profile);
        Instant now = run.clock().instant();
        Look<Credentials> look = Look.at(
                "credentials",
                () -> {
                    Credentials credentials = finder.credentials(profile);
                    if (validates) credentials.requireUnexpired(now);
                    return credentials;
                },
                found -> found.email().map(email -> email + " at ").orElse("") + found.apiUrl());
        if (validates && look.value().filter(found -> found.expiresSoon(now)).isPresent()) {
            warnings.add(Finding.warn("credentials", "Token expires soon. Consider 'just login'"));
        }
        return look.and(warnings);
    }

    private Look<String> docker() throws InterruptedException {
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

    private Look<Path> dockerfile(Project project, Optional<Profile> profile) throws InterruptedException {
        // Without its profile nobody knows which file is meant.
        if (!needs.build() || profile.isEmpty()) return Look.none();
        Look<Path> file = Look.at(
                "dockerfile",
                () -> Dockerfile.find(needs.dockerfile(), profile.get(), project, run.environment()),
                Path::toString);
        return file.value()
                .map(found -> file.and(new BuildSources(project.root(), found).findings()))
                .orElse(file);
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
