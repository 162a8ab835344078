package lib.docker;

import java.util.ArrayList;
import java.util.List;
import lib.Reference;
import lib.api.RegistryToken;

/** The commands of Docker that are used, as data. */
final class DockerCommands {
    private DockerCommands() {}

    static Command serverVersion() {
        return Command.of("docker", "version", "--format", "{{.Server.Version}}");
    }

    static Command build(Build build) {
        List<String> words = new ArrayList<>(List.of("docker", "build"));
        words.addAll(buildOptions(build));
        words.add(build.context().toString());
        return Command.shown(Command.Output.DRAWN_BY_STDERR, words).in(build.context());
    }

    private static List<String> buildOptions(Build build) {
        List<String> words = new ArrayList<>();
        words.add("--file=" + build.dockerfile());
        words.add("--tag=" + build.image());
        words.add("--platform=" + build.platform());
        build.arguments().forEach(argument -> words.add("--build-arg=" + argument));
        build.labels().forEach((name, value) -> words.add("--label=" + name + "=" + value));
        if (build.noCache()) words.add("--no-cache");
        return words;
    }

    static Command tag(Reference from, Reference to) {
        return Command.of("docker", "tag", from.toString(), to.toString());
    }

    static Command inspect(Reference image) {
        return Command.of(
                "docker",
                "image",
                "inspect",
                "--format",
                "{\"id\":{{json .ID}},\"os\":{{json .Os}},\"architecture\":{{json .Architecture}},\"digests\":{{json .RepoDigests}}}",
                image.toString());
    }

    static Command login(RegistryToken token) {
        return Command.of("docker", "login", "--username=" + token.username(), "--password-stdin", token.registry())
                .reading(token.password());
    }

    static Command push(Reference image) {
        return Command.shown(Command.Output.DRAWN_BY_STDOUT, List.of("docker", "push", image.toString()));
    }
}
