///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN login
//DESCRIPTION Who am I? Logs in to the cloud through the browser or with a token from stdin; logout; whoami.
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -Xshare:auto
//SOURCES lib/Failure.java
//SOURCES lib/Json.java
//SOURCES lib/account/BrowserLogin.java
//SOURCES lib/account/Login.java
//SOURCES lib/account/SavedLogin.java
//SOURCES lib/cli/Cli.java
//SOURCES lib/cli/CommonOptions.java
//SOURCES lib/cli/Menu.java
//SOURCES lib/cli/Run.java
//SOURCES lib/project/ApiCredentials.java
//SOURCES lib/project/Project.java

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.account.BrowserLogin;
import lib.account.BrowserLogin.Provider;
import lib.account.Login;
import lib.account.Login.Identity;
import lib.account.Login.Identity.Whoami;
import lib.account.Login.Service;
import lib.account.SavedLogin;
import lib.cli.Cli;
import lib.cli.Cli.Script;
import lib.cli.CommonOptions;
import lib.cli.CommonOptions.Version;
import lib.cli.Menu;
import lib.cli.Run;
import lib.cli.Run.Result;
import lib.project.ApiCredentials;
import lib.project.Project;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "login",
        description = "Logs in to the cloud, for the project in this folder.",
        versionProvider = Version.class,
        subcommands = {login.LogoutCommand.class, login.WhoamiCommand.class})
class login implements Script {
    @Mixin
    CommonOptions common;

    @Parameters(
            arity = "0..1",
            paramLabel = "production|sandbox",
            description = "The environment. Default: production. SYSTEMPROMPT_API_URL names any other.")
    Service service = Service.production;

    @Option(
            names = "--provider",
            paramLabel = "github|google",
            description = "The account to log in with. Default: you are asked.")
    Optional<Provider> provider = Optional.empty();

    @Option(names = "--no-browser", description = "Print the URL and open no browser.")
    boolean noBrowser;

    @Option(
            names = "--token-stdin",
            description =
                    "Read a token from standard input, check it, and save it. In a terminal you are asked for it.")
    boolean tokenStdin;

    public static void main(String... arguments) {
        Cli.of(new login()).choosingBy(Menu::choose).run(arguments);
    }

    @Override
    public CommonOptions common() {
        return common;
    }

    @Override
    public Result call(Run run) throws InterruptedException {
        Login login = new Login(run, project(run), service.api(run.environment()));
        run.console().say("API: " + login.api());
        Identity identity = tokenStdin
                ? login.fromStdin()
                : new BrowserLogin(run, login.api(), provider, !noBrowser, BrowserLogin.USUAL_TIMEOUT)
                        .through(login::with);
        return new Result(identity.email().orElse(""), identity.json());
    }

    private Project project(Run run) {
        return Project.findOrStart(common.project(), run.environment());
    }

    @Command(name = "logout", description = "Forgets the credentials of this project.", versionProvider = Version.class)
    static class LogoutCommand implements Script {
        @ParentCommand
        login parent;

        @Option(names = "--all", description = "Forget the tenants too; tenants.json may hold local ones.")
        boolean all;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) {
            List<Path> removed = new SavedLogin(parent.project(run), run.console()::warn).forget(all);
            removed.forEach(file -> run.console().success("Removed " + file));
            boolean inVariable =
                    run.environment().variable("SYSTEMPROMPT_API_TOKEN").isPresent();
            if (inVariable) run.console().warn("SYSTEMPROMPT_API_TOKEN is still set, and logs in by itself");
            ObjectNode json = Json.object().put("logged_in", inVariable);
            ArrayNode files = json.putArray("removed");
            removed.forEach(file -> files.add(file.toString()));
            return new Result(removed.isEmpty() ? "Already logged out" : "Logged out", json);
        }
    }

    @Command(name = "whoami", description = "Shows who is logged in.", versionProvider = Version.class)
    static class WhoamiCommand implements Script {
        @ParentCommand
        login parent;

        @Override
        public CommonOptions common() {
            return parent.common;
        }

        @Override
        public Result call(Run run) throws InterruptedException {
            Project project = parent.project(run);
            boolean inVariable =
                    run.environment().variable("SYSTEMPROMPT_API_TOKEN").isPresent();
            if (!inVariable && !Files.exists(project.credentials())) {
                run.console().hint("Run 'just login'");
                return new Result("Not logged in", Identity.nobody(), ErrorCode.AUTH.exitCode());
            }
            ApiCredentials credentials =
                    ApiCredentials.find(project.credentials(), run.environment(), run.console()::warn);
            Identity identity = new Whoami(run, credentials, new SavedLogin(project, run.console()::warn)).look();
            if (identity.status().wantsLogin()) run.console().hint("Run 'just login' for a new token");
            return new Result(
                    identity.text(), identity.json(), identity.status().exitCode());
        }
    }
}
