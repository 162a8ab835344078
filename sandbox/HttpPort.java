package sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * A small HTTP/1.1 server on 127.0.0.1, one thread a connection.
 *
 * <p>The JDK's own server lets a TLS handshake hang for 10 s, which every {@code docker push} would wait for; it cannot
 * reset a connection or cut an answer short, which bad weather needs; and on 17 it waits for delayed acknowledgements.
 */
final class HttpPort implements AutoCloseable {
    private final String name;
    private final ServerSocket listener = new ServerSocket();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(this::thread);

    /**
     * @param port 0 for any that is free
     * @throws java.net.BindException when the port is taken
     */
    HttpPort(String name, int port) throws IOException {
        this.name = name;
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 128);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** {@code 127.0.0.1:PORT}. */
    String host() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Connections that came before wait in the backlog. */
    void serve(Handler handler) {
        threads.execute(() -> accept(handler));
    }

    private void accept(Handler handler) {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.add(socket);
                threads.execute(() -> {
                    try {
                        new HttpConnection(socket, handler).run();
                    } finally {
                        connections.remove(socket);
                    }
                });
            }
        } catch (IOException | RejectedExecutionException e) {
            // close() came
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : connections) socket.close();
        threads.shutdownNow();
    }
}
