//DEPS org.eclipse.jetty:jetty-server:12.1.14
//DEPS commons-codec:commons-codec:1.19.0
//DEPS commons-io:commons-io:2.20.0
//DEPS org.apache.commons:commons-lang3:3.18.0
//SOURCES Request.java
//SOURCES Response.java
package sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP/1.1 server on a port of 127.0.0.1.
 *
 * <p>Jetty does the work: unlike the JDK's own server it refuses a TLS handshake at once, where every {@code docker push}
 * would wait for 10 s, and lets a fault reset a connection or cut a response short.
 *
 * <p>Jetty's pom names versions of the Commons libraries, and JBang heeds it for every library of the class path: the
 * head of this file holds those that {@code commons-compress} asks for.
 */
final class HttpServer implements AutoCloseable {
    /** Answers requests. */
    interface Handler {
        /** @throws IOException when the client goes away in the middle of its body, or the disk fails */
        Response handle(Request request) throws IOException;
    }

    /** A request that is still being handled gets half of this time before its thread is interrupted. */
    private static final long STOP_MS = 100;

    static {
        // Jetty logs through SLF4J, which warns on stderr when it has nowhere to log to.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    private final Server server;
    private final ServerConnector connector;

    /**
     * Opens a port; connections wait until {@link #serve}.
     *
     * @param port 0 for any that is free
     * @throws IOException when the port is taken
     */
    HttpServer(String name, int port) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName(name);
        threads.setDaemon(true);
        threads.setStopTimeout(STOP_MS);
        server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        // Handlers match whole paths, so an ambiguous one is no place to them, and not an error of the protocol.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        connector.open();
    }

    /** Returns {@code 127.0.0.1:PORT}. */
    String host() {
        return connector.getHost() + ":" + connector.getLocalPort();
    }

    void serve(Handler handler) {
        server.setHandler(new org.eclipse.jetty.server.Handler.Abstract() {
            @Override
            public boolean handle(
                    org.eclipse.jetty.server.Request in, org.eclipse.jetty.server.Response out, Callback done)
                    throws IOException {
                InputStream body = org.eclipse.jetty.server.Request.asInputStream(in);
                Request request = new Request(in.getMethod(), in.getHttpURI(), in.getHeaders(), body);
                Response response = response(handler, request);
                EndPoint connection = in.getConnectionMetaData().getConnection().getEndPoint();
                if (response.delivery() == Response.Delivery.RESET) {
                    ((SocketChannel) connection.getTransport()).setOption(StandardSocketOptions.SO_LINGER, 0);
                } else {
                    // Some clients see a broken pipe instead of a response that comes before their body is read.
                    if (response.delivery() != Response.Delivery.EARLY) {
                        body.transferTo(OutputStream.nullOutputStream());
                    }
                    if (response.delivery() != Response.Delivery.NONE) send(request, response, out);
                }
                if (!response.isDelivered()) connection.close();
                done.succeeded();
                return true;
            }
        });
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not start", e);
        }
    }

    private static Response response(Handler handler, Request request) throws IOException {
        try {
            return handler.handle(request);
        } catch (RuntimeException e) {
            return Response.text(HttpStatus.INTERNAL_SERVER_ERROR_500, "a defect of the sandbox: " + e);
        }
    }

    /** Sends the head and the body, or what is due of it. */
    private static void send(Request request, Response response, org.eclipse.jetty.server.Response out)
            throws IOException {
        boolean whole = response.isDelivered();
        long length = response.body().length();
        boolean bodiless = response.status() == HttpStatus.NO_CONTENT_204;
        out.setStatus(response.status());
        if (!bodiless) out.getHeaders().put(HttpHeader.CONTENT_LENGTH, whole ? length : length + 1);
        response.headers().forEach(out.getHeaders()::put);
        boolean headOnly = bodiless || request.method().equals("HEAD");
        try (OutputStream sink = Content.Sink.asOutputStream(out);
                InputStream body = response.body().source().open()) {
            if (!headOnly) copy(body, sink, whole ? length : length / 2);
            sink.flush();
        }
    }

    private static void copy(InputStream in, OutputStream out, long count) throws IOException {
        byte[] buffer = new byte[64 << 10];
        for (long left = count; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) throw new IOException("the content became shorter");
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    /** Ends every connection. */
    @Override
    public void close() {
        try {
            server.stop();
            connector.close();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty does not stop", e);
        }
    }
}
