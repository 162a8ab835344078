package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import fuzz.Mutation;
import fuzz.Subject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLSession;
import lib.Http;
import lib.Http.Authority;
import lib.ImageReference.Digest;
import lib.Json;
import lib.registry.RegistryAuth.Challenge;

/** Answers of registries and their token servers: the headers that we follow, and the errors that we show. */
public final class RegistrySubject implements Subject {
    private static final URI ASKED = URI.create("https://registry.example.com/v2/acme/web/blobs/uploads/");
    private static final Digest DIGEST = Digest.of(new byte[0]);
    private static final List<String> HEADERS = List.of("WWW-Authenticate", "Location", "Retry-After", "Date");
    private static final List<String> VALUES = List.of(
            "Bearer realm=\"https://auth.example.com/token\",service=\"a \\\"b\\\"\",scope=\"repository:x:pull,push\"",
            "Basic realm=\"x\", Bearer realm=\"https://auth.example.com/token\"",
            "/v2/acme/web/blobs/uploads/1?_state=a%2Fb",
            "https://store.example.com:8443/upload?signed=x",
            "120",
            "1.5",
            "Mon, 05 Jan 2026 10:00:07 GMT",
            DIGEST.value());
    private static final List<String> BODIES = List.of(
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"requested access is"
                    + " denied\",\"detail\":[{\"Type\":\"r\"}]}]}",
            "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"rate limit\"}]}",
            "{\"token\":\"fresh-t0ken-1\",\"access_token\":\"fresh-t0ken-2\",\"expires_in\":300}",
            "{\"details\":{\"message\":\"<html>no</html>\"}}",
            "{\"errors\":[{\"message\":\"<!DOCTYPE html><title>413</title>\"}]}");

    @Override
    public byte[] input(Random random) throws IOException {
        StringBuilder input = new StringBuilder();
        input.append(100 + random.nextInt(500)).append('\n');
        for (String header : HEADERS) {
            String value = VALUES.get(random.nextInt(VALUES.size()));
            String longer = random.nextInt(20) == 0 ? value.repeat(1 + random.nextInt(300)) : value;
            byte[] damaged = Mutation.of(longer.getBytes(StandardCharsets.ISO_8859_1), random);
            String text = new String(
                    random.nextBoolean() ? longer.getBytes(StandardCharsets.ISO_8859_1) : damaged,
                    StandardCharsets.ISO_8859_1);
            input.append(header).append(": ").append(text.replace('\n', ' ')).append('\n');
        }
        JsonNode body = Json.parse(BODIES.get(random.nextInt(BODIES.size())));
        byte[] bytes = Json.line(Mutation.of(body, random)).getBytes(StandardCharsets.UTF_8);
        byte[] damaged = random.nextInt(3) > 0 ? bytes : Mutation.of(bytes, random);
        input.append('\n').append(new String(damaged, StandardCharsets.ISO_8859_1));
        return input.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void read(byte[] input, Path folder) {
        RegistryResponse response = new RegistryResponse("POST", ASKED, Received.of(input));
        for (Challenge challenge : Challenge.in(response)) challenge.realm().ifPresent(RegistryResponse::place);
        Optional<URI> location = response.location();
        if (location.isPresent()) {
            RegistryResponse.place(location.get());
            Authority.isPrivate(location.get());
        }
        if (Http.retryAfter(response.response())
                .filter(pause -> pause.isNegative())
                .isPresent()) throw new AssertionError("a pause before now");
        requireShowable(response.sentence());
        String ofToken = response.sentenceOfToken();
        requireShowable(ofToken);
        if (ofToken.contains("fresh-t0ken")) throw new AssertionError("shown: " + ofToken);
        BlobUpload.requireDigest(DIGEST, response);
        if (response.isTransient()) response.retryable();
        else if (!response.isSuccess()) throw response.protocol("");
    }

    private static void requireShowable(String text) {
        if (text.matches("(?s).*\\p{Cc}.*")) throw new AssertionError("shown: " + text);
    }

    /** An answer as it came: the status, headers a line each, an empty line, the body. */
    private record Received(int statusCode, HttpHeaders headers, byte[] body) implements HttpResponse<byte[]> {
        static Received of(byte[] input) {
            String text = new String(input, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\n\n");
            List<String> lines = new ArrayList<>(List.of(text.substring(0, end).split("\n")));
            int status = Integer.parseInt(lines.remove(0));
            Map<String, List<String>> headers = new HashMap<>();
            for (String line : lines)
                headers.put(line.substring(0, line.indexOf(':')), List.of(line.substring(line.indexOf(':') + 2)));
            byte[] body = text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1);
            return new Received(status, HttpHeaders.of(headers, (name, value) -> true), body);
        }

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<byte[]>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return ASKED;
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
