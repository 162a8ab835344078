//SOURCES ../Failure.java
//SOURCES RegistryClient.java
package lib.registry;

import java.net.URI;
import java.util.Optional;
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

    default boolean isGranted() {
        return this instanceof Granted;
    }

    /** Why one may not push, in one sentence; empty when one may. @param repository as a person knows it */
    default Optional<Failure> refusal(String repository) {
        if (this instanceof Denied denied) {
            String may = denied.mayPull() ? "may pull from " : "may neither pull from nor push to ";
            String but = denied.mayPull() ? " but not push to it" : "";
            return Optional.of(refused("The registry token " + may + repository + but + ": " + denied.sentence()));
        }
        if (this instanceof LoginRefused refused)
            return Optional.of(refused("The registry does not accept its token: " + refused.sentence()));
        return Optional.empty();
    }

    private static Failure refused(String sentence) {
        return new Failure(
                ErrorCode.AUTH, sentence, "Your account may lack the right to deploy; 'just whoami' shows who you are");
    }
}
