///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN completions
//DESCRIPTION Prints a shell's completions of the scripts' commands and options.
//SOURCES ../deploy.java
//SOURCES ../registry_token.java
//SOURCES ../docker_push.java
//SOURCES ../login.java
//SOURCES ../tenant.java

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class completions {
    public static void main(String... arguments) {
        String shell = arguments.length == 1 ? arguments[0] : "";
        switch (shell) {
            case "bash" -> commands().forEach(command -> System.out.println(bash(command)));
            // zsh reads bash's, once it is told to.
            case "zsh" -> {
                System.out.println("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit");
                commands().forEach(command -> System.out.println(bash(command)));
            }
            case "fish" -> commands().forEach(command -> System.out.print(fish(command.getCommandSpec())));
            default -> {
                System.err.println("completions: for which shell? Usage: just completions bash|zsh|fish");
                System.exit(2);
            }
        }
    }

    private static List<CommandLine> commands() {
        return List.of(new deploy(), new registry_token(), new docker_push(), new login(), new tenant()).stream()
                .map(CommandLine::new)
                .toList();
    }

    private static String bash(CommandLine command) {
        return AutoComplete.bash(command.getCommandName(), command);
    }

    private static String fish(CommandSpec script) {
        StringBuilder lines = new StringBuilder();
        String inScript = "complete -c " + script.name();
        String names = String.join(" ", script.subcommands().keySet());
        String bare = names.isEmpty() ? "" : " -n " + quoted("not __fish_seen_subcommand_from " + names);
        script.options().forEach(option -> lines.append(fish(inScript + bare, option)));
        script.subcommands().forEach((name, command) -> {
            CommandSpec of = command.getCommandSpec();
            lines.append(inScript + bare + " -f -a " + name + " -d " + quoted(description(of)) + "\n");
            String inside = inScript + " -n " + quoted("__fish_seen_subcommand_from " + name);
            of.options().forEach(option -> lines.append(fish(inside, option)));
        });
        return lines.toString();
    }

    private static String fish(String where, OptionSpec option) {
        StringBuilder line = new StringBuilder(where);
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().min() > 0) {
            line.append(" -r");
            if (option.completionCandidates() != null) line.append(" -f -a ").append(quoted(words(option)));
        }
        return line.append(" -d ")
                .append(quoted(String.join(" ", option.description())))
                .append("\n")
                .toString();
    }

    private static String words(OptionSpec option) {
        return StreamSupport.stream(option.completionCandidates().spliterator(), false)
                .collect(Collectors.joining(" "));
    }

    private static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
