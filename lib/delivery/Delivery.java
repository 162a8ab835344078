//SOURCES ../Failure.java
//SOURCES ../Stage.java
//SOURCES ../api/RegistryToken.java
//SOURCES ../cli/Run.java
//SOURCES ../docker/ImageNames.java
//SOURCES ../docker/PushedImage.java
//SOURCES Pushable.java
//SOURCES Session.java
package lib.delivery;

import java.time.Duration;
import java.time.Instant;
import lib.Failure;
import lib.Stage;
import lib.api.RegistryToken;
import lib.cli.Run;
import lib.docker.ImageNames;
import lib.docker.PushedImage;

/** The stages token, login and push, with the one second try that a refused token gets. */
public record Delivery(Run run, Session session, ImageNames names) {
    /** Fetches a token, logs in and pushes; when the registry refuses the token, once more with a new one. */
    public PushedImage push(Pushable image) throws InterruptedException {
        try {
            return pushWithNewToken(image);
        } catch (Failure failure) {
            if (failure.remedy() != Failure.Remedy.NEW_TOKEN) throw failure;
            run.console().warn(failure.getMessage() + "; trying once more with a new token");
            return pushWithNewToken(image);
        }
    }

    private PushedImage pushWithNewToken(Pushable image) throws InterruptedException {
        RegistryToken token = token();
        Instant fetched = run.clock().instant();
        PushedImage pushed = image.push(run, token, names.pushed(token));
        run.console().detail("The token was " + age(fetched) + " old when the push was done");
        return pushed;
    }

    /** Fetches a registry token. The credentials are looked at again, since a build may have taken its time. */
    public RegistryToken token() throws InterruptedException {
        RegistryToken token = run.stage(
                Stage.TOKEN,
                () -> {
                    session.requireUnexpired();
                    return session.api().registryToken(session.target().tenant());
                },
                RegistryToken::registry);
        if (names.contradicts(token)) {
            run.console()
                    .warn("The server names the tag " + token.tag().orElseThrow() + "; --tag wins, and may be refused");
        }
        return token;
    }

    private String age(Instant fetched) {
        return Duration.between(fetched, run.clock().instant()).toSeconds() + " s";
    }
}
