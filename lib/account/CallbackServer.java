//SOURCES ../Failure.java
//SOURCES ../Printable.java
//SOURCES ../Redactor.java
//SOURCES ../Secret.java
//SOURCES ../Template.java
package lib.account;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Printable;
import lib.Redactor;
import lib.Secret;
import lib.Template;

/**
 * Waits on this machine for the browser to come back with a token. The token is in the address that the browser asks for, so
 * the answer is a redirect to one without it, once the token has been looked at; nothing here is logged.
 *
 * <p>Any page in the browser can ask for an address here too. So only {@code GET /callback} with this machine's own name as
 * its host is an answer (which keeps out names that were made to point here), only where the browser goes there itself
 * (which keeps out a page's images, frames and scripts: a person would not see whose token came), and only the first one
 * counts.
 */
final class CallbackServer implements AutoCloseable {
    /** As the Management API knows it. */
    static final int PORT = 8765;

    private static final String CALLBACK = "/callback";
    private static final String END = "/callback/end";
    private static final String REQUEST_SECONDS = "5";
    private static final Duration VERDICT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration LAST_PAGE_TIMEOUT = Duration.ofSeconds(3);

    private final HttpServer server;
    /** As many threads as connections: one that sends half a request keeps its thread until its time is up. */
    private final ExecutorService workers = Executors.newCachedThreadPool(CallbackServer::daemon);

    private final Set<String> hosts;
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<Callback> callback = new CompletableFuture<>();
    private final CompletableFuture<CallbackPage> end = new CompletableFuture<>();
    private final CountDownLatch endSeen = new CountDownLatch(1);

    private CallbackServer(HttpServer server) {
        this.server = server;
        int port = server.getAddress().getPort();
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    /** @throws Failure {@code unavailable} when something else listens there */
    static CallbackServer open(int port) {
        // Else a server of the JDK waits for the rest of a request for ever. It reads this before its first one.
        System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
        try {
            InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            return new CallbackServer(HttpServer.create(new InetSocketAddress(here, port), 0));
        } catch (IOException e) {
            throw new Failure(
                            ErrorCode.UNAVAILABLE,
                            "Port " + port + " of this machine is in use, perhaps by another login",
                            "End that program and run it again, or log in with --token-stdin")
                    .causedBy(e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "login-callback");
        thread.setDaemon(true);
        return thread;
    }

    /** Where the browser is to come back to. */
    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + CALLBACK);
    }

    /**
     * The first answer.
     *
     * @param tick told each second how much time is left
     * @throws Failure {@code auth} when none comes in time
     */
    Callback await(Duration timeout, Consumer<Duration> tick) throws InterruptedException {
        for (long left = timeout.toSeconds(); left > 0; left--) {
            tick.accept(Duration.ofSeconds(left));
            try {
                return callback.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new Failure(
                ErrorCode.AUTH,
                "Authentication timed out after " + timeout.toSeconds() + " seconds; nothing was saved",
                "Run 'just login' again, or log in with --token-stdin");
    }

    /** Takes what came another way, unless the browser was first. */
    void take(Callback other) {
        callback.complete(other);
    }

    /** Lets the waiting browser see how it ended, and waits a little until it has. */
    void conclude(CallbackPage page) throws InterruptedException {
        if (!end.complete(page) || !taken.get()) return;
        if (endSeen.await(LAST_PAGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) Thread.sleep(50);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (!hosts.contains(String.valueOf(exchange.getRequestHeaders().getFirst("Host")))) {
                send(exchange, CallbackPage.refusal(403, "This address is for this machine's own browser"));
            } else if (!CALLBACK.equals(path) && !END.equals(path)) {
                send(exchange, CallbackPage.refusal(404, "There is no such page"));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                send(exchange, CallbackPage.refusal(405, "Only a browser's own way back is accepted"));
            } else if (!isNavigation(exchange.getRequestHeaders())) {
                send(exchange, CallbackPage.refusal(403, "Only a browser's own way back is accepted"));
            } else if (END.equals(path)) {
                showEnd(exchange);
            } else {
                receive(exchange);
            }
        }
    }

    /**
     * Whether the browser goes there to show the page, as far as it says so: not for a part of another page, nor to have
     * it in advance. Old browsers say nothing.
     */
    private static boolean isNavigation(Headers request) {
        return "navigate"
                        .equals(request.getOrDefault("Sec-Fetch-Mode", List.of("navigate"))
                                .get(0))
                && "document"
                        .equals(request.getOrDefault("Sec-Fetch-Dest", List.of("document"))
                                .get(0))
                && !request.containsKey("Sec-Purpose");
    }

    private void receive(HttpExchange exchange) throws IOException {
        if (!taken.compareAndSet(false, true)) {
            send(exchange, CallbackPage.refusal(409, "This login has had its answer already; this one was ignored"));
            return;
        }
        callback.complete(Callback.of(exchange.getRequestURI().getRawQuery()));
        try {
            end.get(VERDICT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            end.complete(CallbackPage.failure("The token could not be checked in time"));
        }
        exchange.getResponseHeaders().set("Location", END);
        send(exchange, 303, "");
    }

    private void showEnd(HttpExchange exchange) throws IOException {
        CallbackPage page = end.getNow(CallbackPage.refusal(409, "This login has not ended yet"));
        send(exchange, page);
        if (end.isDone()) endSeen.countDown();
    }

    private static void send(HttpExchange exchange, CallbackPage page) throws IOException {
        send(exchange, page.status(), page.html());
    }

    private static void send(HttpExchange exchange, int status, String html) throws IOException {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        var headers = exchange.getResponseHeaders();
        headers.set("Cache-Control", "no-store");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action"
                        + " 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Content-Type", "text/html; charset=utf-8");
        headers.set("Connection", "close");
        boolean bare = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        end.complete(CallbackPage.failure("The login was ended in the terminal"));
        server.stop(0);
        workers.shutdownNow();
    }

    /** What a browser brought back: a token, or the reason why there is none. */
    sealed interface Callback permits Callback.Token, Callback.Refusal {
        // Browsers show it without the scheme, and some copy what they show.
        Pattern PASTED =
                Pattern.compile("(?:http://)?(?:127\\.0\\.0\\.1|localhost):([0-9]{1,5})/callback\\?([^#\\s]*)(?:#.*)?");

        /** @param token not yet known to be good */
        record Token(Secret token) implements Callback {}

        record Refusal(String sentence) implements Callback {
            Failure failure() {
                return new Failure(
                        ErrorCode.AUTH,
                        sentence + "; nothing was saved",
                        "Run 'just login' again, or log in with --token-stdin");
            }
        }

        /** An {@code error} counts before a token. @param query as it came, still encoded; null for none */
        static Callback of(String query) {
            Map<String, String> fields = fields(query == null ? "" : query);
            if (!fields.getOrDefault("error", "").isEmpty()) {
                String description = Printable.of(fields.getOrDefault("error_description", ""));
                return new Refusal("OAuth error: " + Printable.of(fields.get("error")) + " - "
                        + (description.isEmpty() ? "(no description provided)" : description));
            }
            String token = fields.getOrDefault("access_token", "");
            return token.isEmpty() ? new Refusal("No token received in callback") : new Token(Secret.of(token));
        }

        /**
         * What a browser that cannot come back would have brought, from the address it stopped at.
         *
         * @param address where it was to come back to, on this machine
         * @return empty when this is no such address
         */
        static Optional<Callback> pasted(String text, URI address) {
            Matcher pasted = PASTED.matcher(text);
            boolean ours = pasted.matches() && Integer.parseInt(pasted.group(1)) == address.getPort();
            return ours ? Optional.of(of(pasted.group(2))) : Optional.empty();
        }

        // The first of several fields of one name counts.
        private static Map<String, String> fields(String query) {
            Map<String, String> fields = new HashMap<>();
            for (String field : query.split("&")) {
                int equals = field.indexOf('=');
                if (equals > 0)
                    fields.putIfAbsent(decoded(field.substring(0, equals)), decoded(field.substring(equals + 1)));
            }
            return fields;
        }

        private static String decoded(String text) {
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException broken) {
                return "";
            }
        }
    }

    /** What the browser shows at the end: one card, readable on a phone, in light and dark, with nothing from outside. */
    record CallbackPage(int status, boolean success, String title, String sentence, String next) {
        static CallbackPage success(String email) {
            return new CallbackPage(
                    200,
                    true,
                    "Authentication successful",
                    "This machine is now logged in as " + email + ".",
                    "You can close this window and return to the terminal.");
        }

        static CallbackPage failure(String sentence) {
            return new CallbackPage(
                    200,
                    false,
                    "Authentication failed",
                    sentence + ".",
                    "Return to the terminal: it says what to do next.");
        }

        /** For whoever comes too late, or was not expected at all. */
        static CallbackPage refusal(int status, String sentence) {
            return new CallbackPage(status, false, "Nothing to do here", sentence + ".", "You can close this window.");
        }

        String html() {
            return Template.of(
                    "callback.html",
                    Map.of(
                            "title", escaped(title),
                            "kind", success ? "good" : "bad",
                            "mark", success ? "✓" : "!",
                            "sentence", escaped(sentence),
                            "next", escaped(next)));
        }

        private static String escaped(String text) {
            return Redactor.over(text)
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;")
                    .replace("'", "&#39;");
        }
    }
}
