package lib.registry;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a server answered, its body cut at a size that no sensible answer reaches. */
record Answer(HttpResponse<byte[]> response) {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    int status() {
        return response.statusCode();
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    List<String> headers(String name) {
        return response.headers().allValues(name);
    }

    boolean isRedirect() {
        return status() >= 300 && status() < 400;
    }

    /** Whether the same request may be answered otherwise in a moment. */
    boolean isPassing() {
        return status() == 408 || status() == 429 || status() >= 500 && status() != 501 && status() != 505;
    }

    /** Seconds alone: a date would need the server's clock to agree with ours. */
    Optional<Duration> retryAfter() {
        return header("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }
}
