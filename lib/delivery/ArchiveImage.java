//SOURCES ../Failure.java
//SOURCES ../HttpClients.java
//SOURCES ../ImageReference.java
//SOURCES ../Stage.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/PushedImage.java
//SOURCES ../registry/ArchivePush.java
//SOURCES ../registry/Compression.java
//SOURCES ../registry/ImageArchive.java
//SOURCES ../registry/LayerCache.java
//SOURCES ../registry/PushedArchive.java
//SOURCES ../registry/RefusedException.java
//SOURCES ../registry/RegistryClient.java
//SOURCES ../registry/RegistryLogin.java
//SOURCES ArchiveProgress.java
//SOURCES Pushable.java
package lib.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.HttpClients;
import lib.ImageReference;
import lib.Stage;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.PushedImage;
import lib.registry.ArchivePush;
import lib.registry.Compression;
import lib.registry.ImageArchive;
import lib.registry.LayerCache;
import lib.registry.PushedArchive;
import lib.registry.RefusedException;
import lib.registry.RegistryClient;
import lib.registry.RegistryLogin;

/**
 * An image in an archive, pushed by this process itself: no engine, and no other process that sees the password.
 *
 * @param name by which a person chose it; empty for the only one
 */
public record ArchiveImage(ImageArchive archive, Optional<String> name, Compression compression) implements Pushable {
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
        ArchivePush push = new ArchivePush(
                new RegistryClient(HttpClients.shared()),
                compression,
                LayerCache.ofUser(run.environment().variables()),
                new ArchiveProgress(run.console(), archive.layerCount()));
        try {
            PushedArchive pushed = push.push(archive, name, new RegistryLogin(token.username(), token.password()));
            return new PushedImage(pushed.reference(), Optional.of(pushed.digest()));
        } catch (RefusedException refused) {
            Failure failure = refused.failure();
            Stage stage = failure.code() == ErrorCode.LOGIN_FAILED ? Stage.LOGIN : Stage.PUSH;
            throw failure.during(stage).curedBy(Failure.Remedy.NEW_TOKEN);
        }
    }
}
