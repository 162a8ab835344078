package sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that came, without its headers and its query, where the secrets are.
 *
 * @param server {@code api} or {@code registry}
 * @param path with the ticket of a {@code secrets_url} masked
 * @param authorized whether it carried credentials of any kind
 * @param body of {@code POST deploy} alone
 * @param status empty when the response was cut off, or the client went away in the middle of its body
 * @param fault what struck it
 */
public record RecordedRequest(
        Instant at,
        String server,
        String method,
        String path,
        boolean authorized,
        Optional<String> body,
        OptionalInt status,
        Optional<String> fault) {

    /** Returns {@code METHOD path}, as assertions read it best. */
    public String line() {
        return method + " " + path;
    }
}
