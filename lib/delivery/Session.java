//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES ../api/Deployment.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/ImageNames.java
//SOURCES ../docker/PushedImage.java
//SOURCES ../preflight/Engines.java
//SOURCES ../preflight/Ground.java
//SOURCES ../preflight/Needs.java
//SOURCES ../preflight/Preflight.java
//SOURCES ../preflight/PushProof.java
//SOURCES ../project/Target.java
//SOURCES FlowOptions.java
//SOURCES SecretsSync.java
//SOURCES Waiting.java
package lib.delivery;

import java.util.Optional;
import lib.Failure;
import lib.Stage;
import lib.api.Deployment;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.CommonOptions;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.ImageNames;
import lib.docker.PushedImage;
import lib.preflight.Engines;
import lib.preflight.Ground;
import lib.preflight.Needs;
import lib.preflight.Preflight;
import lib.preflight.PushProof;
import lib.project.Target;

/**
 * What a run works with once it knows its target: the API as that account, and the tools of this machine.
 *
 * @param options those that name its profile, if any does
 */
public record Session(Run run, CommonOptions options, Target target, ManagementApi api) {
    /**
     * The session of the profile that the options name or the rule finds; of a tenant, where one is named.
     *
     * @throws Failure with everything that stands in the way
     */
    public static Session open(Run run, CommonOptions options, Needs needs) throws InterruptedException {
        Ground ground = new Preflight(run, options, needs, Engines.of(run)).look();
        ground.findings().tellWarnings(run.console());
        return of(run, options, ground.target());
    }

    static Session of(Run run, CommonOptions options, Target target) {
        ManagementApi api =
                ManagementApi.of(target.credentials(), run.environment(), run.clock(), run.console()::detail);
        return new Session(run, options, target, api);
    }

    /** The same session as one of several, which speaks with its tenant's name before each line. */
    Session amongOthers() {
        return new Session(run.forTarget(target.tenant().label()), options, target, api);
    }

    /** @throws Failure {@code auth} when the credentials have ended, unless the profile asks not to look */
    public void requireUnexpired() {
        if (Target.validates(target.profile()))
            target.credentials().requireUnexpired(run.clock().instant());
    }

    /** Where it goes, for people. */
    public String label() {
        return target.tenant().label()
                + target.profile()
                        .map(profile -> " (profile " + profile.name() + ")")
                        .orElse("");
    }

    /** Asks for the deployment of an image that is in the registry. */
    public Deployment deploy(PushedImage image) throws InterruptedException {
        return run.stage(Stage.DEPLOY, () -> api.deploy(target.tenant().id(), image.reference()), Deployment::status);
    }

    /** Proves what a registry token is good for. */
    public PushProof proofOf(RegistryToken token) throws InterruptedException {
        ImageNames names =
                ImageNames.of(target.tenant(), Optional.empty(), run.clock().instant(), "check");
        return PushProof.of(token, names.pushed(token));
    }

    /** Sends the profile's secrets to the tenant, for the deployment that comes next. */
    public void sendSecrets(FlowOptions flow) throws InterruptedException {
        new SecretsSync(this, flow.syncsCredentials()).send();
    }

    /** Waits for what becomes of a deployment. */
    public Deployment await(Deployment accepted, FlowOptions flow) throws InterruptedException {
        return new Waiting(this, flow.patience().orElseThrow()).until(accepted);
    }

    /** The engine that {@code docker} speaks to from here. */
    public Engine engine() {
        return Engines.of(run);
    }

    /** Whether a Docker engine answers here. */
    public static boolean answersEngine(Run run) throws InterruptedException {
        try {
            Engines.of(run).requireAnswering();
            return true;
        } catch (Failure none) {
            return false;
        }
    }
}
