//SOURCES ../Failure.java
//SOURCES ApiAnswer.java
package lib.api;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import lib.Failure;
import lib.Failure.ErrorCode;

/**
 * An answer that is no success, turned into what a person reads. The two sentences of the server are known by their
 * text, whatever the status, since nothing says which status they come with.
 *
 * @param otherwise the code of a refusal that is none of the known ones
 */
record ApiRefusal(ApiAnswer answer, ErrorCode otherwise) {
    private static final String NO_REGISTRY = "Registry service not available";
    private static final String NOT_PROVISIONED = "No cloud infrastructure provisioned";

    static ApiRefusal of(ApiAnswer answer, ErrorCode otherwise) {
        return new ApiRefusal(answer, otherwise);
    }

    Failure failure() {
        Failure alone = alone();
        return answer.remark()
                .map(more -> new Failure(alone.code(), alone.getMessage() + " (" + more + ")", alone.hint()))
                .orElse(alone);
    }

    private Failure alone() {
        String said = answer.errorSentence().orElse("");
        if (says(said, NO_REGISTRY)) return known(NO_REGISTRY, said, "Contact admin");
        if (says(said, NOT_PROVISIONED))
            return known(NOT_PROVISIONED, said, "Wait for provisioning: 'just tenant status --wait'");
        int status = answer.status();
        String what = answer.call().label() + ": " + answer.sentence();
        if (status >= 300 && status < 400) {
            return new Failure(
                    ErrorCode.PROTOCOL,
                    answer.call().label() + ": " + status + " a redirect, which is not followed with a token",
                    "Correct api_url to where the API is: 'just login'");
        }
        return switch (status) {
            case 401 -> new Failure(ErrorCode.AUTH, "Authentication failed", "Run 'just login'");
            case 403 ->
                new Failure(
                        ErrorCode.AUTH,
                        said.isEmpty() ? what : said,
                        "Your account may lack the right to do this; 'just whoami' shows who you are");
            case 404 -> new Failure(ErrorCode.CONFIG, "Tenant not found", "Run 'just tenant'");
            case 429, 502, 503, 504 -> new Failure(ErrorCode.UNAVAILABLE, what, "Try again later");
            default -> new Failure(otherwise, what, "Run it again with --verbose; 'just doctor' looks at each part");
        };
    }

    /** The one of those sentences that a body holds in whatever form, if any. */
    static Optional<String> knownIn(String body) {
        return Stream.of(NO_REGISTRY, NOT_PROVISIONED)
                .filter(sentence -> says(body, sentence))
                .findFirst();
    }

    private static boolean says(String said, String sentence) {
        return said.toLowerCase(Locale.ROOT).contains(sentence.toLowerCase(Locale.ROOT));
    }

    private static Failure known(String sentence, String said, String hint) {
        String rest = said.equalsIgnoreCase(sentence) ? "" : ": " + said;
        return new Failure(ErrorCode.UNAVAILABLE, sentence + rest, hint);
    }
}
