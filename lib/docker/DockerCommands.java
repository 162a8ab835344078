//SOURCES ../ImageReference.java
//SOURCES ../api/RegistryToken.java
//SOURCES Build.java
//SOURCES Command.java
package lib.docker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.ImageReference;
import lib.api.RegistryToken;

/** The commands of Docker that are used, as data. */
final class DockerCommands {
    private DockerCommands() {}

    static Command version() {
        return Command.of("docker", "version", "--format", "{{json .}}");
    }

    static Command buildxVersion() {
        return Command.of("docker", "buildx", "version");
    }

    static Command build(Build build) {
        List<String> words = new ArrayList<>(List.of("docker", "build", "--tag=" + build.image()));
        if (build.noCache()) words.add("--no-cache");
        words.addAll(buildOptions(build));
        return Command.shown(Command.Output.DRAWN_BY_STDERR, words).in(build.context());
    }

    /** The same build on a builder, which keeps what it built as its cache and hands out nothing. */
    static Command buildOn(String builder, Build build) {
        List<String> words = buildx(builder);
        words.add("--output=type=cacheonly");
        if (build.noCache()) words.add("--no-cache");
        words.addAll(buildOptions(build));
        return Command.shown(Command.Output.DRAWN_BY_STDERR, words).in(build.context());
    }

    /**
     * The same build again, out of the builder's cache, which the builder itself pushes.
     *
     * @param metadata the file that gets the digest
     */
    static Command buildAndPush(String builder, Build build, ImageReference name, Path metadata) {
        List<String> words = buildx(builder);
        words.addAll(List.of("--push", "--tag=" + name, "--metadata-file=" + metadata));
        words.addAll(buildOptions(build));
        // Not by stderr, where it draws: the sentence of an error must come here, since a new token may help.
        return Command.shown(Command.Output.DRAWN_BY_STDOUT, words).in(build.context());
    }

    // Attestations would make an index of what is one image, and its digest another one than the image's.
    private static List<String> buildx(String builder) {
        return new ArrayList<>(
                List.of("docker", "buildx", "build", "--builder=" + builder, "--provenance=false", "--sbom=false"));
    }

    private static List<String> buildOptions(Build build) {
        List<String> words = new ArrayList<>();
        words.add("--file=" + build.dockerfile());
        words.add("--platform=" + build.platform());
        build.arguments().forEach(argument -> words.add("--build-arg=" + argument));
        build.labels().forEach((name, value) -> words.add("--label=" + name + "=" + value));
        words.add(build.context().toString());
        return words;
    }

    static Command tag(ImageReference from, ImageReference to) {
        return Command.of("docker", "tag", from.toString(), to.toString());
    }

    static Command inspect(ImageReference image) {
        return Command.of(
                "docker",
                "image",
                "inspect",
                "--format",
                "{\"os\":{{json .Os}},\"architecture\":{{json .Architecture}},\"digests\":{{json .RepoDigests}}}",
                image.toString());
    }

    /** A login for which Docker asks the credential helper of its configuration; without one it fails. */
    static Command login(String registry) {
        return Command.of("docker", "login", registry);
    }

    /** A login that hands the password to whatever {@code docker} is. */
    static Command loginByStdin(RegistryToken token) {
        return Command.of("docker", "login", "--username=" + token.username(), "--password-stdin", token.registry())
                .reading(token.password());
    }

    static Command push(ImageReference image) {
        return Command.shown(Command.Output.DRAWN_BY_STDOUT, List.of("docker", "push", image.toString()));
    }
}
