///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN tenant
//DESCRIPTION Where do I deploy? Lists the tenants, writes the chosen one into the cloud profile, shows its status.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/Json.java
//SOURCES lib/account/TenantList.java
//SOURCES lib/account/TenantUse.java
//SOURCES lib/api/Deployment.java
//SOURCES lib/api/ManagementApi.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Run.java
//SOURCES lib/project/ApiCredentials.java
//SOURCES lib/project/Profile.java
//SOURCES lib/project/Project.java
//SOURCES lib/project/Target.java
//SOURCES lib/project/Tenant.java

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.account.TenantList;
import lib.account.TenantUse;
import lib.api.Deployment;
import lib.api.Deployment.Poller;
import lib.api.ManagementApi;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Menu;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.project.ApiCredentials;
import lib.project.Profile;
import lib.project.Project;
import lib.project.Project.Profiles;
import lib.project.Target;
import lib.project.Tenant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "tenant",
        description = "Chooses the tenant that the cloud profile deploys to. Without a subcommand you are asked.",
        versionProvider = Version.class,
        subcommands = {tenant.ListCommand.class, tenant.UseCommand.class, tenant.StatusCommand.class})
class tenant implements Script {
    @Mixin
    CommonOptions common;

    public static void main(String... arguments) {
        Cli.of(new tenant()).choosingBy(Menu::choose).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        if (!run.console().isInteractive()) {
            throw new Failure(
                    ErrorCode.USAGE,
                    "Nobody can be asked here which tenant to use",
                    "Name it: 'just tenant use ID'; 'just tenant list' shows yours");
        }
        List<TenantList.Entry> tenants = load(run).ofTheCloud().entries();
        if (tenants.isEmpty()) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    "This account has no tenant",
                    "Create one at https://systemprompt.io, then run 'just tenant'");
        }
        if (tenants.size() == 1) {
            run.console().say("You have one tenant: " + tenants.get(0).label());
            return used(run, tenants.get(0));
        }
        Optional<Tenant.Id> current = current(run);
        Optional<Integer> marked = tenants.stream()
                .filter(tenant -> current.equals(Optional.of(tenant.id())))
                .findFirst()
                .map(tenants::indexOf);
        TenantList.Entry chosen = run.console()
                .choose(
                        "Which tenant?",
                        tenants.stream().map(TenantList::choice).toList(),
                        marked)
                .map(tenants::get)
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "No tenant was chosen; nothing was changed", "Run 'just tenant' again"));
        return used(run, chosen);
    }

    private Project project(Run run) {
        return Project.findOrStart(common.project(), run.environment());
    }

    private TenantList load(Run run) throws InterruptedException {
        ApiCredentials credentials =
                Target.credentials(project(run), profile(run), run.environment(), run.console()::warn);
        return TenantList.load(run, project(run), credentials);
    }

    /** The profile that a deploy would choose without asking. */
    private Optional<Profile> profile(Run run) {
        try {
            return Optional.of(
                    new Profiles(project(run), run.environment()).choose(common.profile(), among -> Optional.empty()));
        } catch (Failure none) {
            return Optional.empty();
        }
    }

    private Optional<Tenant.Id> current(Run run) {
        return profile(run).flatMap(Profile::tenantId);
    }

    private Result used(Run run, TenantList.Entry chosen) {
        TenantUse.Used used = new TenantUse(run, project(run), common.profile()).use(chosen);
        return new Result(used.tenant().id().value(), used.json());
    }

    @Command(name = "list", description = "Lists the tenants, the current one marked.", versionProvider = Version.class)
    static class ListCommand implements Script {
        @ParentCommand
        tenant parent;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            TenantList list = parent.load(run);
            Optional<Tenant.Id> current = parent.current(run);
            if (list.entries().isEmpty()) run.console().warn("No tenants configured");
            return new Result(list.text(current), list.json(current));
        }
    }

    @Command(
            name = "use",
            description = "Writes a tenant into the cloud profile, or creates the profile.",
            versionProvider = Version.class)
    static class UseCommand implements Script {
        @ParentCommand
        tenant parent;

        @Parameters(paramLabel = "ID|NAME", description = "The tenant, as 'list' shows it.")
        String wanted;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            return parent.used(run, parent.load(run).find(wanted));
        }
    }

    @Command(
            name = "status",
            description = "Shows the status of the profile's tenant.",
            versionProvider = Version.class)
    static class StatusCommand implements Script {
        @ParentCommand
        tenant parent;

        @Mixin
        Poller.Wait wait;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            Target target = Target.require(run, parent.common, Optional.empty());
            ManagementApi api = ManagementApi.of(target.credentials(), run);
            Tenant.Id id = target.tenant().id();
            Deployment status = wait.timeout().isEmpty() ? Deployment.of(api, id) : wait(run, api, id);
            ObjectNode json = target.describe(Json.object())
                    .put("status", status.status())
                    .put("message", status.message().orElse(null))
                    .put("url", status.url().orElse(null));
            status.message().ifPresent(run.console()::say);
            return new Result(
                    status.status() + status.url().map(url -> "  " + url).orElse(""), json);
        }

        private Deployment wait(Run run, ManagementApi api, Tenant.Id id) throws InterruptedException {
            Poller poller = Poller.of(api, id);
            return poller.await(run, wait.timeout().get(), now -> run.console().say("  " + now.status()));
        }
    }
}
