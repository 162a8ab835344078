package lib.api;

import java.time.Duration;
import java.util.Optional;

/**
 * A request as data, without its bearer.
 *
 * @param path below the API's address, beginning with a slash
 * @param body what is sent, with its content type; empty for none
 * @param patience until the answer is there, whole
 */
record ApiCall(String method, String path, Optional<Body> body, Duration patience) {
    private static final Duration USUAL = Duration.ofSeconds(30);

    record Body(String contentType, String text) {
        /** The text may hold secrets. */
        @Override
        public String toString() {
            return "Body[" + contentType + "]";
        }
    }

    static ApiCall get(String path) {
        return new ApiCall("GET", path, Optional.empty(), USUAL);
    }

    static ApiCall json(String method, String path, String json, Duration patience) {
        return new ApiCall(method, path, Optional.of(new Body("application/json", json)), patience);
    }

    static ApiCall form(String path, String form) {
        return new ApiCall("POST", path, Optional.of(new Body("application/x-www-form-urlencoded", form)), USUAL);
    }

    /** What a person sees of it. */
    String label() {
        return method + " " + path;
    }
}
