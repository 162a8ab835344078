package sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import lib.Json;
import org.eclipse.jetty.http.HttpStatus;

/** The Management API's errors: {@code {"error":{"code","message"}}}. */
final class ApiError implements Refusals {
    static Response of(int status, String code, String message) {
        ObjectNode body = Json.object();
        body.putObject("error").put("code", code).put("message", message);
        return Response.json(status, body);
    }

    static Response notFound() {
        return of(404, "not_found", "No such endpoint");
    }

    @Override
    public Response worded(int status, String message) {
        return of(status, HttpStatus.getMessage(status).toLowerCase(Locale.ROOT).replace(' ', '_'), message);
    }
}
