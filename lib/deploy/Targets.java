//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Parallel.java
//SOURCES ../api/Deployment.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Profile.java
//SOURCES ../project/Project.java
//SOURCES ../project/Target.java
//SOURCES Preflight.java
//SOURCES Push.java
package lib.deploy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Findings;
import lib.Failure.Stage;
import lib.ImageReference.PushedImage;
import lib.Json;
import lib.Parallel;
import lib.api.Deployment;
import lib.api.Deployment.Poller;
import lib.api.ManagementApi;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;
import lib.project.Target;

/**
 * Where a deploy goes: usually to one tenant, else to several from one build.
 *
 * @param several whether they were asked for as several, even if there is but one
 */
public record Targets(List<Destination> all, boolean several) {
    private static final int AT_ONCE = 4;

    /**
     * One of them: the target, and the API as the account that acts for it.
     *
     * @param options those that name its profile, if any does
     */
    public record Destination(Run run, CommonOptions options, Target target, ManagementApi api) {
        static Destination of(Run run, CommonOptions options, Target target) {
            ManagementApi api = ManagementApi.of(target.credentials(), run);
            return new Destination(run, options, target, api);
        }

        /** The same as one of several, which speaks with its tenant's name before each line. */
        private Destination amongOthers() {
            Run its = run.forTarget(target.tenant().label());
            target.tell(its::know);
            return new Destination(its, options, target, api);
        }

        /** Asks for the deployment of an image that is in the registry. */
        public Deployment deploy(PushedImage image) throws InterruptedException {
            return run.stage(
                    Stage.DEPLOY,
                    () -> Deployment.start(api, target.tenant().id(), image.reference()),
                    Deployment::status);
        }

        /**
         * Waits until the tenant is up, and shows each state as it changes.
         *
         * @return the deployment, as it is then
         * @throws Failure {@code deploy_failed} when the tenant has failed, {@code outcome_unknown} after the timeout
         */
        public Deployment await(Deployment accepted, Duration timeout) throws InterruptedException {
            Poller poller = Poller.of(api, target.tenant().id()).after(accepted);
            Deployment up = poller.await(run, timeout, this::tell);
            return up.orUrlOf(accepted);
        }

        private void tell(Deployment now) {
            String message = now.message().map(text -> ": " + text).orElse("");
            run.console().say("  " + target.tenant().label() + " is '" + now.status() + "'" + message);
        }
    }

    /** What is done for one of them. */
    @FunctionalInterface
    public interface Work {
        Result on(Destination destination) throws InterruptedException;
    }

    /**
     * Finds them, and all that would stop the run: the preflight.
     *
     * @param every whether all profiles that can be deployed are meant
     * @throws Failure with everything that stands in the way of any of them
     */
    public static Targets open(Run run, CommonOptions options, Preflight.Requirements needs, boolean every)
            throws InterruptedException {
        boolean several = every || options.profiles().size() > 1;
        if (several) run.answerForEach(List.of(run.forTarget("")));
        List<String> names = every
                ? all(run, options)
                : options.profiles().stream().distinct().toList();
        List<CommonOptions> each = names.isEmpty()
                ? List.of(options)
                : names.stream().map(options::forProfile).toList();
        List<Run> runs =
                each.stream().map(its -> several ? run.forTarget("") : run).toList();
        if (several) run.answerForEach(runs);
        List<Target.Found> found = new ArrayList<>();
        Findings findings = new Findings();
        for (CommonOptions its : each) {
            Preflight.Requirements these = found.isEmpty() ? needs : needs.ofFurtherProfile();
            Preflight.Result result = new Preflight(runs.get(found.size()), its, these, Push.docker(run)).check();
            found.add(result.found());
            findings.addAll(result.findings());
        }
        findings.tellWarnings(run.console()::warn);
        Optional<Failure> failure = findings.failure();
        if (failure.isPresent()) {
            Failure stopped = stopped(failure.get());
            for (int i = 0; i < each.size(); i++)
                runs.get(i)
                        .answerWith(found.get(i)
                                .findings()
                                .failure()
                                .orElse(stopped)
                                .during(Stage.PREFLIGHT));
            throw failure.get();
        }
        List<Destination> all = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            all.add(Destination.of(run, each.get(i), found.get(i).target()));
        }
        return new Targets(List.copyOf(all), several);
    }

    /** What it means for a target in whose way nothing stands that something stands in the run's. */
    private static Failure stopped(Failure run) {
        return new Failure(run.code(), "Nothing was done, since the run was stopped: " + run.getMessage(), run.hint())
                .listing(run.findings());
    }

    private static List<String> all(Run run, CommonOptions options) {
        if (!options.profiles().isEmpty()) {
            throw new Failure(ErrorCode.USAGE, "--all and --profile exclude each other", "Leave one out");
        }
        Project project = Project.find(options.project(), run.environment());
        Profiles profiles = new Profiles(project, run.environment());
        List<String> names = profiles.names().stream()
                .filter(name -> isMeant(profiles, name))
                .toList();
        if (names.isEmpty()) {
            throw new Failure(
                    ErrorCode.CONFIG, "No profile in " + project.profiles() + " names a tenant", "Run 'just tenant'");
        }
        return names;
    }

    /** Whether it is for the cloud. One with a fault is, and so not left out unseen. */
    private static boolean isMeant(Profiles profiles, String name) {
        try {
            Profile profile = Profile.read(profiles.file(name), profiles.environment());
            boolean isToFillIn = profile.cloudEnabled()
                    && !profile.targetsLocal()
                    && profile.noTenant().isPresent();
            return isToFillIn || profile.isDeployable();
        } catch (Failure broken) {
            return true;
        }
    }

    public Destination first() {
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
        return all.stream().map(each -> each.target().label()).collect(Collectors.joining(", "));
    }

    /**
     * Does the work for each: for several in parallel, where one that fails stops no other, with an array as the result
     * and the exit code of the worst, which is the highest.
     *
     * @param done what the work is called once it is done, of several targets
     */
    public Result each(String done, Work work) throws InterruptedException {
        if (!several) return work.on(first());
        try (Parallel others = new Parallel("target", AT_ONCE)) {
            List<Parallel.Result<Result>> results = new ArrayList<>();
            for (Destination each : all) results.add(others.start(() -> result(each.amongOthers(), work)));
            ArrayNode array = Json.object().arrayNode();
            Set<String> lines = new LinkedHashSet<>();
            List<String> failed = new ArrayList<>();
            int exitCode = 0;
            for (Destination each : all) {
                Result result = results.get(array.size()).get();
                array.add(result.json());
                exitCode = Math.max(exitCode, result.exitCode());
                if (result.exitCode() != 0) failed.add(each.target().tenant().label());
                if (!result.text().isEmpty()) lines.add(result.text());
            }
            Result result = new Result(String.join("\n", lines), array, exitCode);
            if (failed.isEmpty()) return result;
            int gone = all.size() - failed.size();
            return result.concluding(
                    gone + " of " + all.size() + " " + done + "; failed: " + String.join(", ", failed));
        }
    }

    private static Result result(Destination destination, Work work) throws InterruptedException {
        try {
            return work.on(destination);
        } catch (Failure failure) {
            if (failure.code() == ErrorCode.INTERRUPTED) throw failure;
            destination.run().tell(failure);
            return destination.run().failed(failure);
        }
    }
}
