package sandbox;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One connection: requests one after the other, each answered before the next is read. */
final class HttpConnection implements Runnable {
    private static final int IDLE_MS = 60_000;
    private static final int TLS_HANDSHAKE = 0x16;

    private final Socket socket;
    private final Handler handler;

    HttpConnection(Socket socket, Handler handler) {
        this.socket = socket;
        this.handler = handler;
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(IDLE_MS);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
            if (speaksTls(in)) refuseTls(out);
            else while (served(in, out)) continue;
        } catch (IOException e) {
            // The client has gone, spoke no HTTP, or close() came: there is nobody to tell.
        }
    }

    private static boolean speaksTls(InputStream in) throws IOException {
        in.mark(1);
        int first = in.read();
        in.reset();
        return first == TLS_HANDSHAKE;
    }

    /** Engines try TLS first, even on loopback, and wait until someone answers in clear text. */
    private static void refuseTls(OutputStream out) throws IOException {
        out.write("HTTP/1.0 400 Bad Request\r\n\r\nThis port speaks http.\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** @return whether the connection may serve another request */
    private boolean served(InputStream in, OutputStream out) throws IOException {
        Optional<HttpHead> read = HttpHead.read(in);
        if (read.isEmpty()) return false;
        HttpHead head = read.get();
        if (head.headers().first("Expect").orElse("").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        InputStream body = BodyStream.framedBy(head.headers(), in);
        Reply reply = reply(head.request(body));
        if (reply instanceof Reply.Reset) {
            socket.setSoLinger(true, 0);
            return false;
        }
        // An answer in the middle of an upload makes some clients see a broken pipe instead of the answer.
        body.transferTo(OutputStream.nullOutputStream());
        boolean headOnly = head.method().equals("HEAD");
        if (reply instanceof Response answer) {
            write(answer, headOnly, head.persistent(), answer.content().length(), out);
            return head.persistent();
        }
        if (reply instanceof Reply.Truncated broken) {
            Content whole = broken.answer().content();
            Response claimsMore = broken.answer().with(new Content(whole.length() + 1, whole.source()));
            write(claimsMore, headOnly, false, whole.length() / 2, out);
        }
        return false;
    }

    private Reply reply(Request request) throws IOException {
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            return Response.text(500, "a defect of the sandbox: " + e);
        }
    }

    private static void write(Response answer, boolean headOnly, boolean persistent, long limit, OutputStream out)
            throws IOException {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " " + Reasons.of(answer.status()));
        for (Fields.Field field : answer.headers().all()) {
            head.append("\r\n").append(field.name()).append(": ").append(field.value());
        }
        boolean bodiless = answer.status() == 204 || answer.status() == 304;
        if (!bodiless)
            head.append("\r\nContent-Length: ").append(answer.content().length());
        if (!persistent) head.append("\r\nConnection: close");
        out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!bodiless && !headOnly) answer.content().source().write(out, limit);
        out.flush();
    }
}
