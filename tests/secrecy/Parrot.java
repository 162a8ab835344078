package secrecy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lib.Json;

/** An API and a registry that answer as a test wants, for instance by repeating what they were sent. */
final class Parrot implements AutoCloseable {
    /** One request, and the way to answer it. */
    record Asked(HttpExchange exchange, String body) {
        String path() {
            return exchange.getRequestURI().getPath();
        }

        String authorization() {
            return String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        }

        void answer(int status, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean bare = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, bare ? -1 : bytes.length);
            if (!bare) exchange.getResponseBody().write(bytes);
        }

        /** As the API words an error. */
        void refuse(int status, String message) throws IOException {
            String error = Json.line(Json.object().put("code", "refused").put("message", message));
            answer(status, "{\"error\": " + error + "}");
        }
    }

    /** What it answers. */
    @FunctionalInterface
    interface Manners {
        void answer(Asked asked) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Parrot(Manners manners) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                manners.answer(new Asked(exchange, body));
            }
        });
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://" + host());
    }

    List<String> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
