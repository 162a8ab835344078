package lib.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Digest;

/** A registry that keeps blobs in memory, remembers what it was asked, and errs as a test wants. */
final class FakeRegistry implements AutoCloseable {
    /** Answers instead of the registry, and says whether it did. */
    @FunctionalInterface
    interface Fault {
        boolean answered(HttpExchange exchange) throws IOException;
    }

    /** How the registry wants to be authorized. */
    enum Auth {
        BASIC,
        BEARER
    }

    private static final Pattern DIGEST = Pattern.compile(".*digest=(sha256)(?::|%3A)([0-9a-f]{64}).*");

    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
    final AtomicInteger tokens = new AtomicInteger();
    volatile String realm;
    volatile Fault fault = exchange -> false;

    private final Auth auth;
    private final AtomicInteger opened = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    FakeRegistry(Auth auth) throws IOException {
        this.auth = auth;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        realm = "http://" + name() + "/token";
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String name() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    long count(String start) {
        return requests.stream().filter(request -> request.startsWith(start)).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        requests.add(method + " " + path);
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        if (sent != null) authorizations.add(sent);
        try (exchange) {
            if (fault.answered(exchange)) return;
            if (path.startsWith("/token")) giveToken(exchange, sent);
            else if (!accepts(sent)) challenge(exchange);
            else serve(exchange, method, path);
        }
    }

    private boolean accepts(String sent) {
        String wanted =
                auth == Auth.BASIC ? "Basic " + RealRegistry.LOGIN.basic().reveal() : "Bearer token-" + tokens.get();
        return wanted.equals(sent);
    }

    private void giveToken(HttpExchange exchange, String sent) throws IOException {
        if (!("Basic " + RealRegistry.LOGIN.basic().reveal()).equals(sent)) answer(exchange, 401, "{}");
        else answer(exchange, 200, "{\"token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":60}");
    }

    private void challenge(HttpExchange exchange) throws IOException {
        String header = auth == Auth.BASIC ? "Basic realm=\"x\"" : "Bearer realm=\"" + realm + "\",service=\"fake\"";
        exchange.getResponseHeaders().set("WWW-Authenticate", header);
        answer(exchange, 401, error("UNAUTHORIZED", "authentication required"));
    }

    private void serve(HttpExchange exchange, String method, String path) throws IOException {
        String last = path.replaceFirst("\\?.*", "").replaceFirst(".*/", "");
        if (path.equals("/v2/")) answer(exchange, 200, "{}");
        else if (method.equals("HEAD")) answerHead(exchange, blobs.get(last));
        else if (method.equals("POST")) {
            String upload = "u" + opened.incrementAndGet();
            uploads.put(upload, new ByteArrayOutputStream());
            accepted(exchange, upload);
        } else if (method.equals("PATCH")) {
            exchange.getRequestBody().transferTo(uploads.get(last));
            accepted(exchange, last);
        } else if (method.equals("DELETE")) {
            answer(exchange, uploads.remove(last) == null ? 404 : 204, "");
        } else if (path.contains("/manifests/")) {
            manifests.put(last, exchange.getRequestBody().readAllBytes());
            answer(exchange, 201, "");
        } else if (method.equals("PUT"))
            commit(exchange, path, uploads.remove(last).toByteArray());
        else answer(exchange, 404, "");
    }

    /** An upload's place as some registries give it: without a host, and with a state in its query. */
    private static void accepted(HttpExchange exchange, String upload) throws IOException {
        exchange.getResponseHeaders().set("Location", "/v2/acme/blobs/uploads/" + upload + "?_state=a%2Fb");
        answer(exchange, 202, "");
    }

    private void commit(HttpExchange exchange, String path, byte[] content) throws IOException {
        Matcher digest = DIGEST.matcher(path);
        boolean right = digest.matches() && Digest.of(content).hex().equals(digest.group(2));
        if (right) blobs.put("sha256:" + digest.group(2), content);
        answer(exchange, right ? 201 : 400, right ? "" : error("DIGEST_INVALID", "other content"));
    }

    private static void answerHead(HttpExchange exchange, byte[] blob) throws IOException {
        if (blob != null) exchange.getResponseHeaders().set("Content-Length", "" + blob.length);
        exchange.sendResponseHeaders(blob == null ? 404 : 200, -1);
    }

    static String error(String code, String message) {
        return "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
    }

    static boolean answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = SampleImage.bytes(body);
        boolean bare = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bare ? -1 : bytes.length);
        if (!bare) exchange.getResponseBody().write(bytes);
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
