//SOURCES ../Failure.java
//SOURCES ../Secret.java
//SOURCES ApiAnswer.java
//SOURCES ApiCall.java
//SOURCES Http.java
//SOURCES Retry.java
package lib.api;

import java.io.IOException;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Secret;

/**
 * Sends {@code POST …/deploy}. A connection that never came about is tried again as any other; whatever fails later may
 * have been accepted, so it is followed by one look at the tenant and never by a second POST.
 */
record DeployCall(ApiCall call, Http http, Retry retry, StatusLook look) {
    /** Finds out how the tenant is, in a clause. */
    @FunctionalInterface
    interface StatusLook {
        String now() throws InterruptedException;
    }

    /** A failure after which nobody knows; it passes through the retry rule as it is. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown(String what) {
            super(what);
        }
    }

    ApiAnswer with(Secret bearer) throws InterruptedException {
        try {
            return retry.send(call, () -> once(bearer));
        } catch (Unknown unknown) {
            throw new Failure(
                    ErrorCode.OUTCOME_UNKNOWN,
                    call.label() + ": " + unknown.getMessage() + "; the deployment may or may not have been accepted; "
                            + look.now(),
                    "Look again with 'just tenant status' before you deploy again");
        }
    }

    private ApiAnswer once(Secret bearer) throws IOException, InterruptedException {
        ApiAnswer answer;
        try {
            answer = http.send(call, Optional.of(bearer));
        } catch (IOException e) {
            if (Http.neverSent(e)) throw e;
            throw new Unknown(Http.sentence(e));
        }
        boolean speaksForItself =
                answer.status() < 500 || answer.errorSentence().isPresent();
        if (!speaksForItself) throw new Unknown(answer.sentence());
        return answer;
    }
}
