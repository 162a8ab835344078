//SOURCES ../Failure.java
package lib.registry;

import lib.Failure;
import lib.Failure.ErrorCode;

/**
 * A registry that does not accept these credentials: {@code LOGIN_FAILED} when it never did, {@code PUSH_FAILED} when
 * the login was accepted and a request was then refused. New credentials may help; another try with the same does not.
 */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    private RefusedException(Failure failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    static RefusedException login(String message) {
        String hint =
                "The registry does not accept this user name and password; fetch a new registry token and try again";
        return new RefusedException(new Failure(ErrorCode.LOGIN_FAILED, message, hint));
    }

    static RefusedException push(String message) {
        String hint = "The login is accepted, but not for this; fetch a new registry token, or ask for push access";
        return new RefusedException(new Failure(ErrorCode.PUSH_FAILED, message, hint));
    }

    /** The same as what ends a run. */
    public Failure failure() {
        return failure;
    }
}
