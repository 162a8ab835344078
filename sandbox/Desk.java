package sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/** Stands before a server: lets the weather strike, and writes down what came. */
record Desk(String server, Clock clock, Weather weather, CallLog log, Refusals refusals, Handler next)
        implements Handler {

    @Override
    public Reply handle(Request request) throws IOException {
        Optional<String> body = Optional.empty();
        Request whole = request;
        if (request.method().equals("POST") && request.path().endsWith("/deploy")) {
            byte[] bytes = request.bytes();
            body = Optional.of(new String(bytes, StandardCharsets.UTF_8));
            whole = request.withBody(new ByteArrayInputStream(bytes));
        }
        Optional<Fault> fault = weather.take(whole);
        Reply reply =
                fault.isPresent() ? Weather.strike(fault.get().action(), whole, next, refusals) : next.handle(whole);
        OptionalInt status = reply instanceof Response answer ? OptionalInt.of(answer.status()) : OptionalInt.empty();
        String path = request.path().replaceFirst("(/credentials/).*", "$1****");
        log.add(new Call(
                clock.instant(),
                server,
                request.method(),
                path,
                status,
                body,
                fault.map(Fault::action).map(Object::toString)));
        return reply;
    }
}
