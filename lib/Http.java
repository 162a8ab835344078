//SOURCES Failure.java
//SOURCES Network.java
//SOURCES Printable.java
//SOURCES Secret.java
package lib;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import lib.Failure.ErrorCode;
import lib.Network.EnvironmentProxy;
import lib.Network.Tls;

/** How every HTTP client of ours is made and ended, and how every request is sent: each ends, and none fills the memory. */
public final class Http {
    /** Bytes of a body after which no more is read: no answer that makes sense is larger. */
    public static final int BODY_LIMIT = 1 << 20;

    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    // One for all clients: what was read once, and the sessions that servers resume, serve them all.
    private static final Map<Optional<String>, SSLContext> CONTEXTS = new ConcurrentHashMap<>();

    private Http() {}

    private static final class Shared {
        static final HttpClient CLIENT = open();
    }

    /** Begins to open the shared client, which takes about 0.1 s, beside what there is to do before the first request. */
    public static void prepare() {
        Thread opening = new Thread(Http::shared, "http-client");
        opening.setDaemon(true);
        opening.start();
    }

    /** The client of this process, {@link #open opened} when it is first asked for. */
    public static HttpClient shared() {
        return Shared.CLIENT;
    }

    /**
     * A client of its own that follows no redirect, since a token would go along, and gives up connecting after 10 s.
     *
     * <p>It goes through the proxies and trusts the CA that the usual variables name. The JDK's own properties win.
     */
    public static HttpClient open() {
        return open(System.getenv());
    }

    static HttpClient open(Map<String, String> variables) {
        // The client repeats a GET by itself when a connection breaks, which would make more tries of ours than we
        // count.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        quiet();
        // The JDK gives no password to a proxy that tunnels TLS unless told so.
        if (System.getProperty(TUNNELING) == null) System.setProperty(TUNNELING, "");
        HttpClient.Builder client = HttpClient.newBuilder()
                .proxy(proxies(variables))
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10));
        Optional<String> authority =
                Optional.ofNullable(variables.get("SSL_CERT_FILE")).filter(file -> !file.isBlank());
        // A certificate of the user's own, which this property names, comes with the JDK's default alone.
        boolean usersOwn = System.getProperty("javax.net.ssl.keyStore") != null;
        if (authority.isPresent() || !usersOwn) client.sslContext(CONTEXTS.computeIfAbsent(authority, Tls::context));
        return client.build();
    }

    // Logs of the JDK's own that show each request, its token too, on stderr and past our redactor.
    private static void quiet() {
        List.of("jdk.httpclient.HttpClient.log", "jdk.internal.httpclient.debug")
                .forEach(System::clearProperty);
        String tls = System.getProperty("javax.net.debug", "");
        if (tls.contains("all") || tls.contains("plaintext")) System.setProperty("javax.net.debug", "ssl:handshake");
    }

    private static ProxySelector proxies(Map<String, String> variables) {
        boolean told = System.getProperty("http.proxyHost") != null
                || System.getProperty("https.proxyHost") != null
                || Boolean.getBoolean("java.net.useSystemProxies");
        return told ? ProxySelector.getDefault() : new EnvironmentProxy(variables);
    }

    /**
     * Ends the selector threads of all clients, just before the process ends. The virtual machine waits about 0.3 s at
     * exit for a thread that sits in a native select; an interrupt wakes it. From JDK 21 on the thread can be closed by
     * the client, but one way for all is simpler.
     */
    public static void closeAll() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("HttpClient-") && thread.getName().endsWith("SelectorManager")) {
                thread.interrupt();
            }
        }
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @param timeout until the end of the body, which a request's own timeout does not cover before JDK 26
     * @throws IOException when no answer comes, such as a {@link HttpTimeoutException}
     */
    public static HttpResponse<byte[]> send(HttpClient client, HttpRequest.Builder request, Duration timeout)
            throws IOException, InterruptedException {
        return await(start(client, request), timeout);
    }

    /** Starts an exchange. By HTTP/1.1, so that uploads don't share one connection's flow-control window. */
    public static CompletableFuture<HttpResponse<byte[]>> start(HttpClient client, HttpRequest.Builder request) {
        HttpRequest built = throughProxy(client, request.version(HttpClient.Version.HTTP_1_1));
        return client.sendAsync(
                built, info -> BodySubscribers.mapping(new LimitedBody(), body -> unpacked(info.headers(), body)));
    }

    /** A body as it was before its server packed it, which some do unasked; of one that is too large, its start. */
    private static byte[] unpacked(HttpHeaders headers, byte[] body) {
        if (headers.firstValue("Content-Encoding")
                .filter("gzip"::equalsIgnoreCase)
                .isEmpty()) return body;
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return plain.readNBytes(BODY_LIMIT);
        } catch (IOException e) {
            return body;
        }
    }

    /**
     * Waits for the answer. An exchange that has none in time, or whose caller is interrupted, is cancelled.
     *
     * @throws Failure when a proxy in between wants to know who asks
     */
    public static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> exchange, Duration timeout)
            throws IOException, InterruptedException {
        try {
            HttpResponse<byte[]> response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            // A proxy's word, not the server's; the JDK gives it no body.
            if (response.statusCode() == 407)
                throw new Failure(
                        ErrorCode.CONFIG,
                        "The proxy in between asks for a user name and password, or does not accept them",
                        "Name them in the variable of the proxy, percent-encoded:"
                                + " HTTPS_PROXY=http://USER:PASSWORD@proxy.example.com:3128");
            return response;
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no whole answer within " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw cause(e);
        } finally {
            exchange.cancel(true);
        }
    }

    /** With the proxy's password, if one wants it. The client's own way, an authenticator, makes an error of each 401. */
    private static HttpRequest throughProxy(HttpClient client, HttpRequest.Builder request) {
        HttpRequest built = request.build();
        if (!(client.proxy().orElse(null) instanceof EnvironmentProxy proxy)) return built;
        Optional<Secret> password = proxy.authorization(built.uri());
        password.ifPresent(told -> request.setHeader("Proxy-Authorization", told.reveal()));
        return password.isPresent() ? request.build() : built;
    }

    /**
     * Unwraps the cause: the client hides it behind an IOException about its own retries.
     *
     * @throws Failure when it was one, of the certificates that should be trusted
     * @throws Error when it was one, such as a full memory
     */
    private static IOException cause(ExecutionException exchange) {
        Throwable failure = exchange.getCause();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure ours) throw ours;
            if (cause instanceof Error error) throw error;
        }
        while (failure.getClass() == IOException.class && failure.getCause() instanceof IOException behind)
            failure = behind;
        return failure instanceof IOException known
                ? known
                : new IOException("no valid HTTP came back: " + failure.getMessage(), failure);
    }

    /** What broke on the way to this address, in words: the JDK's exceptions often carry none, and name no proxy. */
    public static String reason(IOException e, URI target) {
        return reason(e)
                + EnvironmentProxy.named(proxies(System.getenv()), target)
                        .map(proxy -> ", by way of the proxy " + proxy)
                        .orElse("");
    }

    static String reason(IOException e) {
        if (isCausedBy(e, UnresolvedAddressException.class) || e instanceof UnknownHostException) return "unknown host";
        if (e instanceof HttpConnectTimeoutException) return "connecting timed out";
        if (e instanceof HttpTimeoutException) return "timed out: " + e.getMessage();
        if (e instanceof ConnectException && e.getMessage() == null) return "connection refused";
        String message = Printable.of(isUntrusted(e) ? Tls.refusal(e) : e.getMessage());
        if (isCausedBy(e, SSLException.class)) return "TLS failed: " + message;
        if (isCausedBy(e, EOFException.class)) return "the connection ended before the answer did";
        return message.isEmpty() ? "the connection broke" : message;
    }

    /** Whether the other side could not prove who it is, which no other try cures. A handshake may also just break. */
    public static boolean isUntrusted(IOException e) {
        return isCausedBy(e, CertificateException.class);
    }

    private static boolean isCausedBy(Throwable error, Class<?> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) if (type.isInstance(cause)) return true;
        return false;
    }

    /** Whether the same request may be answered otherwise in a moment: 408, 425, 429, and 5xx, Cloudflare's included. */
    public static boolean isTransient(int status) {
        boolean early = status == 408 || status == 425 || status == 429;
        return early || status >= 500 && status != 501 && status != 505;
    }

    /** The pause that the server asks for: in seconds, with or without a fraction, or as a date of its own clock. */
    public static Optional<Duration> retryAfter(HttpResponse<?> response) {
        String asked = response.headers().firstValue("Retry-After").orElse("").strip();
        if (asked.matches("[0-9]{1,6}(\\.[0-9]{0,9})?"))
            return Optional.of(Duration.ofMillis((long) (Double.parseDouble(asked) * 1000)));
        Instant now = response.headers().firstValue("Date").flatMap(Http::date).orElseGet(Instant::now);
        return date(asked).map(then -> then.isBefore(now) ? Duration.ZERO : Duration.between(now, then));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The first part of a body; the rest is not read, so that no server fills our memory. */
    private static final class LimitedBody implements BodySubscriber<byte[]> {
        private final BodySubscriber<byte[]> kept = BodySubscribers.ofByteArray();
        private Flow.Subscription subscription;
        private int size;

        @Override
        public CompletionStage<byte[]> getBody() {
            return kept.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription granted) {
            subscription = granted;
            kept.onSubscribe(granted);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            size += buffers.stream().mapToInt(ByteBuffer::remaining).sum();
            kept.onNext(buffers);
            if (size < BODY_LIMIT) return;
            subscription.cancel();
            kept.onComplete();
        }

        @Override
        public void onError(Throwable error) {
            kept.onError(error);
        }

        @Override
        public void onComplete() {
            kept.onComplete();
        }
    }

    /** The host and the port of an address, checked before {@code java.net.http} throws at them. */
    public static final class Authority {
        private static final int LAST_PORT = 65_535;

        /** Characters of a host and of each part of it. Source: RFC 1035, 2.3.4. */
        private static final int HOST_LIMIT = 253;

        private static final Pattern LONG_LABEL = Pattern.compile("[^.]{64}");

        private Authority() {}

        /** Whether a request could be sent there: the address has a host that can be, and no port that does not exist. */
        public static boolean isUsable(URI address) {
            String host = address.getHost();
            int port = address.getPort();
            return host != null
                    && host.length() <= HOST_LIMIT
                    && !LONG_LABEL.matcher(host).find()
                    && port != 0
                    && port <= LAST_PORT;
        }

        /** Whether what is sent there can't be read on the way: it goes by TLS, or stays on this machine. */
        public static boolean isPrivate(URI address) {
            boolean loopback = address.getHost() != null && isLoopback(address.getHost());
            return "https".equalsIgnoreCase(address.getScheme())
                    || "http".equalsIgnoreCase(address.getScheme()) && loopback;
        }

        /**
         * Whether it is this machine, by its name alone: a look-up could be led elsewhere.
         *
         * @param host as a URI names it, an IPv6 address in brackets
         */
        public static boolean isLoopback(String host) {
            return host.equalsIgnoreCase("localhost")
                    || host.equals("[::1]")
                    || host.matches("127(?:\\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}");
        }

        /** @param authority {@code host[:port]} */
        static boolean isUsable(String authority) {
            try {
                return isUsable(new URI("https://" + authority));
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }
}
