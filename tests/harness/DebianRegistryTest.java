package harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.ImageReference.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianRegistryTest {
    @TempDir
    Path folder;

    @Test
    void holdsWhatWasPushedWithItsPasswordAndRefusesAnother() {
        Engine engine = Engine.orSkip();
        Scripts scripts = new Scripts(folder);
        TestProject.in(folder, URI.create("https://api.example.com"));
        try (DebianRegistry registry = DebianRegistry.orSkip(folder)) {
            String image = registry.host() + "/acme:one";
            engine.docker("build", "-q", "-t", image, "-f", folder + "/.systemprompt/Dockerfile", folder.toString())
                    .run()
                    .succeeded();
            login(scripts, engine, registry, "wrong").exitedWith(1);
            assertEquals(Optional.empty(), registry.digest("acme", "one"));

            login(scripts, engine, registry, registry.password().reveal()).succeeded();
            Ran pushed = engine.serving(scripts.isolated(Command.of("docker", "push", image)))
                    .run()
                    .succeeded();
            Digest digest = registry.digest("acme", "one").orElseThrow();
            pushed.outContains(digest.value());
            assertEquals(List.of("one"), registry.tags("acme"));
            assertEquals(1, registry.manifest("acme", "one").path("layers").size());
            engine.remove(image);
        }
    }

    private static Ran login(Scripts scripts, Engine engine, DebianRegistry registry, String password) {
        Command login = Command.of("docker", "login", "-u", registry.username(), "--password-stdin", registry.host());
        return engine.serving(scripts.isolated(login)).stdin(password).run();
    }
}
