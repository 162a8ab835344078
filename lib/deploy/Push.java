//SOURCES ../Environment.java
//SOURCES ../Failure.java
//SOURCES ../Findings.java
//SOURCES ../PushedImage.java
//SOURCES ../Retry.java
//SOURCES ../Stage.java
//SOURCES ../api/ManagementApi.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Console.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/Docker.java
//SOURCES ../docker/PrivateDockerConfig.java
//SOURCES ../docker/ProcessRunner.java
//SOURCES ../project/Target.java
//SOURCES ImageNames.java
//SOURCES PushSource.java
package lib.deploy;

import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import lib.Environment;
import lib.Failure;
import lib.Failure.Finding;
import lib.Findings;
import lib.PushedImage;
import lib.Retry;
import lib.Retry.RetryableException;
import lib.Stage;
import lib.api.ManagementApi;
import lib.api.RegistryToken;
import lib.cli.Console;
import lib.cli.Run;
import lib.docker.Docker;
import lib.docker.PrivateDockerConfig;
import lib.docker.ProcessRunner;
import lib.project.Target;

/** The stages token, login and push, for one target. */
public record Push(Run run, ManagementApi api, Target target, ImageNames names) {
    /** Pushes, under a token that is fetched for it; where the registry refuses that one, once more with a new one. */
    public PushedImage retryingRefusedToken(Run.Work<PushedImage> push) throws InterruptedException {
        try {
            return push.get();
        } catch (Failure failure) {
            if (failure.remedy() != Failure.Remedy.NEW_TOKEN) throw failure;
            run.console().warn(failure.getMessage() + "; trying once more with a new token");
            return push.get();
        }
    }

    /** Fetches a registry token. The credentials are looked at again, since a build may have taken its time. */
    public RegistryToken token() throws InterruptedException {
        RegistryToken token = run.stage(
                Stage.TOKEN,
                () -> {
                    target.requireUnexpired(run.clock().instant());
                    return api.registryToken(target.tenant());
                },
                RegistryToken::registry);
        if (names.contradicts(token)) {
            run.console()
                    .warn("The server names the tag " + token.tag().orElseThrow() + "; --tag wins, and may be refused");
        }
        return token;
    }

    /** Logs in and pushes. @throws Failure with {@link Failure.Remedy#NEW_TOKEN} when the registry refuses the token */
    public PushedImage push(PushSource image, RegistryToken token) throws InterruptedException {
        Instant started = run.clock().instant();
        PushedImage pushed = image.push(run, token, names.pushed(token));
        long age = Duration.between(started, run.clock().instant()).toSeconds();
        run.console().detail("The token was " + age + " s old when the push was done");
        pushed.tell(run::know);
        return pushed;
    }

    /** Checks that an engine answers, and who it is. */
    public static Optional<Docker.Version> checkEngine(Docker docker, Findings findings) throws InterruptedException {
        return findings.check("docker", docker::requireAnswering, version -> "engine " + version);
    }

    /** Checks that there is a folder for a login. Told of only where there is none: which one it is matters to nobody. */
    public static void checkFolder(Environment environment, Findings findings) {
        try {
            PrivateDockerConfig.requirePlace(environment);
        } catch (Failure failure) {
            findings.add(Finding.of("folder", failure));
        }
    }

    /** The {@code docker} command as it is run from here, with a run's console to draw on. */
    public static Docker docker(Run run) {
        return docker(run.console(), true);
    }

    /** The same for several commands at once: they show their progress as lines, never drawn. */
    public static Docker dockerInParallel(Run run) {
        return docker(run.console(), false);
    }

    private static Docker docker(Console console, boolean alone) {
        ProcessRunner.Display display = new ProcessRunner.Display() {
            @Override
            public boolean isTerminal() {
                return alone && console.isTerminal() && !console.isQuiet();
            }

            @Override
            public OutputStream show() {
                return console.showChild();
            }
        };
        return new Docker(new ProcessRunner(display, console::detail));
    }

    /**
     * The stages login and push by the {@code docker} command, under one private login.
     *
     * @param pulls whether what pushes may have to pull from other registries first, with the user's logins there
     */
    record UnderLogin(Run run, Docker docker, boolean pulls) {
        /** What pushes, once there is a login. */
        @FunctionalInterface
        interface Pushing {
            PushedImage under(PrivateDockerConfig login) throws InterruptedException;
        }

        PushedImage push(RegistryToken token, Pushing pushing) throws InterruptedException {
            try (PrivateDockerConfig login = run.within(
                    Stage.LOGIN,
                    () -> PrivateDockerConfig.open(token.credential(), run.environment(), docker.runner(), pulls))) {
                PrivateDockerConfig.SHADOWING.forEach((variable, why) -> {
                    if (run.environment().variable(variable).isPresent())
                        run.console().warn(variable + " is set: " + why);
                });
                run.stage(
                        Stage.LOGIN,
                        () -> {
                            docker.login(login);
                            return token.registry();
                        },
                        registry -> registry + " as " + token.username());
                return run.stage(Stage.PUSH, () -> retried(pushing, login), PushedImage::reference);
            }
        }

        private PushedImage retried(Pushing pushing, PrivateDockerConfig login) throws InterruptedException {
            return Retry.usual().of(() -> {
                try {
                    return pushing.under(login);
                } catch (Failure failure) {
                    if (failure.remedy() != Failure.Remedy.ANOTHER_TRY) throw failure;
                    run.console().warn(failure.getMessage() + "; trying again");
                    throw new RetryableException(Retry.Pace.COMMAND, Optional.empty(), tries -> failure);
                }
            });
        }
    }
}
