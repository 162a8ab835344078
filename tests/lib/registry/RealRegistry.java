package lib.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import lib.Secret;
import lib.Secret.Credential;
import org.junit.jupiter.api.Assumptions;

/** Debian's docker-registry on a free loopback port, with one user. */
final class RealRegistry implements AutoCloseable {
    static final Credential LOGIN = new Credential("registry", "alice", Secret.of("s3cret-PW-of-Alice"));
    private static final long SECONDS_TO_START = 20;

    private final Path folder;
    private final int port;
    private final Process process;

    private RealRegistry(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    static RealRegistry start(Path folder) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                Tool.isThere("docker-registry") && Tool.isThere("htpasswd"), "docker-registry, htpasswd");
        String hashed = Tool.run(LOGIN.password().reveal(), "htpasswd", "-niB", LOGIN.username());
        Files.writeString(folder.resolve("htpasswd"), hashed);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("config.yml"), """
            version: 0.1
            storage: {filesystem: {rootdirectory: %1$s/data}}
            http: {addr: "127.0.0.1:%2$d"}
            auth: {htpasswd: {realm: test, path: %1$s/htpasswd}}
            """.formatted(folder, port));
        Process process = new ProcessBuilder(
                        "docker-registry", "serve", folder.resolve("config.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        RealRegistry registry = new RealRegistry(folder, port, process);
        registry.awaitStart();
        return registry;
    }

    private void awaitStart() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (true) {
            try {
                new Socket("127.0.0.1", port).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !process.isAlive()) throw e;
                Thread.sleep(20);
            }
        }
    }

    int port() {
        return port;
    }

    String name() {
        return "127.0.0.1:" + port;
    }

    /** What the registry has under a path such as {@code acme/manifests/one}, as its own API tells. */
    String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + name() + "/v2/" + path))
                .header("Authorization", "Basic " + LOGIN.basic().reveal())
                .header("Accept", ImageManifest.DOCKER + ", " + ImageManifest.OCI)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** Upload sessions that are open. Of a cancelled one this registry keeps an empty folder, without the start. */
    long openUploads(String repository) throws IOException {
        Path uploads = folder.resolve("data/docker/registry/v2/repositories/" + repository + "/_uploads");
        if (!Files.isDirectory(uploads)) return 0;
        try (var list = Files.list(uploads)) {
            return list.filter(upload -> Files.exists(upload.resolve("startedat")))
                    .count();
        }
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
