package lib.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.Digest;
import lib.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        String id = build("engine-pulls");
        Path saved = folder.resolve("saved.tar");
        Tool.run("", "docker", "save", "engine-pulls", "-o", saved.toString());
        Path registryFolder = Files.createDirectory(folder.resolve("registry"));
        try (RealRegistry registry = RealRegistry.start(registryFolder)) {
            new Pushing().push(saved, registry.name(), "acme", "one");
            String config = Files.createDirectory(folder.resolve("config")).toString();
            String name = registry.name() + "/acme:one";
            String user = RealRegistry.LOGIN.username();
            String password = RealRegistry.LOGIN.password().reveal();
            Tool.run(password, "docker", "--config", config, "login", "-u", user, "--password-stdin", registry.name());
            Tool.run("", "docker", "image", "rm", "engine-pulls");
            Tool.run("", "docker", "--config", config, "pull", name);
            assertEquals(
                    id, Tool.run("", "docker", "inspect", "-f", "{{.Id}}", name).strip());
            Tool.run("", "docker", "image", "rm", name);
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

    private String build(String name) throws IOException {
        assumeTrue(Tool.isThere("docker"), "docker");
        try {
            Tool.run("", "docker", "version");
        } catch (IllegalStateException e) {
            assumeTrue(false, "a Docker engine");
        }
        Path context = Files.createDirectory(folder.resolve("context"));
        Files.writeString(context.resolve("a"), "a".repeat(100_000) + System.nanoTime());
        Files.writeString(context.resolve("b"), "b");
        Files.writeString(
                context.resolve("Dockerfile"), "FROM scratch\nCOPY a /a\nCOPY b /b\nCOPY a /a\nSTOPSIGNAL SIGINT\n");
        Tool.run("", "docker", "build", "-q", "-t", name, context.toString());
        return Tool.run("", "docker", "inspect", "-f", "{{.Id}}", name).strip();
    }

    private void pushedAs(String imageId, Path archive) throws Exception {
        Path registryFolder = Files.createTempDirectory(folder, "registry");
        try (RealRegistry registry = RealRegistry.start(registryFolder)) {
            PushedArchive pushed = new Pushing().push(archive, registry.name(), "acme", "one");
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
