//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Json.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Run.java
//SOURCES ../project/Tenant.java
//SOURCES ApiCall.java
//SOURCES ManagementApi.java
package lib.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLHandshakeException;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Failure.Stage;
import lib.Http;
import lib.Http.Authority;
import lib.ImageReference;
import lib.Json;
import lib.Printable;
import lib.Retry;
import lib.Secret;
import lib.api.ApiCall.ApiResponse;
import lib.cli.Run;
import lib.project.Tenant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * What the API says of a tenant: in answer to a deploy call, and whenever it is asked.
 *
 * @param status as the server calls it; a word that is not known is kept, and counts as not settled
 * @param url where the tenant answers
 */
public record Deployment(String status, Optional<String> message, Optional<String> url) {
    private static final Set<String> UP = Set.of("running", "ready", "active", "deployed");
    private static final Set<String> DOWN = Set.of("failed", "error", "suspended", "crashed", "stopped", "deleted");

    // A server may take its time to accept an image; too short a limit would report an accepted deployment as unknown.
    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    /** How the tenant is now. A question that fails says nothing of a deployment. */
    public static Deployment of(ManagementApi api, Tenant.Id tenant) throws InterruptedException {
        return of(ask(api, tenant).accepted(ErrorCode.UNAVAILABLE));
    }

    /**
     * Why this account cannot act for the tenant at all; empty when it can, and when the answer leaves that open: one that
     * may not read the status may still be one that may deploy.
     */
    public static Optional<Failure> refusal(ManagementApi api, Tenant.Id tenant) throws InterruptedException {
        ApiResponse answer = ask(api, tenant);
        boolean refused = answer.status() == 401 || answer.status() == 404;
        return refused ? Optional.of(answer.failure(ErrorCode.AUTH)) : Optional.empty();
    }

    private static ApiResponse ask(ManagementApi api, Tenant.Id tenant) throws InterruptedException {
        return api.get(ApiCall.get(ManagementApi.tenant(tenant, "status")));
    }

    /**
     * Asks for the deployment of an image that is in the registry. The call is never repeated blindly: only when nothing
     * was sent, or when it was refused for its bearer.
     *
     * @throws Failure {@code outcome_unknown} when the call may have been accepted
     */
    public static Deployment start(ManagementApi api, Tenant.Id tenant, ImageReference image)
            throws InterruptedException {
        String body = Json.line(Json.object().put("image", image.toString()));
        ApiCall call = ApiCall.json("POST", ManagementApi.tenant(tenant, "deploy"), body, TIMEOUT);
        // A connection that waited out a long push may be dead, which a POST cannot tell from an answer that got lost.
        ApiCall.Client usual = api.client();
        ApiCall.Client fresh = new ApiCall.Client(usual.apiUrl(), Http::open, usual.retry(), usual.log());
        try {
            ApiResponse answer = api.send(token -> fresh.retrying(call, () -> once(call, fresh, token)));
            Deployment deployment = accepted(answer.accepted(ErrorCode.DEPLOY_FAILED));
            if (deployment.hasFailed()) throw deployment.failure();
            return deployment;
        } catch (UnknownException unknown) {
            throw new Failure(
                    ErrorCode.OUTCOME_UNKNOWN,
                    call.label() + ": " + unknown.getMessage() + "; the deployment may or may not have been accepted; "
                            + lookedAt(api, tenant),
                    "Look again with 'just tenant status' before you deploy again");
        }
    }

    /** What a success says; one that says neither how it is nor what is wrong may be a success all the same. */
    private static Deployment accepted(ApiResponse success) {
        try {
            return of(success);
        } catch (Failure odd) {
            boolean isItsWord = success.error().isPresent() || success.isNoRoute();
            if (isItsWord) throw odd;
            throw new UnknownException(success.status() + " without a status");
        }
    }

    /** A connection that never came about is tried again as any other; whatever fails later may have been accepted. */
    private static ApiResponse once(ApiCall call, ApiCall.Client fresh, Secret token)
            throws IOException, InterruptedException {
        ApiResponse response;
        try {
            response = fresh.once(call, Optional.of(token));
        } catch (IOException e) {
            if (isNeverSent(e)) throw e;
            throw new UnknownException(Http.reason(e, fresh.apiUrl()));
        }
        if (response.status() >= 500 && response.error().isEmpty()) throw new UnknownException(response.sentence());
        return response;
    }

    /** Whether the request cannot have been received: nothing was connected, or TLS was not agreed on. */
    private static boolean isNeverSent(IOException e) {
        return e instanceof ConnectException
                || e instanceof HttpConnectTimeoutException
                || e instanceof UnknownHostException
                || e instanceof SSLHandshakeException;
    }

    /** A failure after which nobody knows; it passes through the retries as it is. */
    private static final class UnknownException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownException(String what) {
            super(what);
        }
    }

    private static String lookedAt(ManagementApi api, Tenant.Id tenant) throws InterruptedException {
        try {
            Deployment now = of(api, tenant);
            return "the tenant is now '" + now.status() + "'"
                    + now.message().map(text -> ": " + text).orElse("");
        } catch (Failure unknown) {
            return "its status could not be read: " + unknown.getMessage();
        }
    }

    static Deployment of(ApiResponse answer) {
        JsonNode json = answer.data();
        String status = Json.text(json, "status").orElseThrow(() -> answer.unexpected("no field 'status'"));
        return new Deployment(shown(status), Json.text(json, "message").map(Printable::of), webAddress(json));
    }

    /** A status fit to be shown. One that is known means something here, so it stays even if a secret is called so too. */
    private static String shown(String status) {
        String known = status.toLowerCase(Locale.ROOT);
        return UP.contains(known) || DOWN.contains(known) ? status : Printable.of(status);
    }

    /** Only what a browser may be sent to. */
    private static Optional<String> webAddress(JsonNode json) {
        return Json.text(json, "app_url", "url").map(Printable::of).filter(Deployment::isWebAddress);
    }

    private static boolean isWebAddress(String text) {
        try {
            URI url = new URI(text);
            return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && Authority.isUsable(url)
                    && url.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The same, with the address that the deploy call named where this one names none. */
    public Deployment orUrlOf(Deployment accepted) {
        return new Deployment(status, message, url.or(accepted::url));
    }

    public boolean isUp() {
        return UP.contains(status.toLowerCase(Locale.ROOT));
    }

    /** As its last word says: {@code build_failed} has failed, too. */
    public boolean hasFailed() {
        return DOWN.contains(status.toLowerCase(Locale.ROOT).replaceFirst(".*[^a-z]", ""));
    }

    private Failure failure() {
        return new Failure(
                ErrorCode.DEPLOY_FAILED,
                "The tenant is '" + status + "'"
                        + message.map(text -> ": " + text).orElse(""),
                "Correct what it says and deploy again; 'just tenant status' looks once more");
    }

    /**
     * Looks at a tenant until it is up or has failed: after 1 s, then ever more seldom, at least every 10 s.
     *
     * @param sleep waits; an argument, so that tests don't
     * @param nanoTime a clock that never jumps, in nanoseconds
     */
    public record Poller(Look look, Retry.Sleeper sleep, LongSupplier nanoTime) {
        private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
        private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

        /** So often in a row an answer may make no sense, as while the API itself is started anew. */
        private static final int ODD_ANSWERS = 3;

        /** How long, as a person types it: seconds, or with a unit. */
        public static final class Time implements ITypeConverter<Duration> {
            @Override
            public Duration convert(String text) {
                if (!text.matches("[0-9]{1,6}[smh]?"))
                    throw new TypeConversionException("not a time such as 60, 90s, 5m or 1h: '" + text + "'");
                long number = Long.parseLong(text.replaceAll("[smh]", ""));
                return text.endsWith("h")
                        ? Duration.ofHours(number)
                        : text.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
            }
        }

        /** The option of what can wait for a deployment: a mixin. */
        public static final class Wait {
            @Option(
                    names = "--wait",
                    paramLabel = "TIME",
                    arity = "0..1",
                    fallbackValue = "300",
                    converter = Time.class,
                    description =
                            "Wait until the tenant runs or has failed: seconds, or such as 90s, 5m. Default: 300 at"
                                    + " most.")
            Optional<Duration> timeout = Optional.empty();

            /** How long at most; empty when nobody waits. */
            public Optional<Duration> timeout() {
                return timeout;
            }
        }

        /** One look. */
        @FunctionalInterface
        public interface Look {
            Deployment now() throws InterruptedException;
        }

        public static Poller of(ManagementApi api, Tenant.Id tenant) {
            return new Poller(
                    () -> Deployment.of(api, tenant), time -> Thread.sleep(time.toMillis()), System::nanoTime);
        }

        /** Waits as a stage of a run. @param tell told each state but the last, which the stage tells itself */
        public Deployment await(Run run, Duration timeout, Consumer<Deployment> tell) throws InterruptedException {
            Consumer<Deployment> onChange = now -> {
                if (!now.isUp()) tell.accept(now);
            };
            return run.stage(Stage.WAIT, () -> untilUp(timeout, onChange), Deployment::status);
        }

        /**
         * @param timeout how long at most; one look is taken in any case
         * @param onChange told the first status, and each that differs from the one before
         * @return the status of a tenant that is up
         * @throws Failure {@code deploy_failed} when the tenant has failed, {@code outcome_unknown} when the time ends;
         *     {@code auth} or {@code config} when the API refuses the question
         */
        public Deployment untilUp(Duration timeout, Consumer<Deployment> onChange) throws InterruptedException {
            long end = nanoTime.getAsLong() + timeout.toNanos();
            Optional<Deployment> before = Optional.empty();
            Optional<Failure> trouble = Optional.empty();
            int odd = 0;
            for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
                try {
                    Deployment now = look.now();
                    trouble = Optional.empty();
                    odd = 0;
                    if (!before.equals(Optional.of(now))) onChange.accept(now);
                    if (now.isUp()) return now;
                    if (now.hasFailed()) throw now.failure();
                    before = Optional.of(now);
                } catch (Failure failure) {
                    // A proxy that can't reach a tenant while it starts is no answer; a refusal or a failed tenant is.
                    boolean mayPass = switch (failure.code()) {
                        case UNAVAILABLE -> true;
                        case PROTOCOL, CONFIG -> ++odd < ODD_ANSWERS;
                        default -> false;
                    };
                    if (!mayPass) throw failure;
                    trouble = Optional.of(failure);
                }
                Duration left = Duration.ofNanos(end - nanoTime.getAsLong());
                if (left.isNegative() || left.isZero()) throw stillNotUp(timeout, before, trouble);
                sleep.sleep(left.compareTo(pause) < 0 ? left : pause);
            }
        }

        /** The same poller, for what a deployment comes to that was just accepted. */
        public Poller after(Deployment accepted) {
            return new Poller(new LookAfterDeploy(look, accepted, nanoTime), sleep, nanoTime);
        }

        private static Duration longer(Duration pause) {
            Duration next = pause.multipliedBy(3).dividedBy(2);
            return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
        }

        private static Failure stillNotUp(Duration timeout, Optional<Deployment> last, Optional<Failure> trouble) {
            String known = last.map(status -> "the tenant is still '" + status.status() + "'")
                    .orElse("the tenant's status is not known");
            String why = trouble.map(failure -> ": " + failure.getMessage()).orElse("");
            return new Failure(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "After " + timeout.toSeconds() + " s " + known + why,
                    "Wait on with 'just tenant status --wait'");
        }

        /**
         * How a tenant is after a deploy call. The API has no id of a deployment, so for a moment {@code running} (or
         * {@code failed}) may still be said of the one before. Such a word is believed when the deploy call's own
         * answer was of the same kind, when another state has been seen since, or when it has held for 5 s; until then
         * the deploy call's answer is the newest that is known. A deployment that starts only after those 5 s cannot be
         * told from one that is done.
         */
        private static final class LookAfterDeploy implements Look {
            private static final Duration DOUBT = Duration.ofSeconds(5);

            private final Look look;
            private final Deployment answered;
            private final LongSupplier nanoTime;
            private final long start;
            private boolean moved;

            /** @param nanoTime a clock that never jumps, in nanoseconds */
            LookAfterDeploy(Look look, Deployment deployment, LongSupplier nanoTime) {
                this.look = look;
                this.answered = deployment;
                this.nanoTime = nanoTime;
                this.start = nanoTime.getAsLong();
            }

            @Override
            public Deployment now() throws InterruptedException {
                Deployment now = look.now();
                boolean settled = now.isUp() || now.hasFailed();
                if (!settled) moved = true;
                boolean sameKind = now.isUp() && answered.isUp() || now.hasFailed() && answered.hasFailed();
                boolean held = nanoTime.getAsLong() - start >= DOUBT.toNanos();
                return !settled || moved || sameKind || held ? now : answered;
            }
        }
    }
}
