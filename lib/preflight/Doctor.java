//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../api/Account.java
//SOURCES ../api/Deployment.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/ImageNames.java
//SOURCES ../docker/PrivateLogin.java
//SOURCES ../project/Tenant.java
//SOURCES Engines.java
//SOURCES Findings.java
//SOURCES Ground.java
//SOURCES Needs.java
//SOURCES Preflight.java
//SOURCES PushProof.java
package lib.preflight;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import lib.Failure;
import lib.Failure.Finding;
import lib.ImageReference;
import lib.api.Account;
import lib.api.Deployment;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.ImageNames;
import lib.docker.PrivateLogin;
import lib.project.Tenant;

/**
 * The preflight, and what costs a call: does the API know this account and its tenant, and may it push. What hangs on a
 * failed check is skipped and says so, so the half that lies on this machine is looked at without a network too.
 */
public final class Doctor {
    private final Run run;
    private final Ground ground;
    private final Engine engine;
    private final boolean logsIn;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Run run, Ground ground, Engine engine, Needs needs) {
        this.run = run;
        this.ground = ground;
        this.engine = engine;
        this.logsIn = needs.login() && (ground.engineAnswers() || !needs.engine());
    }

    /** What a check does with what the check before it found. */
    @FunctionalInterface
    private interface Step<F, T> {
        T from(F found) throws InterruptedException;
    }

    private record Known(ManagementApi api, Tenant tenant) {}

    private record Push(RegistryToken token, ImageReference repository) {}

    /** @throws Failure {@code config} where there is no project */
    public static Findings look(Run run, CommonOptions options, Needs needs) throws InterruptedException {
        Engine engine = Engines.of(run);
        Ground ground = new Preflight(run, options, needs, engine).look();
        return ground.findings().and(new Doctor(run, ground, engine, needs).calls());
    }

    private List<Finding> calls() throws InterruptedException {
        Optional<ManagementApi> api = ground.credentials()
                .map(found -> ManagementApi.of(found, run.environment(), run.clock(), run.console()::detail));
        Optional<Account> account = step("api", "credentials", api, ManagementApi::account, Doctor::knows);
        Optional<Known> known = account.isEmpty()
                ? Optional.empty()
                : ground.tenant().map(tenant -> new Known(api.orElseThrow(), tenant));
        String missing = account.isEmpty() ? "api" : "tenant";
        step("status", missing, known, it -> it.api().status(it.tenant().id()), Doctor::judged);
        Optional<Push> push = step(
                "token",
                missing,
                known,
                this::token,
                found -> Finding.ok("token", "for " + found.repository().name()));
        step("login", "token", push, this::login, said -> Finding.ok("login", said));
        step("push", "token", push, this::push, said -> Finding.ok("push", said));
        return findings;
    }

    private <F, T> Optional<T> step(
            String check, String hangsOn, Optional<F> from, Step<F, T> step, Function<T, Finding> judge)
            throws InterruptedException {
        if (from.isEmpty()) {
            findings.add(Finding.skipped(check, "not looked at: it hangs on '" + hangsOn + "'"));
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

    private Push token(Known known) throws InterruptedException {
        RegistryToken token = known.api().registryToken(known.tenant());
        ImageNames names =
                ImageNames.of(known.tenant(), Optional.empty(), run.clock().instant(), "check");
        return new Push(token, names.pushed(token));
    }

    // As the deploy does it; where docker takes no part in it, the proof of the push logs in by itself.
    private String login(Push push) throws InterruptedException {
        if (!logsIn) return "no engine to log in with; the next check does it alone";
        try (PrivateLogin login = PrivateLogin.open(push.token(), run.environment(), engine.runner())) {
            engine.login(login);
        }
        return "accepted for " + push.token().username();
    }

    private String push(Push push) throws InterruptedException {
        PushProof.of(push.token(), push.repository()).failure().ifPresent(refusal -> {
            throw refusal;
        });
        return "allowed: an upload was opened and cancelled";
    }
}
