package lib.delivery;

import java.net.http.HttpClient;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.HttpClients;
import lib.Printable;
import lib.Stage;
import lib.api.Deployment;
import lib.api.ManagementApi;
import lib.cli.CommonOptions;
import lib.cli.Console;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.ProcessRunner;
import lib.docker.PushedImage;
import lib.project.Profile;
import lib.project.Profiles;
import lib.project.Project;
import lib.project.Target;
import lib.project.TenantId;

/**
 * What a run works with once it knows its target: the API as that account, and the tools of this machine.
 *
 * @param http the client that the API is spoken to by; a registry may be, too
 */
public record Session(Run run, Target target, ManagementApi api, HttpClient http) {
    /**
     * The session of the profile that the options name or the rule finds; of a tenant, where one is named.
     *
     * @throws Failure {@code config} or {@code auth}
     */
    public static Session open(Run run, CommonOptions options, Optional<String> tenant) {
        Optional<TenantId> id = tenant.map(Session::tenantId);
        Project project = id.isPresent()
                ? Project.findOrStart(options.project(), run.environment())
                : Project.find(options.project(), run.environment());
        Profiles profiles = new Profiles(project, run.environment());
        Target.Finder finder = new Target.Finder(project, run.environment(), run.console()::warn);
        Target target = id.isPresent()
                ? finder.of(id.get(), options.profile().map(name -> choose(profiles, Optional.of(name), run)))
                : finder.of(choose(profiles, options.profile(), run));
        Session session = of(run, target);
        session.requireUnexpired();
        session.warnOfExpiry();
        return session;
    }

    public static Session of(Run run, Target target) {
        HttpClient client = HttpClients.open();
        ManagementApi api = ManagementApi.of(
                target.credentials(), client, run.environment(), run.clock(), run.console()::detail);
        return new Session(run, target, api, client);
    }

    private static TenantId tenantId(String text) {
        if (TenantId.isTenantId(text)) return new TenantId(text);
        throw new Failure(ErrorCode.USAGE, "Not a tenant id: '" + Printable.of(text) + "'", "'just tenant list' shows yours");
    }

    private static Profile choose(Profiles profiles, Optional<String> given, Run run) {
        return profiles.choose(given, among -> run.console()
                .choose("Which profile?", among.stream().map(Session::choiceLabel).toList())
                .map(among::get));
    }

    private static String choiceLabel(Profile profile) {
        return profile.name() + profile.tenantId().map(id -> " → " + id).orElse("");
    }

    /** @throws Failure {@code auth} when the credentials have ended, unless the profile asks not to look */
    public void requireUnexpired() {
        if (validates()) target.credentials().requireUnexpired(run.clock().instant());
    }

    private void warnOfExpiry() {
        if (validates() && target.credentials().expiresSoon(run.clock().instant())) {
            run.console().warn("Token expires soon. Consider 'just login'");
        }
    }

    private boolean validates() {
        return !target.profile().flatMap(Profile::validation).equals(Optional.of("skip"));
    }

    /** Where it goes, for people. */
    public String label() {
        return target.tenant().label() + target.profile().map(profile -> " (profile " + profile.name() + ")").orElse("");
    }

    /** Asks for the deployment of an image that is in the registry. */
    public Deployment deploy(PushedImage image) throws InterruptedException {
        return run.stage(Stage.DEPLOY, () -> api.deploy(target.tenant().id(), image.reference()), Deployment::status);
    }

    /** The engine that {@code docker} speaks to from here. */
    public Engine engine() {
        return engine(run);
    }

    private static Engine engine(Run run) {
        return new Engine(new ProcessRunner(display(run.console()), run.console()::detail));
    }

    /** Whether a Docker engine answers here. */
    public static boolean answersEngine(Run run) throws InterruptedException {
        try {
            engine(run).requireAnswering();
            return true;
        } catch (Failure none) {
            return false;
        }
    }

    private static ProcessRunner.Display display(Console console) {
        return new ProcessRunner.Display() {
            @Override
            public boolean isTerminal() {
                return console.isTerminal() && !console.isQuiet();
            }

            @Override
            public void stepAside() {
                console.stopSpinner();
            }

            @Override
            public void passOn(byte[] bytes, int length) {
                if (!console.isQuiet()) console.passOn(bytes, length);
            }
        };
    }
}
