package lib.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A line to a registry that is reset once, after so many bytes towards it. */
final class BrokenLine implements AutoCloseable {
    private final ServerSocket entry = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong bytesLeft;
    private final int port;

    BrokenLine(int port, long bytesUntilReset) throws IOException {
        this.port = port;
        this.bytesLeft = new AtomicLong(bytesUntilReset);
        threads.submit(this::accept);
    }

    String name() {
        return "127.0.0.1:" + entry.getLocalPort();
    }

    boolean wasReset() {
        return bytesLeft.get() <= 0;
    }

    private Void accept() throws IOException {
        while (true) {
            Socket near = entry.accept();
            Socket far = new Socket("127.0.0.1", port);
            threads.submit(() -> forward(near, far, true));
            threads.submit(() -> forward(far, near, false));
        }
    }

    private Void forward(Socket from, Socket to, boolean counted) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                boolean whole = bytesLeft.get() > 0;
                if (counted && whole && bytesLeft.addAndGet(-n) <= 0) {
                    from.setSoLinger(true, 0);
                    return null;
                }
                out.write(buffer, 0, n);
            }
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
        threads.shutdownNow();
    }
}
