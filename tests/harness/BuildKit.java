package harness;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The BuildKit of an engine on a port of 127.0.0.1, as a BuildKit on another host is reached: buildx's {@code remote}
 * driver connects to it, and knows of no engine.
 */
public final class BuildKit implements AutoCloseable {
    private static final String UPGRADE =
            "POST /grpc HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

    private final ServerSocketChannel server;
    private final UnixDomainSocketAddress engine;

    private BuildKit(ServerSocketChannel server, UnixDomainSocketAddress engine) {
        this.server = server;
        this.engine = engine;
    }

    /** @param engine one that is reached by a Unix socket */
    public static BuildKit of(Engine engine) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String path = URI.create(engine.host().orElseThrow()).getPath();
            BuildKit buildKit = new BuildKit(server, UnixDomainSocketAddress.of(path));
            inBackground(buildKit::serve);
            return buildKit;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code tcp://127.0.0.1:PORT} */
    public String address() {
        return "tcp://127.0.0.1:" + server.socket().getLocalPort();
    }

    private void serve() throws IOException {
        while (server.isOpen()) {
            SocketChannel client = server.accept();
            SocketChannel grpc = SocketChannel.open(StandardProtocolFamily.UNIX);
            grpc.connect(engine);
            grpc.write(ByteBuffer.wrap(UPGRADE.getBytes(StandardCharsets.US_ASCII)));
            skipHead(grpc);
            inBackground(() -> copy(client, grpc));
            inBackground(() -> copy(grpc, client));
        }
    }

    private static void skipHead(ByteChannel from) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        for (StringBuilder head = new StringBuilder(); !head.toString().endsWith("\r\n\r\n"); one.clear()) {
            if (from.read(one) < 0) throw new EOFException("The engine has no BuildKit: " + head);
            head.append((char) one.get(0));
        }
    }

    private static void copy(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) to.write(buffer);
            buffer.clear();
        }
        to.shutdownOutput();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // One of both ends has hung up, or the test is over.
                    }
                },
                "buildkit");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
