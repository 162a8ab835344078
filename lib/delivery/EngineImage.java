//SOURCES ../ImageReference.java
//SOURCES ../Parallel.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/LocalImage.java
//SOURCES ../docker/PushedImage.java
//SOURCES LoginAndPush.java
//SOURCES Pushable.java
package lib.delivery;

import java.util.List;
import lib.ImageReference;
import lib.Parallel;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.LocalImage;
import lib.docker.PushedImage;

/** An image that an engine holds, pushed by that engine under a private login. */
public record EngineImage(Engine engine, LocalImage image) implements Pushable {
    @Override
    public List<String> asOptions() {
        return List.of("--image", image.reference().toString());
    }

    @Override
    public PushedImage push(Run run, RegistryToken token, ImageReference name) throws InterruptedException {
        try (Parallel aside = new Parallel("aside", 1)) {
            Parallel.Result<Void> named = aside.start(() -> {
                engine.tag(image, name);
                return null;
            });
            return new LoginAndPush(run, engine, false).push(token, login -> {
                named.get();
                return engine.push(login, name);
            });
        }
    }
}
