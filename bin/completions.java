///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//MAIN completions
//DESCRIPTION Prints a shell's completions of the scripts: commands, options, and a project's profiles and tenants.
//SOURCES ../deploy.java
//SOURCES ../docker_push.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../login.java
//SOURCES ../registry_token.java
//SOURCES ../releases.java
//SOURCES ../tenant.java

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class completions {
    /** The options whose value is a name that the project's files know. */
    private static final Map<String, String> NAMES = Map.of("--profile", "profiles", "--tenant", "tenants");

    /**
     * Prints the names, one a line, for any shell: each runs it with {@code sh}. A name comes from a file and may hold
     * anything: it is printed, never evaluated, and left out with a control character or an escape in it.
     */
    private static final String LOOK_UP = """
        folder=$PWD
        while [ ! -d "$folder/.systemprompt" ] && [ -n "$folder" ]; do folder=${folder%/*}; done
        cd "$folder/.systemprompt" 2>/dev/null || exit 0
        case $1 in
        profiles) for each in profiles/*/profile.yaml; do
            [ ! -e "$each" ] || printf "%s\\n" "$each" | sed -e "s|^profiles/||" -e "s|/profile.yaml$||"
        done ;;
        tenants) grep -oE "\\"(id|name)\\"[[:space:]]*:[[:space:]]*\\"([^\\"\\\\]|\\\\\\\\.)*\\"" tenants.json 2>/dev/null |
            sed -e "s/^[^:]*:[[:space:]]*\\"//" -e "s/\\"$//" | grep -vF "\\\\" ;;
        esac | grep -v "[[:cntrl:]]"
        """;

    /** Offers names, quoted; not by {@code compgen -W}, which evaluates what it is given. */
    private static final String BASH = """
        _systemprompt_names=@LOOK_UP@
        _systemprompt_complete() {
            local word=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) kind= name= quoted=
            if [ "$word" = = ]; then word=; elif [ "${COMP_WORDS[at]}" = = ]; then at=$((at - 1)); fi
            case ${COMP_WORDS[0]##*/}:${COMP_WORDS[at]} in
                *:-p | *:--profile) kind=profiles ;;
                *:--tenant | tenant:use) kind=tenants ;;
                *) return 1 ;;
            esac
            COMPREPLY=()
            while IFS= read -r name; do
                printf -v quoted %q "$name"
                [[ $name != "$word"* && $quoted != "$word"* ]] || COMPREPLY+=("$quoted")
            done < <(sh -c "$_systemprompt_names" sh "$kind")
        }
        """;

    public static void main(String... arguments) {
        String shell = arguments.length == 1 ? arguments[0] : "";
        switch (shell) {
            case "bash" -> System.out.println(bash());
            // zsh reads bash's, once it is told to.
            case "zsh" ->
                System.out.println(
                        "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + bash());
            case "fish" -> System.out.print(fish());
            default -> {
                System.err.println("completions: for which shell? Usage: just completions bash|zsh|fish");
                System.exit(2);
            }
        }
    }

    private static List<CommandLine> commands() {
        return List.of(new deploy(), new registry_token(), new docker_push(), new login(), new tenant(), new releases())
                .stream()
                .map(CommandLine::new)
                .toList();
    }

    private static String bash() {
        return BASH.replace("@LOOK_UP@", "'" + LOOK_UP + "'")
                + commands().stream().map(completions::bash).collect(Collectors.joining("\n"));
    }

    /** picocli's own, which we ask first. */
    private static String bash(CommandLine command) {
        String begin = "function _complete_" + command.getCommandName() + "() {\n";
        return AutoComplete.bash(command.getCommandName(), command)
                .replace(begin, begin + "  _systemprompt_complete && return\n");
    }

    private static String fish() {
        return "function __systemprompt_names\n    sh -c " + quoted(LOOK_UP) + " sh $argv[1]\nend\n"
                + commands().stream()
                        .map(command -> fish(command.getCommandSpec()))
                        .collect(Collectors.joining());
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
            if (name.equals("use")) lines.append(inside + " -f -a '(__systemprompt_names tenants)'\n");
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
            String known = NAMES.get(option.longestName());
            if (known != null)
                line.append(" -f -a '(__systemprompt_names ").append(known).append(")'");
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
