package lib;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;

/** How every HTTP client of ours is made and ended. */
public final class HttpClients {
    private static final String TUNNELING = "jdk.http.auth.tunneling.disabledSchemes";

    // One for all clients: what was read once, and the sessions that servers resume, serve them all.
    private static final Map<Optional<String>, SSLContext> TLS = new ConcurrentHashMap<>();

    private HttpClients() {}

    private static final class Shared {
        static final HttpClient CLIENT = open();
    }

    /** Begins to open the shared client, which takes about 0.1 s, beside what there is to do before the first request. */
    public static void prepare() {
        Thread opening = new Thread(HttpClients::shared, "http-client");
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
        if (authority.isPresent() || !usersOwn) client.sslContext(TLS.computeIfAbsent(authority, Trust::context));
        return client.build();
    }

    private static ProxySelector proxies(Map<String, String> variables) {
        boolean told = System.getProperty("http.proxyHost") != null
                || System.getProperty("https.proxyHost") != null
                || Boolean.getBoolean("java.net.useSystemProxies");
        return told ? ProxySelector.getDefault() : new EnvironmentProxy(variables);
    }

    /**
     * The request, with the proxy's password where a proxy that wants one is on the way. The client's own way, an authenticator,
     * makes an error of each 401 that a server answers.
     */
    public static HttpRequest request(HttpClient client, HttpRequest.Builder request) {
        HttpRequest built = request.build();
        if (client.proxy().orElse(null) instanceof EnvironmentProxy proxy) {
            Optional<Secret> told = proxy.authorization(built.uri());
            if (told.isPresent())
                return request.setHeader("Proxy-Authorization", told.get().reveal())
                        .build();
        }
        return built;
    }

    /**
     * What broke an exchange: the client wraps it into its word that it may not try again, which says nothing.
     *
     * @throws Failure when it was one, of the certificates that should be trusted
     * @throws Error when it was one, such as a full memory
     */
    public static IOException broken(ExecutionException exchange) {
        Throwable failure = exchange.getCause();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Failure ours) throw ours;
            if (cause instanceof Error error) throw error;
        }
        boolean wrapped = failure.getClass() == IOException.class;
        if (wrapped && failure.getCause() instanceof IOException behind) return behind;
        return failure instanceof IOException known ? known : new IOException(failure);
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
}
