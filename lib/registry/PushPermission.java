//SOURCES ../Failure.java
//SOURCES ../ImageReference.java
//SOURCES Answer.java
//SOURCES Blobs.java
//SOURCES RefusedException.java
//SOURCES RegistryClient.java
//SOURCES RegistryLogin.java
//SOURCES Retry.java
//SOURCES Session.java
package lib.registry;

import java.net.URI;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.ImageReference;

/** Whether a login may push to a repository, proven by opening a blob upload and cancelling it. */
public sealed interface PushPermission {
    /** It may. */
    record Granted() implements PushPermission {}

    /**
     * The login is accepted, the push is not.
     *
     * @param mayPull whether reading the repository is allowed
     * @param sentence what was tried and what the registry said
     */
    record Denied(boolean mayPull, String sentence) implements PushPermission {}

    /**
     * The login itself is not accepted.
     *
     * @param sentence what was tried and what the registry said
     */
    record LoginRefused(String sentence) implements PushPermission {}

    /**
     * Proves it; nothing is left in the registry.
     *
     * @param repository registry and repository; a tag doesn't matter
     * @throws Failure {@code UNAVAILABLE} when the registry can't be reached, {@code PROTOCOL} when it is none
     */
    static PushPermission prove(RegistryClient registry, ImageReference repository, RegistryLogin login)
            throws InterruptedException {
        try {
            Session session = registry.login(repository, login);
            return proveUpload(session);
        } catch (RefusedException e) {
            return new LoginRefused(e.getMessage());
        }
    }

    private static PushPermission proveUpload(Session session) throws RefusedException, InterruptedException {
        try {
            new Blobs(session).proveUpload();
            return new Granted();
        } catch (RefusedException e) {
            if (e.failure().code() == ErrorCode.LOGIN_FAILED) throw e;
            return new Denied(mayPull(session), e.getMessage());
        }
    }

    /** A repository that doesn't exist yet may be read all the same. */
    private static boolean mayPull(Session session) throws RefusedException, InterruptedException {
        URI tags = session.at("tags/list?n=1");
        int status = new Retry(session.patience()).of(() -> {
            Answer answer = session.send("GET", tags);
            if (answer.isPassing()) throw session.unexpected("GET", tags, answer);
            return answer.status();
        });
        return status == 200 || status == 404;
    }
}
