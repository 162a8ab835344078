package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import harness.Command;
import harness.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import lib.ImageReference.Digest;
import lib.Json;
import lib.registry.ImagePush.Compression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives as an engine and skopeo write them, pushed and read back. */
class EnginesTest {
    @TempDir
    Path folder;

    @Test
    void whatTheEngineSavesIsPushedWithItsImageId() throws Exception {
        String id = build("engine-saves");
        Path saved = folder.resolve("saved.tar");
        Tool.run("", "docker", "save", "engine-saves", "-o", saved.toString());
        pushedAs(id, saved);
    }

    @Test
    void theEnginePullsBackTheImageThatWasPushed() throws Exception {
        pullsBack(Engine.orSkip(), Compression.GZIP);
    }

    /** Docker reads it since 23.0. */
    @Test
    void anEngineOfTodayPullsBackWhatWasPushedWithZstd() throws Exception {
        Engine engine = Engine.orSkip();
        assumeTrue(Integer.parseInt(engine.version().split("\\.")[0]) >= 23, engine.version());
        pullsBack(engine, Compression.ZSTD);
    }

    private void pullsBack(Engine engine, Compression compression) throws Exception {
        String id = build("engine-pulls");
        Path saved = folder.resolve("saved.tar");
        engine.docker("save", "engine-pulls", "-o", saved.toString()).run().succeeded();
        Path registryFolder = Files.createDirectory(folder.resolve("registry"));
        try (RealRegistry registry = RealRegistry.start(registryFolder)) {
            Pushing pushing = new Pushing();
            pushing.compression = compression;
            pushing.push(saved, registry.name(), "acme", "one");
            String config = Files.createDirectory(folder.resolve("config")).toString();
            String name = registry.name() + "/acme:one";
            String user = RealRegistry.LOGIN.username();
            String password = RealRegistry.LOGIN.password().reveal();
            engine.docker("--config", config, "login", "-u", user, "--password-stdin", registry.name())
                    .stdin(password)
                    .run()
                    .succeeded();
            engine.docker("image", "rm", "engine-pulls").run().succeeded();
            engine.docker("--config", config, "pull", name).run().succeeded();
            assertEquals(id, engine.idOf(name).value());
            engine.docker("image", "rm", name).run().succeeded();
        }
    }

    @Test
    void whatSkopeoConvertsIsPushedToTheByte() throws Exception {
        assumeTrue(Tool.isThere("skopeo"), "skopeo");
        SampleImage image = SampleImage.of(SampleImage.layer("one", 5000), SampleImage.noise(1, 5000));
        Path source = SampleImage.write(folder.resolve("source.tar"), image.dockerSave());
        for (String format : List.of("oci", "oci-archive", "docker-archive")) {
            Path made = Skopeo.convert("docker-archive:" + source, format, folder.resolve(format));
            pushedAs(SampleImage.open(made).imageId().value(), made);
        }
    }

    /** What writes archives, as a shell types it in a folder with a Dockerfile's context; the archive is {@code made}. */
    static Stream<Arguments> tools() {
        String buildah = "image=$(buildah from scratch); buildah copy -q $image context/a /a >/dev/null;"
                + " buildah commit -q $image sp-archive:1 >/dev/null; buildah rm $image >/dev/null;"
                + " trap 'buildah rmi -f sp-archive:1 sp-archive:2 >/dev/null 2>&1 || true' EXIT; ";
        String podman = buildah + "podman tag sp-archive:1 sp-archive:2; podman save -q ";
        String buildx =
                "export DOCKER_HOST=$DOCKER_HOST_BUILDER; docker buildx build -q context -t acme/web:1 -t acme/web:2 ";
        return Stream.of(
                arguments(
                        "buildah",
                        "a docker-archive",
                        buildah + "buildah push -q sp-archive:1 docker-archive:made:acme/web:1"),
                arguments("buildah", "an oci-archive", buildah + "buildah push -q sp-archive:1 oci-archive:made:1"),
                arguments("buildah", "an OCI folder", buildah + "buildah push -q sp-archive:1 oci:made:1"),
                arguments("podman", "a docker-archive", podman + "-o made sp-archive:1"),
                arguments("podman", "an oci-archive", podman + "--format oci-archive -o made sp-archive:1"),
                arguments("podman", "an OCI folder", podman + "--format oci-dir -o made sp-archive:1"),
                arguments("podman", "an archive of many", podman + "-m -o made sp-archive:1 sp-archive:2"),
                arguments("podman", "a gzip", podman + "sp-archive:1 | gzip >made"),
                arguments("umoci", "an empty image", "umoci init --layout made; umoci new --image made:1"),
                arguments(
                        "skopeo",
                        "layers of zstd",
                        buildah + "buildah push -q sp-archive:1 oci:plain:1; skopeo copy -q"
                                + " --dest-compress --dest-compress-format zstd oci:plain:1 oci:made:1"),
                arguments(
                        "docker",
                        "type=oci with attestations",
                        buildx + "--provenance=mode=max --output type=oci,dest=made"),
                arguments(
                        "docker",
                        "type=oci for two platforms",
                        buildx + "--platform linux/arm64,linux/amd64 --output type=oci,dest=made"),
                arguments("docker", "type=oci as a folder", buildx + "--output type=oci,tar=false,dest=made"),
                arguments("docker", "type=docker", buildx + "--output type=docker,dest=made"),
                arguments(
                        "docker",
                        "what containerd's store saves",
                        buildx + "--load; docker save -o made acme/web:1;"
                                + " docker image rm acme/web:1 acme/web:2 >/dev/null"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("tools")
    void whatAToolWritesIsPushed(String tool, String what, String script) throws Exception {
        assumeTrue(Stream.of(tool, "skopeo", "buildah").allMatch(Tool::isThere), tool + ", skopeo, buildah");
        if (tool.equals("docker")) Engine.builderOrSkip();
        context();
        Command.of("bash", "-eu", "-o", "pipefail", "-c", script)
                .in(folder)
                .run()
                .succeeded();
        Path made = folder.resolve("made");
        pushedAs(SampleImage.open(made).imageId().value(), made);
    }

    @Test
    void ofWhatAnEngineSavesTogetherTheOneThatIsNamedIsOpened() throws Exception {
        for (Engine engine : List.of(Engine.orSkip(), Engine.legacyOrSkip())) {
            Path saved = folder.resolve("two.tar");
            String[] names = {"sp-web:1", "sp-worker:1"};
            for (String name : names) {
                Path file = Files.writeString(
                        folder.resolve("Dockerfile"), "FROM scratch\nCOPY a /\nLABEL name=" + name + "\n");
                engine.docker(
                                "build",
                                "-q",
                                "-t",
                                name,
                                "-f",
                                file.toString(),
                                context().toString())
                        .run()
                        .succeeded();
            }
            try {
                engine.docker("save", "-o", saved.toString(), names[0], names[1])
                        .run()
                        .succeeded();
                for (String name : names)
                    assertEquals(
                            engine.idOf(name),
                            SampleImage.open(saved, Optional.of(name), Optional.empty())
                                    .imageId());
                String id = engine.idOf(names[0]).hex().substring(0, 12);
                engine.docker("save", "-o", saved.toString(), id).run().succeeded();
                assertEquals(engine.idOf(names[0]), SampleImage.open(saved).imageId());
            } finally {
                engine.docker("image", "rm", names[0], names[1]).run();
            }
        }
    }

    private Path context() throws IOException {
        Path context = Files.createDirectories(folder.resolve("context"));
        Files.writeString(context.resolve("a"), "a".repeat(100_000) + System.nanoTime());
        Files.writeString(context.resolve("b"), "b");
        Files.writeString(
                context.resolve("Dockerfile"), "FROM scratch\nCOPY a /a\nCOPY b /b\nCOPY a /a\nSTOPSIGNAL SIGINT\n");
        return context;
    }

    private String build(String name) throws IOException {
        assumeTrue(Tool.isThere("docker"), "docker");
        try {
            Tool.run("", "docker", "version");
        } catch (IllegalStateException e) {
            assumeTrue(false, "a Docker engine");
        }
        Tool.run("", "docker", "build", "-q", "-t", name, context().toString());
        return Tool.run("", "docker", "inspect", "-f", "{{.Id}}", name).strip();
    }

    private void pushedAs(String imageId, Path archive) throws Exception {
        Path registryFolder = Files.createTempDirectory(folder, "registry");
        try (RealRegistry registry = RealRegistry.start(registryFolder)) {
            ImagePush.Pushed pushed = new Pushing().push(archive, registry.name(), "acme", "one");
            String manifest = registry.get("acme/manifests/one");
            assertEquals(imageId, pushed.imageId().value());
            assertEquals(imageId, Json.parse(manifest).at("/config/digest").textValue());
            assertEquals(pushed.digest(), Digest.of(SampleImage.bytes(manifest)));
            if (Tool.isThere("skopeo"))
                assertTrue(Skopeo.inspect(registry, "acme:one")
                        .contains(pushed.digest().value()));
        }
    }
}
