///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN registry_token
//DESCRIPTION What does the Management API hand out? Fetches a registry token and shows it, its password masked.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Json.java
//SOURCES lib/Stage.java
//SOURCES lib/api/RegistryToken.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/Result.java
//SOURCES lib/cli/Run.java
//SOURCES lib/delivery/Session.java
//SOURCES lib/preflight/Needs.java
//SOURCES lib/preflight/PushProof.java

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import lib.Json;
import lib.Stage;
import lib.api.RegistryToken;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Result;
import lib.cli.Run;
import lib.delivery.Session;
import lib.preflight.Needs;
import lib.preflight.PushProof;
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
        Session session = Session.open(run, common, Needs.targetNamed(tenant));
        RegistryToken token = run.stage(
                Stage.TOKEN,
                () -> session.api().registryToken(session.target().tenant().id()),
                RegistryToken::registry);
        Optional<PushProof> proof = check ? Optional.of(session.proofOf(token)) : Optional.empty();
        proof.flatMap(PushProof::failure).ifPresent(run::tell);
        ObjectNode shown = shown(token, session.target().tenant().id().value());
        shown.put("push_permission", proof.map(PushProof::isGranted).orElse(null));
        int exitCode = proof.flatMap(PushProof::failure)
                .map(refusal -> refusal.code().exitCode())
                .orElse(0);
        Result answer = new Result(lines(shown, token), shown, exitCode);
        return showPassword ? answer.showing(token.password()) : answer;
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
