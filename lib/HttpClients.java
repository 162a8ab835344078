package lib;

import java.net.http.HttpClient;
import java.time.Duration;

/** How every HTTP client of ours is made and ended. */
public final class HttpClients {
    private HttpClients() {}

    /** A client that follows no redirect, since a token would go along, and gives up connecting after 10 s. */
    public static HttpClient open() {
        // The client repeats a GET by itself when a connection breaks, which would make more tries of ours than we
        // count.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
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
