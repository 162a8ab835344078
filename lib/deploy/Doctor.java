//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../api/Account.java
//SOURCES ../api/Deployment.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Docker.java
//SOURCES ../docker/PrivateDockerConfig.java
//SOURCES ../project/Target.java
//SOURCES ../project/Tenant.java
//SOURCES ../registry/RegistryClient.java
//SOURCES Preflight.java
//SOURCES Push.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Failure.Findings;
import lib.Http;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.api.Account;
import lib.api.Deployment;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.docker.Docker;
import lib.docker.PrivateDockerConfig;
import lib.project.Target;
import lib.project.Tenant;
import lib.registry.RegistryClient;

/**
 * The preflight, and what costs a call: does the API know this account and its tenant, and may it push. What depends on a
 * failed check is skipped and says so, so the half that lies on this machine is looked at without a network too.
 */
public final class Doctor {
    private final Run run;
    private final Target.Found found;
    private final Docker docker;
    private final boolean logsIn;
    private final Findings findings;

    private Doctor(Run run, Preflight.Result result, Docker docker, Preflight.Requirements needs) {
        this.run = run;
        this.found = result.found();
        this.docker = docker;
        this.logsIn = needs.login() && (result.engineAnswers() || !needs.engine());
        this.findings = result.findings();
    }

    /** What a check does with what the check before it found. */
    @FunctionalInterface
    private interface Step<F, T> {
        T from(F found) throws InterruptedException;
    }

    private record Known(ManagementApi api, Tenant tenant) {}

    private record Repository(RegistryToken token, ImageReference image) {}

    /** Looks at everything. @throws Failure {@code config} where there is no project */
    public static Result examine(Run run, CommonOptions options, Preflight.Requirements needs)
            throws InterruptedException {
        Docker docker = Push.docker(run);
        Preflight.Result result = new Preflight(run, options, needs, docker).check();
        Doctor doctor = new Doctor(run, result, docker, needs);
        doctor.call();
        return doctor.answer();
    }

    private void call() throws InterruptedException {
        Optional<ManagementApi> api = found.credentials().map(known -> ManagementApi.of(known, run));
        Optional<Account> account = step("api", "credentials", api, Account::of, Doctor::knows);
        Optional<Known> known = account.isEmpty()
                ? Optional.empty()
                : found.tenant().map(tenant -> new Known(api.orElseThrow(), tenant));
        String missing = account.isEmpty() ? "api" : "tenant";
        step("status", missing, known, it -> Deployment.of(it.api(), it.tenant().id()), Doctor::judged);
        Optional<Repository> repository = step(
                "token",
                missing,
                known,
                Doctor::token,
                it -> Finding.ok("token", "for " + it.image().name()));
        step("login", "token", repository, this::login, finding -> finding);
        step("push", "token", repository, Doctor::push, said -> Finding.ok("push", said));
    }

    private <F, T> Optional<T> step(
            String check, String dependsOn, Optional<F> from, Step<F, T> step, Function<T, Finding> judge)
            throws InterruptedException {
        if (from.isEmpty()) {
            findings.add(skipped(check, "skipped: depends on '" + dependsOn + "'"));
            return Optional.empty();
        }
        try {
            T value = step.from(from.get());
            findings.add(judge.apply(value));
            return Optional.of(value);
        } catch (Failure failure) {
            findings.add(Finding.of(check, failure));
            return Optional.empty();
        }
    }

    private static Finding knows(Account account) {
        return Finding.ok("api", "answers, and knows " + account.email());
    }

    // A tenant that is down is no reason against a deployment: it may be the cure.
    private static Finding judged(Deployment status) {
        String said = "the tenant is '" + status.status() + "'"
                + status.message().map(text -> ": " + text).orElse("");
        return status.hasFailed() ? Finding.warn("status", said) : Finding.ok("status", said);
    }

    private static Repository token(Known known) throws InterruptedException {
        RegistryToken token = Account.registryToken(known.api(), known.tenant());
        return new Repository(token, token.image(known.tenant(), "check"));
    }

    // As the deploy does it; where docker takes no part in it, the proof of the push logs in by itself.
    private Finding login(Repository repository) throws InterruptedException {
        RegistryToken token = repository.token();
        if (!logsIn) return skipped("login", "no engine to log in with; the next check does it alone");
        try (PrivateDockerConfig login =
                PrivateDockerConfig.open(token.credential(), run.environment(), docker.runner())) {
            docker.login(login);
        }
        return Finding.ok("login", "accepted for " + token.username());
    }

    private static String push(Repository repository) throws InterruptedException {
        RegistryClient client = RegistryClient.of(
                Http.shared(), repository.image(), repository.token().credential());
        client.pushRefusal().ifPresent(refusal -> {
            throw refusal;
        });
        return "allowed: an upload was opened and cancelled";
    }

    /** A line a check, and the exit code of the worst. */
    private Result answer() {
        int exitCode = findings.worst().map(ErrorCode::exitCode).orElse(0);
        ObjectNode json = Json.object();
        ArrayNode checks = json.putArray("checks");
        findings.all().forEach(finding -> checks.add(finding.json()));
        return new Result(table(), json.put("exit_code", exitCode), exitCode);
    }

    private String table() {
        StringBuilder table = new StringBuilder();
        for (Finding finding : findings.all()) {
            String mark = mark(finding.state());
            table.append(
                    String.format(Locale.ROOT, "%s %-13s%s%n", mark, finding.check(), Printable.of(finding.message())));
            if (!finding.hint().isEmpty()) table.append(String.format("%15s→ %s%n", "", Printable.of(finding.hint())));
        }
        return table.toString().stripTrailing();
    }

    private static Finding skipped(String check, String reason) {
        return new Finding(check, Finding.State.SKIPPED, reason, "", Optional.empty());
    }

    private static String mark(Finding.State state) {
        return switch (state) {
            case OK -> "✓";
            case WARN -> "⚠";
            case FAIL -> "✗";
            case SKIPPED -> "–";
        };
    }
}
