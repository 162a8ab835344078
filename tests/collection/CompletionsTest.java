package collection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import harness.Scripts;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionsTest {
    private static final List<String> COMMANDS =
            List.of("deploy", "registry_token", "docker_push", "login", "tenant", "releases");

    @TempDir
    Path home;

    private Ran completions(String... shell) {
        return new Scripts(home).just("completions", shell).run();
    }

    @Test
    void bashCompletesTheOptionsOfEachScript() throws IOException {
        Path file = Files.writeString(
                home.resolve("completions.bash"),
                completions("bash").succeeded().out());
        Command.of("bash", "-n", file.toString()).run().succeeded();
        for (String command : COMMANDS) {
            bash(". \"$0\"; complete -p " + command, file).outContains("_complete_" + command);
        }
        bash(". \"$0\"; COMP_WORDS=(deploy --skip); COMP_CWORD=1; _complete_deploy; echo \"${COMPREPLY[@]}\"", file)
                .outContains("--skip-push");
    }

    /** A project whose files hold names that a shell would make much of. */
    private Path hostileProject() throws IOException {
        Path project = Files.createDirectories(home.resolve("project"));
        for (String name : List.of("prod", "stage one", "x $(touch pwned)", "y`touch pwned`", "q'\"s", "e\u001b[31m")) {
            Path profile = Files.createDirectories(
                    project.resolve(".systemprompt/profiles").resolve(name));
            Files.writeString(profile.resolve("profile.yaml"), "name: any\n");
        }
        Files.createDirectories(project.resolve(".systemprompt/profiles/empty"));
        Files.writeString(project.resolve(".systemprompt/tenants.json"), """
            {"tenants":[{"id":"ten_demo","name":"Café; touch pwned","app_id":"sp-demo"},
              {"id" : "ten_two", "name" : "quo\\"ted"}], "synced_at": "2026-01-05T10:00:00Z"}
            """);
        return Files.createDirectories(project.resolve("services"));
    }

    /** In a terminal: what a command gets as its words after Tab was pressed. */
    private Ran tab(String shell, String interactive, List<String> lines) throws IOException {
        Tool.orSkip("script", shell);
        Path file = Files.writeString(
                home.resolve("c." + shell), completions(shell).succeeded().out());
        String report = "() { printf 'GOT[%s]' \"$@\"; echo; }\n";
        String typed = ". '" + file + "'\ndeploy" + report + "tenant" + report + String.join("\n", lines) + "\nexit\n";
        return new Scripts(home)
                .isolated(Command.of("script", "-qec", interactive, "/dev/null"))
                .in(hostileProject())
                .env("TERM", "dumb")
                .env("LC_ALL", "C.UTF-8")
                .stdin(typed)
                .run();
    }

    @ParameterizedTest
    @CsvSource({"bash, bash --norc -i", "zsh, zsh -f -i"})
    void aTabCompletesProfilesAndTenantsAndEvaluatesNoName(String shell, String interactive) throws IOException {
        Ran ran = tab(
                shell,
                interactive,
                List.of(
                        "deploy -p pr\t",
                        "deploy --profile st\t",
                        "deploy -p x\t",
                        "deploy -p y\t",
                        "deploy -p q\t",
                        "tenant use ten_d\t",
                        "tenant use Caf\t",
                        "deploy --skip\t"));
        ran.outContains("GOT[-p]GOT[prod]")
                .outContains("GOT[--profile]GOT[stage one]")
                .outContains("GOT[-p]GOT[x $(touch pwned)]")
                .outContains("GOT[-p]GOT[y`touch pwned`]")
                .outContains("GOT[-p]GOT[q'\"s]")
                .outContains("GOT[use]GOT[ten_demo]")
                .outContains("GOT[use]GOT[Café; touch pwned]")
                .outContains("GOT[--skip-push]");
        assertFalse(Files.exists(home.resolve("project/services/pwned")));
    }

    @Test
    void fishKnowsProfilesAndTenantsToo() throws IOException {
        Tool.orSkip("fish");
        Path file = Files.writeString(
                home.resolve("c.fish"), completions("fish").succeeded().out());
        for (String[] known : new String[][] {
            {"deploy -p ", "prod\t", "stage one\t", "x $(touch pwned)\t"},
            {"registry_token --tenant ", "ten_demo\t", "ten_two\t", "Café; touch pwned\t"},
            {"tenant use ", "ten_demo\n", "Café; touch pwned\n"}
        }) {
            Ran ran = new Scripts(home)
                    .isolated(Command.of("fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]"))
                    .with(file.toString(), known[0])
                    .in(hostileProject())
                    .env("LC_ALL", "C.UTF-8")
                    .run()
                    .succeeded()
                    .outLacks("\u001b");
            for (String name : Arrays.asList(known).subList(1, known.length)) ran.outContains(name);
        }
        assertFalse(Files.exists(home.resolve("project/services/pwned")));
    }

    private static Ran bash(String text, Path file) {
        return Command.of("bash", "-c", text, file.toString()).run().succeeded();
    }

    @Test
    void zshReadsBashsAfterItWasToldTo() throws IOException {
        String text = completions("zsh").succeeded().out();
        assertTrue(text.indexOf("bashcompinit") < text.indexOf("_complete_deploy"));
        if (Tool.exists("zsh")) {
            Command.of(
                            "zsh",
                            "-n",
                            Files.writeString(home.resolve("c.zsh"), text).toString())
                    .run()
                    .succeeded();
        }
    }

    @Test
    void fishCompletesOptionsAndSubcommandsWithTheirMeaning() throws IOException {
        Ran ran = completions("fish").succeeded();
        for (String command : COMMANDS) ran.outContains("complete -c " + command + " ");
        ran.outContains("-l skip-push -d 'No login and no push")
                .outContains("complete -c tenant -n 'not __fish_seen_subcommand_from")
                .outContains("-f -a status -d")
                .outContains("-a 'github google'");
        if (Tool.exists("fish")) {
            Command.of(
                            "fish",
                            "-n",
                            Files.writeString(home.resolve("c.fish"), ran.out()).toString())
                    .run()
                    .succeeded();
        }
    }

    @Test
    void anotherShellIsToldWhichThereAre() {
        completions("cmd").exitedWith(2).errContains("bash|zsh|fish");
        completions().exitedWith(2).errContains("bash|zsh|fish");
    }
}
