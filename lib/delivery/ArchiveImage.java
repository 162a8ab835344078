package lib.delivery;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import lib.ErrorCode;
import lib.Failure;
import lib.HttpClients;
import lib.Platform;
import lib.Reference;
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

/** An image in an archive, pushed by this process itself: no engine, and no other process that sees the password. */
public record ArchiveImage(ImageArchive archive, Compression compression) implements Pushable {
    /** @throws Failure {@code config} when the file holds no image for the platform */
    public static ArchiveImage open(Path file, Platform wanted, Compression compression) throws InterruptedException {
        ImageArchive archive = ImageArchive.open(file, wanted);
        if (!archive.platform().satisfies(wanted)) {
            throw new Failure(
                    ErrorCode.CONFIG,
                    file + " is for " + archive.platform() + ", and " + wanted + " is wanted",
                    "Allow it with --platform " + archive.platform());
        }
        return new ArchiveImage(archive, compression);
    }

    @Override
    public List<String> asOptions() {
        return List.of("--archive", archive.path().toAbsolutePath().toString());
    }

    @Override
    public PushedImage push(Run run, RegistryToken token, Reference name) throws InterruptedException {
        return run.stage(Stage.PUSH, () -> send(run, token, name), PushedImage::reference);
    }

    private PushedImage send(Run run, RegistryToken token, Reference name) throws InterruptedException {
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
