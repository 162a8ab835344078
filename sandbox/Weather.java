package sandbox;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The faults that are up, the oldest first; each request takes the first that aims at it. */
final class Weather {
    private static final long HUGE_BYTES = 256L << 20;

    /** @param id what the console removes it by */
    record Pending(int id, Fault fault) {}

    private final List<Pending> pending = new ArrayList<>();
    private int nextId = 1;

    synchronized void add(Fault fault) {
        pending.add(new Pending(nextId++, fault));
    }

    synchronized void remove(int id) {
        pending.removeIf(one -> one.id() == id);
    }

    synchronized void clear() {
        pending.clear();
    }

    synchronized List<Pending> pending() {
        return List.copyOf(pending);
    }

    /** Uses up one of the times of the fault that is returned. */
    synchronized Optional<Fault> take(Request request) {
        for (int i = 0; i < pending.size(); i++) {
            Pending one = pending.get(i);
            if (!one.fault().hits(request.method(), request.path())) continue;
            Fault left = one.fault().once();
            if (left.isSpent()) pending.remove(i);
            else pending.set(i, new Pending(one.id(), left));
            return Optional.of(one.fault());
        }
        return Optional.empty();
    }

    static Response strike(FaultAction action, Request request, HttpServer.Handler next, Refusals refusals)
            throws IOException {
        if (action instanceof FaultAction.Status status) return status(status, refusals);
        if (action instanceof FaultAction.Redirect redirect) {
            return Response.of(307).with("Location", redirect.url());
        }
        if (action instanceof FaultAction.Slow slow) {
            pause(slow.milliseconds());
            return next.handle(request);
        }
        return trick((FaultAction.Trick) action, request, next, refusals);
    }

    private static Response status(FaultAction.Status status, Refusals refusals) {
        Response answer = status.message()
                .map(message -> refusals.worded(status.code(), message))
                .orElseGet(() -> refusals.bare(status.code()));
        return status.retryAfter().isPresent()
                ? answer.with("Retry-After", String.valueOf(status.retryAfter().getAsInt()))
                : answer;
    }

    private static Response trick(FaultAction.Trick trick, Request request, HttpServer.Handler next, Refusals refusals)
            throws IOException {
        switch (trick) {
            case RESET:
                return Response.of(200).delivered(Response.Delivery.RESET);
            case CUT:
                return next.handle(request).delivered(Response.Delivery.NONE);
            case TRUNCATE:
                return next.handle(request).delivered(Response.Delivery.HALF);
            case HTML:
                String page = "<!doctype html><title>Welcome</title><p>Please sign in to this network.";
                return Response.of(200, "text/html", page.getBytes(StandardCharsets.UTF_8));
            case EMPTY:
                return Response.of(200);
            case GARBAGE:
                byte[] bytes = {'{', (byte) 0xff, (byte) 0xfe, 0, '"', (byte) 0xc3, '(', '}'};
                return Response.of(200, "application/json", bytes);
            case HUGE:
                return huge();
            case ANSI:
                return refusals.worded(
                        400, "\u001b[2J\u001b[31mAll is \u001b]0;lost\u0007well\u001b[0m\r\n\u202egnp.exe\u0000");
            default:
                throw new IllegalStateException(trick.toString());
        }
    }

    private static Response huge() {
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
        InputStream open = new ByteArrayInputStream(new byte[] {'['});
        InputStream shut = new ByteArrayInputStream(new byte[] {']'});
        InputStream list = new SequenceInputStream(Collections.enumeration(List.of(open, blanks, shut)));
        return Response.of(200, "application/json", new byte[0]).with(new Response.Body(HUGE_BYTES + 2, () -> list));
    }

    private static void pause(int milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IOException("closed while waiting", e);
        }
    }
}
