package lib.api;

import java.time.Duration;
import java.util.Optional;

/**
 * A request as data, without its bearer.
 *
 * @param path below the API's address, beginning with a slash
 * @param body what is sent, with its content type; empty for none
 * @param patience until the answer is there, whole
 * @param answeredBySecret whether the answer should hold a secret: then its body is never quoted, whatever its status
 */
record ApiCall(String method, String path, Optional<Body> body, Duration patience, boolean answeredBySecret) {
    private static final Duration USUAL = Duration.ofSeconds(30);

    record Body(String contentType, String text) {
        /** The text may hold secrets. */
        @Override
        public String toString() {
            return "Body[" + contentType + "]";
        }
    }

    static ApiCall get(String path) {
        return new ApiCall("GET", path, Optional.empty(), USUAL, false);
    }

    static ApiCall json(String method, String path, String json, Duration patience) {
        return new ApiCall(method, path, Optional.of(new Body("application/json", json)), patience, false);
    }

    static ApiCall form(String path, String form) {
        return new ApiCall(
                "POST", path, Optional.of(new Body("application/x-www-form-urlencoded", form)), USUAL, false);
    }

    /** The same call, whose answer should hold a secret. */
    ApiCall forSecret() {
        return new ApiCall(method, path, body, patience, true);
    }

    /** What a person sees of it. */
    String label() {
        return method + " " + path;
    }
}
