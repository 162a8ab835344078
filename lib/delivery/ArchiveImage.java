//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Stage.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/PushedImage.java
//SOURCES ../registry/ImageArchive.java
//SOURCES ../registry/ImagePush.java
//SOURCES ../registry/LayerCache.java
//SOURCES ../registry/RegistryClient.java
//SOURCES ArchiveProgress.java
//SOURCES Pushable.java
package lib.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Http;
import lib.ImageReference;
import lib.Stage;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.PushedImage;
import lib.registry.ImageArchive;
import lib.registry.ImagePush;
import lib.registry.LayerCache;
import lib.registry.RegistryClient;

/**
 * An image in an archive, pushed by this process itself: no engine, and no other process that sees the password.
 *
 * @param name by which a person chose it; empty for the only one
 */
public record ArchiveImage(ImageArchive archive, Optional<String> name, ImagePush.Compression compression)
        implements Pushable {
    @Override
    public List<String> asOptions() {
        List<String> words = new ArrayList<>(
                List.of("--archive", archive.path().toAbsolutePath().toString()));
        name.ifPresent(image -> words.addAll(List.of("--image", image)));
        return words;
    }

    @Override
    public PushedImage push(Run run, RegistryToken token, ImageReference name) throws InterruptedException {
        return run.stage(Stage.PUSH, () -> send(run, token, name), PushedImage::reference);
    }

    private PushedImage send(Run run, RegistryToken token, ImageReference name) throws InterruptedException {
        ImagePush push = new ImagePush(
                RegistryClient.of(Http.shared(), name, token.credential()),
                compression,
                LayerCache.ofUser(run.environment().variables()),
                new ArchiveProgress(run.console(), archive.layerCount()));
        ImagePush.Pushed pushed = push.push(archive);
        return new PushedImage(pushed.reference(), Optional.of(pushed.digest()));
    }
}
