package lib.delivery;

import java.time.Duration;
import java.util.List;
import lib.ErrorCode;
import lib.Failure;
import lib.Reference;
import lib.Stage;
import lib.api.RegistryToken;
import lib.api.Retry;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.LocalImage;
import lib.docker.PrivateLogin;
import lib.docker.PushedImage;

/** An image that an engine holds, pushed by that engine under a private login. */
public record EngineImage(Engine engine, LocalImage image, Retry.Sleep sleep) implements Pushable {
    private static final int TRIES = 3;

    @Override
    public List<String> asOptions() {
        return List.of("--image", image.reference().toString());
    }

    @Override
    public PushedImage push(Run run, RegistryToken token, Reference name) throws InterruptedException {
        try (PrivateLogin login =
                run.within(Stage.LOGIN, () -> PrivateLogin.open(token, run.environment(), engine.runner()))) {
            if (run.environment().variable(PrivateLogin.SHADOWING).isPresent()) {
                run.console()
                        .warn(PrivateLogin.SHADOWING + " is set: it is left out of login and push, where it would win");
            }
            run.stage(
                    Stage.LOGIN,
                    () -> {
                        engine.login(login);
                        return token.registry();
                    },
                    registry -> registry + " as " + token.username());
            return run.stage(Stage.PUSH, () -> tagAndPush(run, login, name), PushedImage::reference);
        }
    }

    private PushedImage tagAndPush(Run run, PrivateLogin login, Reference name) throws InterruptedException {
        engine.tag(image, name);
        for (int number = 1; ; number++) {
            try {
                return engine.push(login, name);
            } catch (Failure failure) {
                boolean mayPass = failure.code() == ErrorCode.UNAVAILABLE
                        && !failure.getMessage().startsWith("Docker is not");
                if (!mayPass || number == TRIES) throw failure;
                run.console().warn(failure.getMessage() + "; trying again");
                sleep.of(Duration.ofMillis(500L << number));
            }
        }
    }
}
