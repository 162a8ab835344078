package harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import lib.Json;

/** A headless Chromium with one page, driven as a person would. Source: the Chrome DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final int TIMEOUT_S = 20;

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
    private int calls;

    private Browser(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .join();
    }

    /** @return empty where there is no Chromium on the PATH */
    public static Optional<Path> executable() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile an empty folder, for the browser's own files */
    public static Browser start(Path profile) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        executable().orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--no-proxy-server",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Path port = profile.resolve("DevToolsActivePort");
            until("the browser to start", () -> Files.exists(port));
            String base = "http://127.0.0.1:" + Files.readAllLines(port).get(0);
            for (JsonNode target : targets(URI.create(base + "/json"))) {
                if (!target.path("type").asText().equals("page")) continue;
                return new Browser(
                        process, URI.create(target.path("webSocketDebuggerUrl").asText()));
            }
            throw new IOException("a browser without a page");
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static JsonNode targets(URI list) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(list).build();
        return Json.parse(HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body());
    }

    /** @throws IOException when it does not come true within 20 s */
    private static void until(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        for (int i = 0; i < TIMEOUT_S * 20; i++) {
            if (condition.getAsBoolean()) return;
            Thread.sleep(50);
        }
        throw new IOException("waited in vain for " + what);
    }

    public Browser open(String url) throws IOException, InterruptedException {
        call("Page.navigate", Json.object().put("url", url));
        return this;
    }

    public String url() throws IOException, InterruptedException {
        JsonNode history = call("Page.getNavigationHistory", Json.object());
        return history.path("entries")
                .path(history.path("currentIndex").asInt())
                .path("url")
                .asText();
    }

    /** The value of a JavaScript expression, as text. */
    public String eval(String expression) throws IOException, InterruptedException {
        ObjectNode params = Json.object().put("expression", expression).put("returnByValue", true);
        return call("Runtime.evaluate", params).path("result").path("value").asText();
    }

    /** Waits until the expression is true. */
    public void await(String expression) throws IOException, InterruptedException {
        for (int i = 0; i < TIMEOUT_S * 20; i++) {
            if (eval(expression).equals("true")) return;
            Thread.sleep(50);
        }
        throw new IOException("waited in vain for " + expression + "; the page reads: " + text());
    }

    /** Waits until the page reads so. */
    public Browser awaitText(String text) throws IOException, InterruptedException {
        await("(document.body?.innerText ?? '').includes(" + Json.line(TextNode.valueOf(text)) + ")");
        return this;
    }

    public String text() throws IOException, InterruptedException {
        return eval("document.body?.innerText ?? ''");
    }

    /** @param selector of an element that is there, or comes within 20 s */
    public Browser click(String selector) throws IOException, InterruptedException {
        await("document.querySelector('" + selector + "') !== null");
        eval("document.querySelector('" + selector + "').click()");
        return this;
    }

    /** Whether the page is wider than the screen, so that a phone would have to scroll sideways. */
    public boolean overflows() throws IOException, InterruptedException {
        return Boolean.parseBoolean(eval("document.documentElement.scrollWidth > innerWidth"));
    }

    /**
     * Shows the page on another screen.
     *
     * @param dark what the person prefers
     */
    public void screen(int width, int height, boolean dark) throws IOException, InterruptedException {
        ObjectNode size = Json.object().put("width", width).put("height", height);
        call(
                "Emulation.setDeviceMetricsOverride",
                size.put("deviceScaleFactor", 1).put("mobile", width < 600));
        ObjectNode media = Json.object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        call("Emulation.setEmulatedMedia", media);
    }

    public void screenshot(Path file) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        JsonNode picture = call("Page.captureScreenshot", Json.object().put("format", "png"));
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asText()));
    }

    private JsonNode call(String method, ObjectNode params) throws IOException, InterruptedException {
        int id = ++calls;
        ObjectNode request = Json.object().put("id", id).put("method", method);
        request.set("params", params);
        socket.sendText(Json.line(request), true).join();
        while (true) {
            JsonNode answer = answers.poll(TIMEOUT_S, TimeUnit.SECONDS);
            if (answer == null) throw new IOException(method + " was not answered");
            if (answer.path("id").asInt() == id) return answer.path("result");
        }
    }

    /** Asks first, so that the browser takes its temporary files with it. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        try {
            call("Browser.close", Json.object());
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            // it is gone already, or will be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    answers.add(Json.parse(text.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
