package journey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import harness.Command;
import harness.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.Json;

/** A browser without a window, with one page, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Running process;
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private WebSocket socket;
    private String session;
    private int calls;

    private Chromium(Running process) {
        this.process = process;
    }

    /** @param profile an empty folder, of the test's own */
    static Chromium start(Path profile) throws Exception {
        Running process = Command.of("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic")
                .with("--no-first-run", "--disable-background-networking", "--disable-component-update")
                .with("--disable-sync", "--disable-dev-shm-usage", "--no-proxy-server", "--remote-debugging-port=0")
                .with("--user-data-dir=" + profile, "about:blank")
                .start();
        Chromium browser = new Chromium(process);
        String line = process.awaitErr("DevTools listening on ws://")
                .awaitErr("/devtools/browser/")
                .err();
        Thread.sleep(100);
        line = process.err();
        String address = line.replaceAll("(?s).*DevTools listening on (ws://\\S+).*", "$1");
        browser.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), browser.new Listener())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        String target = browser.call("Target.createTarget", Json.object().put("url", "about:blank"))
                .path("targetId")
                .asText();
        browser.session = browser.call(
                        "Target.attachToTarget",
                        Json.object().put("targetId", target).put("flatten", true))
                .path("sessionId")
                .asText();
        browser.call("Page.enable", Json.object());
        return browser;
    }

    /** A phone's screen, in light or dark. */
    Chromium phone(boolean dark) {
        ObjectNode size = Json.object().put("width", 390).put("height", 700).put("deviceScaleFactor", 2);
        call("Emulation.setDeviceMetricsOverride", size.put("mobile", true));
        ObjectNode media = Json.object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", media);
        return this;
    }

    Chromium open(String url) {
        call("Page.navigate", Json.object().put("url", url));
        return this;
    }

    Chromium click(String selector) {
        evaluate("document.querySelector('" + selector + "').click()");
        return this;
    }

    String url() {
        return evaluate("location.href");
    }

    String text() {
        return evaluate("document.body ? document.body.innerText : ''");
    }

    /** Whether the page is wider than the screen, so that a phone would have to scroll sideways. */
    boolean overflows() {
        return Boolean.parseBoolean(evaluate("String(document.documentElement.scrollWidth > innerWidth)"));
    }

    Chromium awaitText(String text) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!text().contains(text)) {
            if (System.nanoTime() > end) throw new AssertionError("No '" + text + "' on " + url() + ": " + text());
            Thread.sleep(50);
        }
        return this;
    }

    void screenshot(Path file) {
        try {
            Files.createDirectories(file.getParent());
            String png = call("Page.captureScreenshot", Json.object().put("format", "png"))
                    .path("data")
                    .asText();
            Files.write(file, Base64.getDecoder().decode(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String evaluate(String script) {
        ObjectNode parameters = Json.object().put("expression", script).put("returnByValue", true);
        return call("Runtime.evaluate", parameters).path("result").path("value").asText();
    }

    private JsonNode call(String method, ObjectNode parameters) {
        int id = ++calls;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        ObjectNode message = Json.object().put("id", id).put("method", method);
        message.set("params", parameters);
        if (session != null) message.put("sessionId", session);
        socket.sendText(Json.line(message), true).join();
        try {
            JsonNode said = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (said.has("error")) throw new AssertionError(method + ": " + said.path("error"));
            return said.path("result");
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " was not answered. " + process, e);
        }
    }

    @Override
    public void close() {
        // Ended in its own way, it leaves no socket folder behind.
        if (socket != null)
            socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true).join();
        for (int i = 0; i < 100 && process.isAlive(); i++) pause();
        process.close();
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                receive(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void receive(String message) {
            try {
                JsonNode json = Json.parse(message);
                CompletableFuture<JsonNode> waiting =
                        pending.remove(json.path("id").asInt());
                if (waiting != null) waiting.complete(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
