//SOURCES ../ImageReference.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Build.java
//SOURCES ../docker/Builder.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/PushedImage.java
//SOURCES LoginAndPush.java
//SOURCES Pushable.java
package lib.delivery;

import java.util.ArrayList;
import java.util.List;
import lib.ImageReference;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.Build;
import lib.docker.Builder;
import lib.docker.Engine;
import lib.docker.PushedImage;

/** An image in the cache of a buildx builder, which that builder pushes under a private login. */
public record BuilderImage(Builder builder, Build build, Engine engine) implements Pushable {
    /**
     * The builder has it in its cache, so the same build again is the way to it. Its arguments go by their names alone: a
     * value may be a secret, and Docker takes it from the environment.
     */
    @Override
    public List<String> asOptions() {
        List<String> words = new ArrayList<>(List.of(
                "--builder", builder.name(), "--dockerfile", build.dockerfile().toString()));
        variables().forEach(name -> words.addAll(List.of("--build-arg", name)));
        return words;
    }

    @Override
    public List<String> variables() {
        return build.arguments().stream()
                .map(argument -> argument.split("=", 2)[0])
                .toList();
    }

    @Override
    public PushedImage push(Run run, RegistryToken token, ImageReference name) throws InterruptedException {
        return new LoginAndPush(run, engine, true).push(token, login -> builder.push(login, build, name));
    }
}
