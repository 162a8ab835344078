//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../cli/Prompt.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/ProjectWriter.java
//SOURCES ../project/Tenant.java
//SOURCES NewProfile.java
//SOURCES ProfileEditor.java
//SOURCES TenantList.java
package lib.account;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.cli.Prompt.Choice;
import lib.cli.Run;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;
import lib.project.ProjectWriter;
import lib.project.Tenant;

/** Lets a profile deploy to a tenant: one line of an existing profile, or a new profile where there is none. */
public record TenantUse(Run run, Project project, Optional<String> named) {
    /**
     * What was done.
     *
     * @param created files that were not there before, the profile among them
     * @param changed whether the profile's text is another than before
     */
    public record Used(TenantList.Entry tenant, Profile profile, List<Path> created, boolean changed) {
        public ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("tenant_id", tenant.id().value())
                    .put("tenant_name", tenant.shownName())
                    .put("profile", profile.name())
                    .put("file", profile.file().toString())
                    .put("changed", changed);
            ArrayNode files = json.putArray("created");
            created.forEach(file -> files.add(file.toString()));
            return json;
        }
    }

    /** @throws Failure {@code config} when no profile can be told, or it cannot be changed; nothing is changed then */
    public Used use(TenantList.Entry tenant) {
        Profiles profiles = new Profiles(project, run.environment());
        Optional<String> wanted = named.or(() -> run.environment().variable("SYSTEMPROMPT_PROFILE"));
        Used used = wanted.isPresent() ? useNamed(profiles, wanted.get(), tenant) : useFound(profiles, tenant);
        tell(used);
        return used;
    }

    private Used useNamed(Profiles profiles, String wanted, TenantList.Entry tenant) {
        if (profiles.isNew(wanted)) return create(wanted, tenant);
        Profile profile = profiles.choose(Optional.of(wanted), among -> Optional.empty());
        if (profile.targetsLocal()) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Cannot use a cloud tenant in a local profile: " + profile.file() + " says target: local",
                    "Name another profile with --profile; a new name creates one");
        }
        return change(profile, tenant);
    }

    private Used useFound(Profiles profiles, TenantList.Entry tenant) {
        List<Profile> cloud = profiles.readable()
                .filter(profile -> !profile.targetsLocal())
                .filter(profile -> profile.tenantId().filter(Tenant.Id::isLocal).isEmpty())
                .toList();
        if (cloud.isEmpty()) {
            // One of that name that cannot be read says what is wrong with it.
            if (!profiles.isNew(NewProfile.USUAL_NAME))
                Profile.read(profiles.file(NewProfile.USUAL_NAME), run.environment());
            return create(NewProfile.USUAL_NAME, tenant);
        }
        if (cloud.size() == 1) return change(cloud.get(0), tenant);
        String question = "Which profile is to deploy to " + tenant.shownName() + "?";
        List<Choice> choices = cloud.stream()
                .map(profile -> new Choice(profile.label(), profile.name(), profile.name()))
                .toList();
        Profile chosen = run.console()
                .choose(question, choices)
                .map(cloud::get)
                .orElseThrow(() -> new Failure(
                        ErrorCode.CONFIG,
                        "Several profiles can deploy: "
                                + cloud.stream().map(Profile::name).collect(Collectors.joining(", ")),
                        "Choose one with --profile NAME"));
        return change(chosen, tenant);
    }

    private Used change(Profile profile, TenantList.Entry tenant) {
        ProfileEditor yaml = ProfileEditor.read(profile.file());
        String text = yaml.withTenant(tenant.id());
        boolean changed = !text.equals(yaml.text());
        if (changed) ProjectWriter.rewrite(profile.file(), text);
        return new Used(tenant, Profile.read(profile.file(), run.environment()), List.of(), changed);
    }

    private Used create(String name, TenantList.Entry tenant) {
        List<Path> created = new NewProfile(project, name, tenant).create();
        Path file = new Profiles(project, run.environment()).file(name);
        return new Used(tenant, Profile.read(file, run.environment()), created, true);
    }

    private void tell(Used used) {
        used.created().forEach(file -> run.console().success("Created " + file));
        String tenant = used.tenant().shownName() + " (" + used.tenant().id() + ")";
        run.console().success("Profile " + used.profile().name() + " deploys to " + tenant);
        if (!used.profile().cloudEnabled()) {
            run.console()
                    .warn("Cloud features are disabled in this profile. Set cloud.enabled: true in "
                            + used.profile().file());
        }
        if (run.console().isQuiet()) return;
        if (used.changed() && ProjectWriter.hidesAllFromGit(project)) {
            run.console().hint("For a clone or CI: git add --force " + committed(used.profile()));
        }
        run.console().hint("Next: just deploy" + arguments(used.profile()));
    }

    /** What a clone needs of a profile, as a shell reads it; beside it may lie secrets. */
    private String committed(Profile profile) {
        return Stream.of("profile.yaml", "docker/Dockerfile", "docker/Dockerfile.dockerignore")
                .map(profile.folder()::resolve)
                .filter(Files::exists)
                .map(this::shown)
                .collect(Collectors.joining(" "));
    }

    private String shown(Path file) {
        Path here = run.environment().workingDirectory();
        String path = (file.startsWith(here) ? here.relativize(file) : file).toString();
        return path.matches("[\\w./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /** What a deploy must be told to find this profile. */
    private String arguments(Profile profile) {
        boolean only = new Profiles(project, run.environment()).deployable().size() == 1;
        boolean variable = run.environment().variable("SYSTEMPROMPT_PROFILE").isPresent();
        return only || variable ? "" : " --profile " + profile.name();
    }
}
