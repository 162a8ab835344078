//SOURCES ../Failure.java
//SOURCES ../Retry.java
//SOURCES ../Stage.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/PrivateLogin.java
//SOURCES ../docker/PushedImage.java
package lib.delivery;

import java.util.Optional;
import lib.Failure;
import lib.Retry;
import lib.Retry.RetryableException;
import lib.Stage;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.PrivateLogin;
import lib.docker.PushedImage;

/**
 * The stages login and push by the {@code docker} command, under one private login.
 *
 * @param pulls whether what pushes may have to pull from other registries first, with the user's logins there
 */
record LoginAndPush(Run run, Engine engine, boolean pulls) {
    /** What pushes, once there is a login. */
    @FunctionalInterface
    interface Push {
        PushedImage under(PrivateLogin login) throws InterruptedException;
    }

    PushedImage push(RegistryToken token, Push push) throws InterruptedException {
        try (PrivateLogin login =
                run.within(Stage.LOGIN, () -> PrivateLogin.open(token, run.environment(), engine.runner(), pulls))) {
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
            return run.stage(Stage.PUSH, () -> tryToPush(push, login), PushedImage::reference);
        }
    }

    private PushedImage tryToPush(Push push, PrivateLogin login) throws InterruptedException {
        return Retry.usual().of(() -> {
            try {
                return push.under(login);
            } catch (Failure failure) {
                if (failure.remedy() != Failure.Remedy.ANOTHER_TRY) throw failure;
                run.console().warn(failure.getMessage() + "; trying again");
                throw new RetryableException(Retry.Pace.COMMAND, Optional.empty(), tries -> failure);
            }
        });
    }
}
