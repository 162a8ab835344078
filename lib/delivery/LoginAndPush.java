//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../api/Retry.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Engine.java
//SOURCES ../docker/PrivateLogin.java
//SOURCES ../docker/PushedImage.java
package lib.delivery;

import java.time.Duration;
import lib.Failure;
import lib.Stage;
import lib.api.RegistryToken;
import lib.api.Retry;
import lib.cli.Run;
import lib.docker.Engine;
import lib.docker.PrivateLogin;
import lib.docker.PushedImage;

/**
 * The stages login and push by the {@code docker} command, under one private login.
 *
 * @param pulls whether what pushes may have to pull from other registries first, with the user's logins there
 */
record LoginAndPush(Run run, Engine engine, Retry.Sleep sleep, boolean pulls) {
    private static final int TRIES = 3;

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
        for (int number = 1; ; number++) {
            try {
                return push.under(login);
            } catch (Failure failure) {
                if (failure.remedy() != Failure.Remedy.ANOTHER_TRY || number == TRIES) throw failure;
                run.console().warn(failure.getMessage() + "; trying again");
                sleep.of(Duration.ofMillis(500L << number));
            }
        }
    }
}
