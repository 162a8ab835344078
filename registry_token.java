///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN registry_token
//DESCRIPTION What does the Management API hand out? Fetches a registry token and shows it, its password masked.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/Http.java
//SOURCES lib/ImageReference.java
//SOURCES lib/Json.java
//SOURCES lib/api/ManagementApi.java
//SOURCES lib/api/RegistryToken.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/Run.java
//SOURCES lib/project/Target.java
//SOURCES lib/project/Tenant.java
//SOURCES lib/registry/RegistryClient.java

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import lib.Failure;
import lib.Failure.Stage;
import lib.Http;
import lib.ImageReference;
import lib.Json;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.project.Target;
import lib.project.Tenant;
import lib.registry.RegistryClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "registry_token",
        description = "Fetches a registry token from the Management API and shows what it is.",
        versionProvider = Version.class)
class registry_token implements Script {
    @Mixin
    CommonOptions common;

    @Option(names = "--tenant", paramLabel = "ID", description = "The tenant. Default: the profile's.")
    Optional<String> tenant = Optional.empty();

    @Option(names = "--show-password", description = "Show the password itself, on stdout.")
    boolean showPassword;

    @Option(names = "--check", description = "Prove that it may push: open an upload in the repository and cancel it.")
    boolean check;

    public static void main(String... arguments) {
        Cli.of(new registry_token()).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        Target target = Target.require(run, common, tenant);
        ManagementApi api = ManagementApi.of(target.credentials(), run);
        RegistryToken token =
                run.stage(Stage.TOKEN, () -> api.registryToken(target.tenant().id()), RegistryToken::registry);
        ObjectNode shown = shown(token, target.tenant().id().value());
        Optional<Failure> refusal = check ? refusal(token, target.tenant()) : Optional.empty();
        refusal.ifPresent(run::tell);
        shown.put("push_permission", check ? refusal.isEmpty() : null);
        int exitCode = refusal.map(failure -> failure.code().exitCode()).orElse(0);
        Result answer = new Result(lines(shown, token), shown, exitCode);
        return showPassword ? answer.showing(token.password()) : answer;
    }

    private static Optional<Failure> refusal(RegistryToken token, Tenant tenant) throws InterruptedException {
        ImageReference image = token.image(tenant, "check");
        return RegistryClient.of(Http.shared(), image, token.credential()).pushRefusal();
    }

    private ObjectNode shown(RegistryToken token, String tenantId) {
        return Json.object()
                .put("tenant_id", tenantId)
                .put("registry", token.registry())
                .put("username", token.username())
                .put("password", showPassword ? token.password().reveal() : null)
                .put("password_sha256_prefix", token.password().sha256Prefix())
                .put("repository", token.repository().orElse(null))
                .put("tag", token.tag().orElse(null))
                .put("expires_at", token.expiresAt().map(Instant::toString).orElse(null));
    }

    private static String lines(ObjectNode shown, RegistryToken token) {
        StringBuilder lines = new StringBuilder();
        shown.properties().forEach(field -> {
            boolean masked =
                    field.getKey().equals("password") && field.getValue().isNull();
            if (field.getValue().isNull() && !masked) return;
            String value =
                    masked ? token.password().toString() : field.getValue().asText();
            lines.append(String.format("%-24s%s%n", field.getKey(), value));
        });
        return lines.toString().stripTrailing();
    }
}
