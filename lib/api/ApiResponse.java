//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES ApiCall.java
package lib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Json;
import lib.Printable;
import lib.Printable.WebPage;
import lib.Secret;

/**
 * What came back. Two sentences of the server are known by their text, whatever the status and the form of the body, since
 * nothing says which they come with.
 *
 * @param retryAfter the pause that the server asks for
 * @param remark what else was tried
 */
record ApiResponse(ApiCall call, int status, String body, Optional<Duration> retryAfter, Optional<String> remark) {
    private static final String NO_REGISTRY = "Registry service not available";
    private static final String NOT_PROVISIONED = "No cloud infrastructure provisioned";
    /** Of which an error of the API's own says no more than that it is not available. */
    private static final Set<Integer> UNAVAILABLE = Set.of(408, 425, 429, 502, 503, 504);

    ApiResponse(ApiCall call, int status, String body, Optional<Duration> retryAfter) {
        this(call, status, body, retryAfter, Optional.empty());
    }

    ApiResponse alsoSaying(String more) {
        return new ApiResponse(call, status, body, retryAfter, Optional.of(more));
    }

    /** A 2xx that holds an error in place of data is none. */
    boolean isSuccess() {
        return status >= 200 && status < 300 && !isErrorAlone();
    }

    private boolean isErrorAlone() {
        return document()
                .filter(json -> json.path("error").isObject() && !json.has("data"))
                .isPresent();
    }

    /** Whether another kind of bearer may be wanted. What stands before the API knows nothing of bearers. */
    boolean refusesBearer() {
        return (status == 401 || status == 403) && WebPage.in(body).isEmpty();
    }

    /** Whether the server has no such route at all, which says nothing of what was asked. */
    boolean isNoRoute() {
        return status == 404
                || status == 405
                || status == 501
                || WebPage.in(body).isPresent();
    }

    /** Whether the same call may be answered otherwise in a moment. An error of the API's own is its last word. */
    boolean isTransient() {
        return Http.isTransient(status) && (status < 500 || error().isEmpty());
    }

    /**
     * The body's object: what {@code data} holds if that is an object, else the whole.
     *
     * @throws Failure {@code protocol} when there is no object
     */
    JsonNode data() {
        JsonNode json = document().orElseThrow(() -> unexpected("no JSON object"));
        return json.path("data").isObject() ? json.path("data") : json;
    }

    /** The body's object as it came. What it calls a secret is one from then on. */
    Optional<JsonNode> document() {
        try {
            JsonNode json = Json.parse(body);
            Secret.learn(json);
            return Optional.of(json).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** @param problem what is wrong, without a value of the body, since that may be a secret */
    Failure unexpected(String problem) {
        return new Failure(
                ErrorCode.PROTOCOL,
                call.label() + ": unexpected response: " + problem,
                "Check that api_url is the Management API: 'just whoami' shows it");
    }

    /** The sentence of an error of the API's own, in either kind of envelope (an object, or RFC 6749); empty for none. */
    Optional<String> error() {
        return document()
                .flatMap(json -> {
                    JsonNode error = json.path("error");
                    return error.isObject()
                            ? Json.text(error, "message", "code")
                            : Json.text(json, "error_description").or(() -> Json.text(json, "error"));
                })
                .or(this::known)
                .map(this::shown);
    }

    /** The error's sentence, else what may be quoted of the body, else nothing but the status. For people. */
    String sentence() {
        return error().or(this::elsewhere).map(text -> status + " " + text).orElse(Integer.toString(status));
    }

    /** What something else says than the API: a proxy in its own form, a page, a text. */
    private Optional<String> elsewhere() {
        if (call.answeredBySecret() && WebPage.in(body).isEmpty()) return Optional.empty();
        return document()
                .flatMap(json -> Json.text(json, "message", "detail", "title"))
                .or(() -> Optional.of(body))
                .map(this::shown)
                .filter(text -> !text.isEmpty());
    }

    private String shown(String text) {
        String plain = WebPage.in(text).map(page -> page.titled("the API")).orElse(text);
        return Printable.of(call.answeredBySecret() ? Secret.without(plain, call.path()) : plain);
    }

    /** The one of those sentences that the body holds in whatever form, if any. */
    private Optional<String> known() {
        return List.of(NO_REGISTRY, NOT_PROVISIONED).stream()
                .filter(sentence -> says(body, sentence))
                .findFirst();
    }

    private static boolean says(String text, String sentence) {
        return text.toLowerCase(Locale.ROOT).contains(sentence.toLowerCase(Locale.ROOT));
    }

    /**
     * The response, if it is a success.
     *
     * @param otherwise the code of a refusal that is none of the known ones
     */
    ApiResponse accepted(ErrorCode otherwise) {
        if (isSuccess()) return this;
        throw failure(otherwise);
    }

    /** What a person reads of an answer that is no success. */
    Failure failure(ErrorCode otherwise) {
        Failure alone = refusal(otherwise);
        return remark.map(more -> new Failure(alone.code(), alone.getMessage() + " (" + more + ")", alone.hint()))
                .orElse(alone);
    }

    private Failure refusal(ErrorCode otherwise) {
        String said = error().orElse("");
        if (says(said, NO_REGISTRY)) return known(NO_REGISTRY, said, "Contact admin");
        if (says(said, NOT_PROVISIONED))
            return known(NOT_PROVISIONED, said, "Wait for provisioning: 'just tenant status --wait'");
        String what = call.label() + ": " + sentence();
        if (status >= 300 && status < 400) {
            return new Failure(
                    ErrorCode.PROTOCOL,
                    call.label() + ": " + status + " a redirect, which is not followed with a token",
                    "Correct api_url to where the API is: 'just login'");
        }
        if (UNAVAILABLE.contains(status) || status >= 500 && said.isEmpty())
            return new Failure(ErrorCode.UNAVAILABLE, what, "Try again later");
        return switch (status) {
            case 401 -> new Failure(ErrorCode.AUTH, "Authentication failed", "Run 'just login'");
            case 403 ->
                new Failure(
                        ErrorCode.AUTH,
                        said.isEmpty() ? what : said,
                        refusesBearer()
                                ? "Your account may lack the right to do this; 'just whoami' shows who you are"
                                : "A firewall or a proxy refuses it: try from another network, or ask its operator");
            case 404 -> new Failure(ErrorCode.CONFIG, "Tenant not found", "Run 'just tenant'");
            default -> new Failure(otherwise, what, "Run it again with --verbose; 'just doctor' looks at each part");
        };
    }

    private static Failure known(String sentence, String said, String hint) {
        String rest = said.equalsIgnoreCase(sentence) ? "" : ": " + said;
        return new Failure(ErrorCode.UNAVAILABLE, sentence + rest, hint);
    }

    /** The body may hold a token. */
    @Override
    public String toString() {
        return "ApiResponse[" + call.label() + " " + status + "]";
    }
}
