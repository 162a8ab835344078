//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES Project.java
//SOURCES Tenant.java
package lib.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Environment;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.project.Project.ProjectFile;

/**
 * A profile, read leniently: only what a deploy needs, whichever generation wrote it.
 *
 * @param name the name of its folder, by which a person chooses it
 * @param file the absolute path of its {@code profile.yaml}
 * @param cloudEnabled absent counts as true
 * @param targetsLocal whether it says {@code target: local}; one that says nothing may be deployed
 * @param noTenant what stands in place of a tenant's id and is none, as it is written: a place to fill in, for instance
 * @param validation {@code cloud.validation}: {@code strict}, {@code warn} or {@code skip}
 * @param written of values that a variable is in: how they are written
 */
public record Profile(
        String name,
        Path file,
        boolean cloudEnabled,
        boolean targetsLocal,
        Optional<Tenant.Id> tenantId,
        Optional<String> noTenant,
        Optional<String> validation,
        Optional<String> credentialsPath,
        Optional<String> tenantsPath,
        Optional<String> dockerfile,
        Optional<String> secretsPath,
        Optional<String> signingKeyPath,
        Map<String, String> written) {

    /** Keys whose values messages quote. */
    private static final List<String> QUOTED =
            List.of("/cloud/tenant_id", "/paths/dockerfile", "/secrets/secrets_path");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}\\n]*))?}");

    /** What stands for a variable's braces where it is only named: braces themselves would mean something to YAML. */
    private static final String OPEN = "\ue000";

    private static final String CLOSE = "\ue001";

    /** @throws Failure {@code config}, with the path and the line or key */
    public static Profile read(Path file, Environment environment) {
        ProjectFile source = new ProjectFile(file, "Correct the profile, or choose another with --profile");
        String text = source.text();
        String values =
                replaced(text, environment, name -> environment.variable(name).orElseThrow());
        String names = replaced(text, environment, name -> OPEN + name + CLOSE);
        JsonNode yaml = source.yaml(values);
        JsonNode cloud = yaml.path("cloud");
        Map<String, String> written = names.equals(values) ? Map.of() : written(yaml, names, source);
        String id = Printable.stripped(cloud.path("tenant_id").asText(""));
        return new Profile(
                Optional.ofNullable(file.getParent())
                        .map(Path::getFileName)
                        .map(Path::toString)
                        .orElse("profile"),
                file,
                enabled(cloud.path("enabled"), source),
                ProjectFile.value(yaml, "target").equals(Optional.of("local")),
                Optional.of(id).filter(Tenant.Id::isTenantId).map(Tenant.Id::new),
                noTenant(cloud.path("tenant_id"), id, written),
                ProjectFile.value(cloud, "validation"),
                ProjectFile.value(cloud, "credentials_path"),
                ProjectFile.value(cloud, "tenants_path"),
                ProjectFile.value(yaml.path("paths"), "dockerfile"),
                ProjectFile.value(yaml.path("secrets"), "secrets_path"),
                ProjectFile.value(yaml.path("security"), "signing_key_path"),
                written);
    }

    private static Map<String, String> written(JsonNode values, String text, ProjectFile source) {
        Map<String, String> written = new HashMap<>();
        JsonNode names = Json.object();
        try {
            names = source.yaml(text);
        } catch (Failure e) {
            // The values are more than values: none of the document's is shown then.
        }
        for (String key : QUOTED) {
            String value = values.at(key).asText();
            String name =
                    names.at(key).asText("from a variable").replace(OPEN, "${").replace(CLOSE, "}");
            if (!value.isEmpty() && !value.equals(name)) written.put(value, name);
        }
        return written;
    }

    /** For people: its name, and the tenant that it deploys to. */
    public String label() {
        return name + tenantId.map(id -> " → " + id).orElse("");
    }

    private static boolean enabled(JsonNode value, ProjectFile source) {
        if (value.isMissingNode() || value.isNull()) return true;
        if (value.isBoolean()) return value.booleanValue();
        throw source.malformed("has a cloud.enabled that is neither true nor false");
    }

    private static Optional<String> noTenant(JsonNode value, String id, Map<String, String> written) {
        boolean absent = value.isMissingNode() || value.isValueNode() && id.isEmpty();
        if (absent || Tenant.Id.isTenantId(id)) return Optional.empty();
        return Optional.of(Printable.of(written.getOrDefault(value.asText(), value.asText())));
    }

    /** The folder that relative paths of the profile start from. */
    public Path folder() {
        return file.getParent();
    }

    /** Whether {@code deploy} may choose it: it names a tenant of the cloud and is neither local nor switched off. */
    public boolean isDeployable() {
        return cloudEnabled
                && !targetsLocal
                && tenantId.filter(id -> !id.isLocal()).isPresent();
    }

    /** The tenant that this profile deploys to. @throws Failure {@code config} when it deploys to none */
    public Tenant.Id deployableTenant() {
        if (!cloudEnabled) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Cloud features are disabled in this profile",
                    "Set cloud.enabled: true in " + file);
        }
        if (targetsLocal) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Cannot deploy a local profile: " + file + " says target: local",
                    "Choose a cloud profile with --profile, or run 'just tenant'");
        }
        noTenant.ifPresent(text -> {
            throw new ProjectFile(file, "Run 'just tenant', or choose another with --profile")
                    .malformed("has a cloud.tenant_id that is no tenant id: '" + text + "'");
        });
        Tenant.Id id = tenantId.orElseThrow(() -> new Failure(
                ErrorCode.CONFIG, "No tenant configured", "Run 'just tenant' (cloud.tenant_id in " + file + ")"));
        if (id.isLocal()) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "Cannot deploy to the local tenant " + id,
                    "Run 'just tenant' and choose a cloud tenant");
        }
        return id;
    }

    /**
     * The text with what the replacement makes of its variables: {@code ${NAME}} and {@code ${NAME:-default}}. An empty
     * variable counts as unset, and so does one that holds a secret of ours; an unset one without a default stays as it is.
     */
    private static String replaced(String text, Environment environment, UnaryOperator<String> replacement) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String name = found.group(1);
            boolean known = !Environment.SECRETS.contains(name)
                    && environment.variable(name).isPresent();
            String otherwise = Optional.ofNullable(found.group(2)).orElse(found.group());
            return Matcher.quoteReplacement(known ? replacement.apply(name) : otherwise);
        });
    }
}
