package harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.ImageReference.Digest;
import lib.Json;
import lib.Secret;

/**
 * A registry that we did not write: {@code docker-registry} of Debian, on a free port of 127.0.0.1, with one user and a
 * random password. Its storage, its log and the password's bcrypt hash are in the folder it is given.
 */
public final class DebianRegistry implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:[0-9]+)");
    private static final String MANIFESTS = String.join(
            ", ",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json");
    private static final String USERNAME = "tenant";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Secret password;
    private final Running process;
    private final String host;

    private DebianRegistry(Secret password, Running process) {
        this.password = password;
        this.process = process;
        Matcher address =
                LISTENING.matcher(process.awaitErr("listening on 127.0.0.1:").err());
        if (!address.find()) throw new IllegalStateException("no address in the registry's log: " + process.err());
        host = address.group(1);
    }

    /** Starts one; where Debian's packages {@code docker-registry} and {@code apache2-utils} are missing, skips the test. */
    public static DebianRegistry orSkip(Path folder) {
        return orSkip(folder, randomPassword());
    }

    /** With a password of the test's choice. */
    public static DebianRegistry orSkip(Path folder, Secret password) {
        Tool.orSkip("docker-registry", "htpasswd");
        String hash = Command.of("htpasswd", "-niB", USERNAME)
                .stdin(password.reveal() + "\n")
                .run()
                .succeeded()
                .out();
        try {
            Files.writeString(folder.resolve("htpasswd"), hash);
            Path settings = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                log: {level: info}
                storage:
                  filesystem: {rootdirectory: "%s"}
                  delete: {enabled: true}
                http: {addr: "127.0.0.1:0"}
                auth:
                  htpasswd: {realm: tests, path: "%s"}
                """.formatted(
                            folder.resolve("storage"), folder.resolve("htpasswd")));
            return new DebianRegistry(
                    password,
                    Command.of("docker-registry", "serve", settings.toString())
                            .without("REGISTRY_*")
                            .within(Duration.ofMinutes(10))
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Secret randomPassword() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Secret.of("pw-" + HexFormat.of().formatHex(bytes));
    }

    /** As in a reference: {@code 127.0.0.1:PORT}. */
    public String host() {
        return host;
    }

    public String username() {
        return USERNAME;
    }

    public Secret password() {
        return password;
    }

    /** The digest of the manifest under this tag, as the registry reports it. */
    public Optional<Digest> digest(String repository, String tag) {
        HttpResponse<String> answer = get("/v2/" + repository + "/manifests/" + tag);
        return answer.statusCode() == 404
                ? Optional.empty()
                : answer.headers().firstValue("Docker-Content-Digest").map(Digest::new);
    }

    /** The manifest under this tag or digest. */
    public JsonNode manifest(String repository, String reference) {
        return json(get("/v2/" + repository + "/manifests/" + reference).body());
    }

    /** The configuration of the image under this tag or digest. */
    public JsonNode config(String repository, String reference) {
        String digest = manifest(repository, reference).at("/config/digest").asText();
        return json(get("/v2/" + repository + "/blobs/" + digest).body());
    }

    /** The tags of a repository; none if it does not exist. */
    public List<String> tags(String repository) {
        List<String> tags = new ArrayList<>();
        json(get("/v2/" + repository + "/tags/list").body()).path("tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    /** What it has logged so far, its requests included. */
    public String log() {
        return process.out() + process.err();
    }

    /** Deletes a manifest, as a clean-up of old images does. */
    public void delete(String repository, Digest manifest) {
        int status =
                ask("DELETE", "/v2/" + repository + "/manifests/" + manifest).statusCode();
        if (status != 202) throw new AssertionError("not deleted: " + status);
    }

    private HttpResponse<String> get(String path) {
        return ask("GET", path);
    }

    private HttpResponse<String> ask(String method, String path) {
        String login = Base64.getEncoder()
                .encodeToString((USERNAME + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + path))
                .header("Authorization", "Basic " + login)
                .header("Accept", MANIFESTS)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return Json.parse(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("The registry answered no JSON: " + body, e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
