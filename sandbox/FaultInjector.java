//SOURCES Fault.java
//SOURCES HttpServer.java
//SOURCES RecordedRequest.java
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jetty.http.HttpStatus;

/** Stands before both servers: lets faults strike, and records what came. */
final class FaultInjector {
    private static final int RECORDS = 10_000;
    private static final long HUGE_BYTES = 256L << 20;
    private static final String CONTROL_CODES =
            "\u001b[2J\u001b[31mAll is \u001b]0;lost\u0007well\u001b[0m\r\n\u202egnp.exe\u0000";

    /** How a server words an error. */
    interface Errors {
        /** Returns an error in the server's own envelope. */
        Response error(int status, String message);

        /** Returns an error as a proxy in front of the server would word it, without an envelope. */
        default Response bareError(int status) {
            return Response.text(status, HttpStatus.getMessage(status));
        }
    }

    /** @param id what the console removes it by */
    record Pending(int id, Fault fault) {}

    private final Clock clock;
    private final List<Pending> pending = new ArrayList<>();
    private final Deque<RecordedRequest> records = new ArrayDeque<>();
    private int nextId = 1;

    FaultInjector(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(Fault fault) {
        pending.add(new Pending(nextId++, fault));
    }

    synchronized void remove(int id) {
        pending.removeIf(one -> one.id() == id);
    }

    synchronized void clear() {
        pending.clear();
    }

    /** Returns the faults that are left, the oldest first; a request takes the first that aims at it. */
    synchronized List<Pending> pending() {
        return List.copyOf(pending);
    }

    private synchronized Optional<Fault> take(Request request) {
        for (int i = 0; i < pending.size(); i++) {
            Pending one = pending.get(i);
            if (!one.fault().hits(request.method(), request.place())) continue;
            Fault left = one.fault().struck();
            if (left.isSpent()) pending.remove(i);
            else pending.set(i, new Pending(one.id(), left));
            return Optional.of(one.fault());
        }
        return Optional.empty();
    }

    /** Returns the last 10,000 requests to both servers, in the order in which they were answered. */
    synchronized List<RecordedRequest> records() {
        return List.copyOf(records);
    }

    private synchronized void add(RecordedRequest record) {
        if (records.size() == RECORDS) records.removeFirst();
        records.addLast(record);
    }

    /** @param name {@code api} or {@code registry} */
    <S extends HttpServer.Handler & Errors> HttpServer.Handler before(String name, S server) {
        return request -> handle(name, server, server, request);
    }

    private Response handle(String name, HttpServer.Handler server, Errors errors, Request came) throws IOException {
        Optional<byte[]> body = Optional.empty();
        if (came.method().equals("POST") && came.path().endsWith("/deploy")) body = Optional.of(came.bytes());
        Request request = body.map(came::withBody).orElse(came);
        Optional<Fault> fault = take(request);
        OptionalInt status = OptionalInt.empty();
        try {
            Response response =
                    fault.isPresent() ? struck(fault.get(), request, server, errors) : server.handle(request);
            if (response.isDelivered()) status = OptionalInt.of(response.status());
            return response;
        } finally {
            add(new RecordedRequest(
                    clock.instant(),
                    name,
                    request.method(),
                    request.path().replaceFirst("(/credentials/).*", "$1****"),
                    request.header("Authorization").isPresent(),
                    body.map(bytes -> new String(bytes, StandardCharsets.UTF_8)),
                    status,
                    fault.map(Fault::action).map(Object::toString)));
        }
    }

    private static Response struck(Fault fault, Request request, HttpServer.Handler server, Errors errors)
            throws IOException {
        if (fault.action() instanceof Fault.Answer answer) return answered(answer, errors);
        if (fault.action() instanceof Fault.Slow slow) {
            pause(slow.milliseconds());
            return server.handle(request);
        }
        if (fault.action() instanceof Fault.Reset reset) {
            request.body().readNBytes(reset.bytes());
            return Response.of(200).delivered(Response.Delivery.RESET);
        }
        return switch ((Fault.Trick) fault.action()) {
            case CUT -> server.handle(request).delivered(Response.Delivery.NONE);
            case TRUNCATE -> server.handle(request).delivered(Response.Delivery.HALF);
            case STALL -> {
                pause(Long.MAX_VALUE);
                yield Response.of(200).delivered(Response.Delivery.NONE);
            }
            case HTML -> {
                String page = "<!doctype html><title>Welcome</title><p>Please sign in to this network.";
                yield Response.of(200, "text/html", page.getBytes(StandardCharsets.UTF_8));
            }
            case EMPTY -> Response.of(200);
            case GARBAGE -> {
                byte[] bytes = {'{', (byte) 0xff, (byte) 0xfe, 0, '"', (byte) 0xc3, '(', '}'};
                yield Response.of(200, "application/json", bytes);
            }
            case HUGE -> Response.of(200, "application/json", new byte[0]).with(huge());
            case ANSI -> errors.error(400, CONTROL_CODES);
        };
    }

    private static Response answered(Fault.Answer answer, Errors errors) {
        Response response = answer.sentence()
                .map(sentence -> errors.error(answer.status(), sentence))
                .or(() -> answer.content()
                        .map(content -> Response.of(
                                answer.status(), "application/json", content.getBytes(StandardCharsets.UTF_8))))
                .orElseGet(() -> errors.bareError(answer.status()));
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return answer.early() ? response.delivered(Response.Delivery.EARLY) : response;
    }

    /** A list in JSON, of blanks alone. */
    private static Response.Body huge() {
        InputStream blanks = new InputStream() {
            private long left = HUGE_BYTES;

            @Override
            public int read() {
                return left-- > 0 ? ' ' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                int count = (int) Math.min(length, left);
                Arrays.fill(buffer, offset, offset + count, (byte) ' ');
                left -= count;
                return count == 0 ? -1 : count;
            }
        };
        List<InputStream> parts =
                List.of(new ByteArrayInputStream(new byte[] {'['}), blanks, new ByteArrayInputStream(new byte[] {']'}));
        return new Response.Body(HUGE_BYTES + 2, () -> new SequenceInputStream(Collections.enumeration(parts)));
    }

    private static void pause(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IOException("closed while waiting", e);
        }
    }
}
