package sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import lib.Json;

/** The page at {@code /} that shows the sandbox at work, and lets a person make its weather. */
final class Console implements HttpServer.Handler {
    /** Pages of other origins cannot send it without asking first, and nobody answers that question. */
    private static final String HEADER = "X-Sandbox-Console";

    private static final String FAULTS = "/console/faults";

    private final ConsoleState state;
    private final Weather weather;
    private final String host;
    private final Entropy entropy = new Entropy();

    Console(ConsoleState state, Weather weather, String host) {
        this.state = state;
        this.weather = weather;
        this.host = host;
    }

    static boolean owns(Request request) {
        String path = request.path();
        return path.equals("/") || path.equals("/console.json") || path.startsWith(FAULTS);
    }

    @Override
    public Response handle(Request request) throws IOException {
        if (!request.isAddressedTo(host)) return Response.text(400, "the console is at its own address alone");
        return switch (request.method() + " " + request.path()) {
            case "GET /" -> page();
            case "GET /console.json" -> Response.json(200, state.json()).with("Cache-Control", "no-store");
            default -> weather(request);
        };
    }

    private Response page() {
        String nonce = entropy.hex(16);
        String policy = "style-src 'unsafe-inline'; connect-src 'self'; script-src 'nonce-" + nonce + "'";
        return Response.page(200, policy, ConsolePage.html(nonce));
    }

    private Response weather(Request request) throws IOException {
        if (!request.isFromPageOf(host) || request.header(HEADER).isEmpty()) {
            return ApiError.of(403, "forbidden", "The weather is made on the console's own page");
        }
        String method = request.method();
        String path = request.path();
        if (method.equals("POST") && path.equals(FAULTS)) return add(request);
        if (method.equals("DELETE") && path.equals(FAULTS)) weather.clear();
        else if (method.equals("DELETE") && path.matches(FAULTS + "/[0-9]{1,9}")) {
            weather.remove(Integer.parseInt(path.substring(FAULTS.length() + 1)));
        } else return ApiError.notFound();
        return Response.of(204);
    }

    private Response add(Request request) throws IOException {
        try {
            weather.add(
                    Fault.parse(Json.text(Json.parse(request.text()), "fault").orElse("")));
            return Response.of(204);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return ApiError.of(400, "bad_fault", e.getMessage());
        }
    }
}
