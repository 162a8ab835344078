//SOURCES ../Failure.java
//SOURCES RegistryClient.java
package lib.registry;

import java.net.URI;
import lib.Failure;
import lib.Failure.ErrorCode;

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
     * @throws Failure {@code UNAVAILABLE} when the registry can't be reached, {@code PROTOCOL} when it is none
     */
    static PushPermission prove(RegistryClient repository) throws InterruptedException {
        try {
            repository.login();
            URI upload = repository.retrying(repository::openUpload);
            repository.cancelUpload(upload);
            return new Granted();
        } catch (Failure e) {
            if (e.remedy() != Failure.Remedy.NEW_TOKEN) throw e;
            return e.code() == ErrorCode.LOGIN_FAILED
                    ? new LoginRefused(e.getMessage())
                    : new Denied(repository.mayPull(), e.getMessage());
        }
    }
}
