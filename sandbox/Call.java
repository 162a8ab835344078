package sandbox;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request that came, without its headers and its query, where the secrets are.
 *
 * @param server {@code api} or {@code registry}
 * @param path with the ticket of a {@code secrets_url} masked
 * @param status empty when the answer was cut off, or the client went away in the middle of its body
 * @param body of {@code POST deploy} alone
 * @param fault the fault that struck it
 */
public record Call(
        Instant at,
        String server,
        String method,
        String path,
        OptionalInt status,
        Optional<String> body,
        Optional<String> fault) {

    /** {@code METHOD path}, as assertions read it best. */
    public String line() {
        return method + " " + path;
    }
}
