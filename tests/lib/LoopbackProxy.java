package lib;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that leads every tunnel, whatever name it is asked for, to one port of this machine. */
final class LoopbackProxy implements Closeable {
    private final ServerSocket listening;
    private final int target;
    private final Optional<String> authorization;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    /** @param authorization without which it answers 407 */
    LoopbackProxy(int target, Optional<String> authorization) {
        this.target = target;
        this.authorization = authorization;
        try {
            listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** The heads of what it was asked. */
    List<String> heads() {
        return heads;
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            daemon(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        String head = head(client.getInputStream());
        heads.add(head);
        boolean allowed = authorization
                .map(wanted -> head.contains("Proxy-Authorization: " + wanted + "\r\n"))
                .orElse(true);
        if (!allowed) {
            answer(
                    client,
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                            + "Content-Length: 0\r\n\r\n");
            client.close();
        } else if (head.startsWith("CONNECT ")) {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            answer(client, "HTTP/1.1 200 OK\r\n\r\n");
            daemon(() -> server.getInputStream().transferTo(client.getOutputStream()));
            client.getInputStream().transferTo(server.getOutputStream());
        } else {
            answer(client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy");
            client.close();
        }
    }

    private static void answer(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        client.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) break;
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private interface Io {
        void run() throws IOException;
    }

    private static void daemon(Io work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The other side is done.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
