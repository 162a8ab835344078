//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Parallel.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Result.java
//SOURCES ../cli/Run.java
//SOURCES ../preflight/Engines.java
//SOURCES ../preflight/Findings.java
//SOURCES ../preflight/Ground.java
//SOURCES ../preflight/Needs.java
//SOURCES ../preflight/Preflight.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES Session.java
package lib.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Finding;
import lib.Json;
import lib.Parallel;
import lib.cli.CommonOptions;
import lib.cli.Result;
import lib.cli.Run;
import lib.preflight.Engines;
import lib.preflight.Findings;
import lib.preflight.Ground;
import lib.preflight.Needs;
import lib.preflight.Preflight;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;

/** Where a deploy goes: usually to one tenant, else to several from one build. */
public record Sessions(List<Session> all) {
    private static final int AT_ONCE = 4;

    /** What is done for one of them. */
    @FunctionalInterface
    public interface Work {
        Result on(Session session) throws InterruptedException;
    }

    /**
     * @param every whether all profiles that can be deployed are meant
     * @throws Failure with everything that stands in the way of any of them
     */
    public static Sessions open(Run run, CommonOptions options, Needs needs, boolean every)
            throws InterruptedException {
        List<String> names = every
                ? deployable(run, options)
                : options.profiles().stream().distinct().toList();
        if (names.size() < 2) {
            CommonOptions one = names.isEmpty() ? options : options.forProfile(names.get(0));
            return new Sessions(List.of(Session.open(run, one, needs)));
        }
        Set<Finding> findings = new LinkedHashSet<>();
        List<Ground> grounds = new ArrayList<>();
        for (String name : names) {
            // One look at what all share is enough.
            boolean first = grounds.isEmpty();
            Needs its = needs.withEngine(needs.engine() && first).withLogin(needs.login() && first);
            Ground ground = new Preflight(run, options.forProfile(name), its, Engines.of(run)).look();
            grounds.add(ground);
            findings.addAll(ground.findings().all());
        }
        Findings together = new Findings(List.copyOf(findings));
        together.tellWarnings(run.console());
        together.failure().ifPresent(failure -> {
            throw failure;
        });
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            sessions.add(Session.of(
                    run, options.forProfile(names.get(i)), grounds.get(i).target()));
        }
        return new Sessions(List.copyOf(sessions));
    }

    private static List<String> deployable(Run run, CommonOptions options) {
        if (!options.profiles().isEmpty()) {
            throw new Failure(ErrorCode.USAGE, "--all and --profile exclude each other", "Leave one out");
        }
        Project project = Project.find(options.project(), run.environment());
        List<String> names = new Profiles(project, run.environment())
                .deployable().stream().map(Profile::name).toList();
        if (names.isEmpty()) {
            throw new Failure(
                    ErrorCode.CONFIG, "No profile in " + project.profiles() + " names a tenant", "Run 'just tenant'");
        }
        return names;
    }

    public Session first() {
        return all.get(0);
    }

    public Project project() {
        return first().target().project();
    }

    boolean areSeveral() {
        return all.size() > 1;
    }

    /** Where they go, for people. */
    public String label() {
        return all.stream().map(Session::label).collect(Collectors.joining(", "));
    }

    /**
     * Does the work for each: for several side by side, where one that fails stops no other, with an array as the answer
     * and the exit code of the worst, which is the highest.
     */
    public Result each(Work work) throws InterruptedException {
        if (!areSeveral()) return work.on(first());
        try (Parallel others = new Parallel("target", AT_ONCE)) {
            List<Parallel.Result<Result>> answers = new ArrayList<>();
            for (Session session : all) answers.add(others.start(() -> answer(session.amongOthers(), work)));
            ArrayNode array = Json.object().arrayNode();
            List<String> lines = new ArrayList<>();
            int exitCode = 0;
            for (int i = 0; i < answers.size(); i++) {
                Result answer = answers.get(i).get();
                array.add(answer.json());
                exitCode = Math.max(exitCode, answer.exitCode());
                if (!answer.text().isEmpty()) lines.add(answer.text());
            }
            return new Result(String.join("\n", lines), array, exitCode);
        }
    }

    private static Result answer(Session session, Work work) throws InterruptedException {
        try {
            return work.on(session);
        } catch (Failure failure) {
            if (failure.code() == ErrorCode.INTERRUPTED) throw failure;
            session.run().tell(failure);
            Result answer = Result.of(failure);
            ObjectNode whose = Json.object()
                    .put("tenant_id", session.target().tenant().id().value())
                    .put("tenant_name", session.target().tenant().name().orElse(null))
                    .put(
                            "profile",
                            session.target().profile().map(Profile::name).orElse(null));
            whose.setAll((ObjectNode) answer.json());
            return new Result("", whose, answer.exitCode());
        }
    }
}
