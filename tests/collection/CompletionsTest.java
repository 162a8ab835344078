package collection;

import static org.junit.jupiter.api.Assertions.assertTrue;

import harness.Command;
import harness.Ran;
import harness.Scripts;
import harness.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionsTest {
    private static final List<String> COMMANDS = List.of("deploy", "registry_token", "docker_push", "login", "tenant");

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
