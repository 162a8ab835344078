//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Prompt.java
//SOURCES ../cli/Run.java
//SOURCES ApiCredentials.java
//SOURCES Profile.java
//SOURCES Project.java
//SOURCES Tenant.java
package lib.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Failure.Findings;
import lib.Printable;
import lib.cli.CommonOptions;
import lib.cli.Prompt.Choice;
import lib.cli.Run;
import lib.project.Project.Profiles;

/**
 * Where a run goes, and as whom: the first thing that it finds out.
 *
 * @param profile empty when a tenant was named and no profile was needed to find it
 */
public record Target(Project project, Optional<Profile> profile, Tenant tenant, ApiCredentials credentials) {
    /**
     * What was found; a part is empty where a finding says why.
     *
     * @param findings to which other checks may add theirs
     */
    public record Found(
            Project project,
            Optional<Profile> profile,
            Optional<Tenant> tenant,
            Optional<ApiCredentials> credentials,
            Findings findings) {
        /** The target itself. @param warn told the warnings @throws Failure with everything that was found against it */
        public Target require(Consumer<String> warn) {
            findings.tellWarnings(warn);
            findings.requireNoFailure();
            return target();
        }

        /** The target where nothing failed. */
        public Target target() {
            return new Target(project, profile, tenant.orElseThrow(), credentials.orElseThrow());
        }
    }

    /** Finds the target of a run that needs no more than that. @throws Failure with everything that is wrong */
    public static Target require(Run run, CommonOptions options, Optional<String> tenant) throws InterruptedException {
        return find(run, options, tenant).require(run.console()::warn);
    }

    /**
     * Looks for the profile that the options name or the rule finds, for its tenant and its credentials.
     *
     * @param named a tenant's id, where a person names one: it needs no profile, unless one is named too
     * @throws Failure {@code config} where there is no project; {@code usage} when nothing can have that id
     */
    public static Found find(Run run, CommonOptions options, Optional<String> named) throws InterruptedException {
        Optional<Tenant.Id> id = named.map(Target::id);
        Project project = id.isPresent()
                ? Project.findOrStart(options.project(), run.environment())
                : Project.find(options.project(), run.environment());
        Findings findings = new Findings();
        findings.add(Finding.ok("project", project.root().toString()));
        Optional<String> wanted = options.profile();
        Optional<Profile> profile = id.isPresent() && wanted.isEmpty()
                ? Optional.empty()
                : findings.check("profile", () -> profile(run, project, wanted), Profile::name);
        Optional<Tenant> tenant = id.isEmpty() && profile.isEmpty()
                ? Optional.empty()
                : findings.check("tenant", () -> tenant(run, project, profile, id), Target::described);
        tell(tenant, profile, run::know);
        return new Found(project, profile, tenant, credentials(run, project, profile, findings), findings);
    }

    private static Tenant.Id id(String text) {
        if (Tenant.Id.isTenantId(text)) return new Tenant.Id(text);
        throw new Failure(
                ErrorCode.USAGE, "Not a tenant id: '" + Printable.of(text) + "'", "'just tenant list' shows yours");
    }

    private static Profile profile(Run run, Project project, Optional<String> wanted) {
        return new Profiles(project, run.environment()).choose(wanted, among -> {
            List<Choice> choices = among.stream()
                    .map(profile -> new Choice(profile.label(), profile.name(), profile.name()))
                    .toList();
            return run.console().choose("Which profile?", choices).map(among::get);
        });
    }

    private static Tenant tenant(Run run, Project project, Optional<Profile> profile, Optional<Tenant.Id> named) {
        Tenant.Id id = named.orElseGet(() -> profile.orElseThrow().deployableTenant());
        Path tenants = file(profile, Profile::tenantsPath, project.tenants(), run.environment());
        return Tenant.find(tenants, id);
    }

    private static String described(Tenant tenant) {
        return tenant.label()
                + tenant.name().map(name -> " (" + tenant.id() + ")").orElse("");
    }

    private static Optional<ApiCredentials> credentials(
            Run run, Project project, Optional<Profile> profile, Findings findings) throws InterruptedException {
        List<Finding> warnings = new ArrayList<>();
        Consumer<String> warn = text -> warnings.add(Finding.warn("credentials", text));
        Instant now = run.clock().instant();
        Optional<ApiCredentials> found = findings.check(
                "credentials",
                () -> {
                    ApiCredentials credentials = credentials(project, profile, run.environment(), warn);
                    if (!validates(profile)) return credentials;
                    credentials.requireUnexpired(now);
                    if (credentials.expiresSoon(now)) warn.accept("Token expires soon. Consider 'just login'");
                    return credentials;
                },
                credentials -> credentials.email().map(email -> email + " at ").orElse("") + credentials.apiUrl());
        warnings.forEach(findings::add);
        return found;
    }

    /**
     * The credentials of a profile, else of the project.
     *
     * @param warn told what is odd about them
     * @throws Failure {@code auth} when there are none, {@code config} when they are malformed
     */
    public static ApiCredentials credentials(
            Project project, Optional<Profile> profile, Environment environment, Consumer<String> warn) {
        return ApiCredentials.find(
                file(profile, Profile::credentialsPath, project.credentials(), environment), environment, warn);
    }

    // A profile of the first generation names these files, and often where they are not: the project's own serve then.
    private static Path file(
            Optional<Profile> profile, Function<Profile, Optional<String>> named, Path usual, Environment environment) {
        return profile.flatMap(it -> named.apply(it).map(path -> environment.path(path, it.folder())))
                .filter(Files::exists)
                .orElse(usual);
    }

    /** Whether expired credentials end a run here already; a profile may leave that to the server. */
    private static boolean validates(Optional<Profile> profile) {
        return !profile.flatMap(Profile::validation).equals(Optional.of("skip"));
    }

    /** @throws Failure {@code auth} when the credentials have ended, unless the profile asks not to look */
    public void requireUnexpired(Instant now) {
        if (validates(profile)) credentials.requireUnexpired(now);
    }

    /** Tells who it is, by the names that JSON shows. */
    public void tell(BiConsumer<String, String> machine) {
        tell(Optional.of(tenant), profile, machine);
    }

    private static void tell(Optional<Tenant> tenant, Optional<Profile> profile, BiConsumer<String, String> machine) {
        tenant.ifPresent(known -> machine.accept("tenant_id", known.id().value()));
        tenant.flatMap(Tenant::name).ifPresent(name -> machine.accept("tenant_name", name));
        profile.ifPresent(known -> machine.accept("profile", known.name()));
    }

    /** Puts who it is into a script's answer; what is not known is null there. */
    public ObjectNode describe(ObjectNode json) {
        return json.put("tenant_id", tenant.id().value())
                .put("tenant_name", tenant.name().orElse(null))
                .put("profile", profile.map(Profile::name).orElse(null));
    }

    /** Where it goes, for people. */
    public String label() {
        return tenant.label()
                + profile.map(known -> " (profile " + known.name() + ")").orElse("");
    }
}
