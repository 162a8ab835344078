package sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import lib.Json;

/** Calls a server as a client would, with one {@code Authorization} for all calls. */
record Caller(HttpClient client, String base, Optional<String> authorization) {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() throws IOException {
            return Json.parse(body());
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        String error() throws IOException {
            return json().path("error").path("message").asText();
        }

        String ociError() throws IOException {
            return json().path("errors").path(0).path("code").asText();
        }
    }

    static Caller of(String base) {
        return new Caller(CLIENT, base, Optional.empty());
    }

    /** As the operator, who in generation 2 has exchanged his token. */
    static Caller tenant(Cloud cloud) throws IOException, InterruptedException {
        String operator = cloud.operatorToken().reveal();
        if (cloud.generation() == Generation.G1) return of(cloud.apiUrl()).bearer(operator);
        String token = exchange(cloud, operator).json().path("access_token").asText();
        return of(cloud.apiUrl()).bearer(token);
    }

    static Answer exchange(Cloud cloud, String operator) throws IOException, InterruptedException {
        return of(cloud.apiUrl())
                .form(
                        "/api/v1/core/oauth/token",
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        operator,
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "resource",
                        cloud.apiUrl(),
                        "client_id",
                        "sp_web");
    }

    static Caller registry(Cloud cloud, RegistryCredential credential) {
        return of("http://" + cloud.registryHost())
                .basic(credential.username(), credential.password().reveal());
    }

    Caller bearer(String token) {
        return new Caller(client, base, Optional.of("Bearer " + token));
    }

    Caller basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new Caller(
                client, base, Optional.of("Basic " + Base64.getEncoder().encodeToString(pair)));
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    Answer form(String path, String... pairs) throws IOException, InterruptedException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            body.append(pairs[i]).append('=').append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
            body.append('&');
        }
        return post(path, body.toString(), "Content-Type", "application/x-www-form-urlencoded");
    }

    Answer send(String method, String path, BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        URI uri = URI.create(path.startsWith("http") ? path : base + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).method(method, body);
        authorization.ifPresent(value -> request.header("Authorization", value));
        if (headers.length > 0) request.headers(headers);
        return new Answer(client.send(request.build(), BodyHandlers.ofString()));
    }
}
