package sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/** Stands before a server: lets the weather strike, and writes down what came. */
record Desk(String server, Clock clock, Weather weather, CallLog log, Refusals refusals, HttpServer.Handler next)
        implements HttpServer.Handler {

    @Override
    public Response handle(Request request) throws IOException {
        Optional<String> body = Optional.empty();
        Request whole = request;
        if (request.method().equals("POST") && request.path().endsWith("/deploy")) {
            byte[] bytes = request.bytes();
            body = Optional.of(new String(bytes, StandardCharsets.UTF_8));
            whole = request.withBody(bytes);
        }
        Optional<Fault> fault = weather.take(whole);
        OptionalInt status = OptionalInt.empty();
        try {
            Response response = fault.isPresent()
                    ? Weather.strike(fault.get().action(), whole, next, refusals)
                    : next.handle(whole);
            if (response.delivery() == Response.Delivery.WHOLE) status = OptionalInt.of(response.status());
            return response;
        } finally {
            log.add(call(request, status, body, fault));
        }
    }

    private Call call(Request request, OptionalInt status, Optional<String> body, Optional<Fault> fault) {
        String path = request.path().replaceFirst("(/credentials/).*", "$1****");
        Optional<String> action = fault.map(Fault::action).map(Object::toString);
        return new Call(clock.instant(), server, request.method(), path, status, body, action);
    }
}
