//SOURCES ../Failure.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Secret.java
//SOURCES ApiCall.java
//SOURCES ApiRefusal.java
package lib.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Json;
import lib.Printable;
import lib.Printable.WebPage;
import lib.Secret;

/**
 * What came back.
 *
 * @param retryAfter the pause that the server asks for, where it is given in seconds
 * @param remark what else was tried
 */
record ApiAnswer(ApiCall call, int status, String body, Optional<Duration> retryAfter, Optional<String> remark) {
    ApiAnswer(ApiCall call, int status, String body, Optional<Duration> retryAfter) {
        this(call, status, body, retryAfter, Optional.empty());
    }

    ApiAnswer alsoSaying(String remark) {
        return new ApiAnswer(call, status, body, retryAfter, Optional.of(remark));
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** 401 or 403: another kind of bearer may be wanted. */
    boolean refusesBearer() {
        return status == 401 || status == 403;
    }

    /**
     * The body's object: what {@code data} holds if that is an object, else the whole.
     *
     * @throws Failure {@code protocol} when there is no object
     */
    JsonNode data() {
        JsonNode json = document().orElseThrow(() -> nonsense("no JSON object"));
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
    Failure nonsense(String problem) {
        return new Failure(
                ErrorCode.PROTOCOL,
                call.label() + ": the answer makes no sense: " + problem,
                "Check that api_url is the Management API: 'just whoami' shows it");
    }

    /** The error's sentence: both kinds of envelope (an object, or RFC 6749), empty when there is no envelope. */
    Optional<String> errorSentence() {
        return document()
                .flatMap(json -> {
                    JsonNode error = json.path("error");
                    return error.isObject()
                            ? Json.text(error, "message", "code")
                            : Json.text(json, "error_description").or(() -> Json.text(json, "error"));
                })
                .map(text -> call.answeredBySecret() ? Secret.without(text, call.path()) : text)
                .or(() -> ApiRefusal.knownIn(body))
                .map(Printable::of);
    }

    /** The error's sentence, else what may be quoted of the body, else nothing but the status. For people. */
    String sentence() {
        return errorSentence()
                .or(this::excerpt)
                .map(text -> status + " " + text)
                .orElse(Integer.toString(status));
    }

    private Optional<String> excerpt() {
        Optional<WebPage> page = WebPage.in(body);
        if (call.answeredBySecret()) return page.map(it -> it.origin("the API"));
        return page.map(it -> it.titled("the API"))
                .or(() -> Optional.of(Printable.of(body)).filter(text -> !text.isEmpty()));
    }

    /** The body may hold a token. */
    @Override
    public String toString() {
        return "ApiAnswer[" + call.label() + " " + status + "]";
    }
}
