//SOURCES ../Failure.java
//SOURCES ../Http.java
//SOURCES ../ImageReference.java
//SOURCES ../Printable.java
//SOURCES ../Retry.java
//SOURCES ../Secret.java
//SOURCES RegistryAuth.java
//SOURCES RegistryResponse.java
package lib.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http;
import lib.Http.Authority;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Printable;
import lib.Retry;
import lib.Retry.Pace;
import lib.Retry.RetryableException;
import lib.Secret;
import lib.Secret.Credential;

/**
 * One repository of an OCI registry, authorized as the registry asks. Credentials go to the registry's own origin alone.
 * Source: OCI distribution specification, pushing.
 */
public final class RegistryClient {
    /**
     * @param request from the start of a request to the end of its answer
     * @param stall without a byte of an upload being taken
     * @param commit for a registry to put an uploaded blob in its place, which object stores take minutes for
     */
    record Timeouts(Duration request, Duration stall, Duration commit) {
        private static final Timeouts USUAL =
                new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5));
    }

    /** What an image's manifest may be: one of a platform, or an index of several, each in OCI's words or Docker's. */
    private static final String MANIFESTS =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
                    + " application/vnd.docker.distribution.manifest.v2+json,"
                    + " application/vnd.docker.distribution.manifest.list.v2+json";

    private final HttpClient http;
    private final Timeouts timeouts;
    private final Retry retry;
    private final ImageReference target;
    private final URI root;
    private final RegistryAuth auth;

    /**
     * @param http the caller's, who shares it and ends it; it follows no redirects, since those would carry credentials along
     * @param target registry and repository, and the tag to push
     * @throws Failure {@code PROTOCOL} when no request can go there
     */
    public static RegistryClient of(HttpClient http, ImageReference target, Credential credential) {
        return new RegistryClient(http, Timeouts.USUAL, Retry.usual(), target, credential);
    }

    RegistryClient(HttpClient http, Timeouts timeouts, Retry retry, ImageReference target, Credential credential) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER)
            throw new IllegalArgumentException("a client that follows redirects would carry credentials along");
        this.http = http;
        this.timeouts = timeouts;
        this.retry = retry;
        this.target = target;
        this.root = root(target.registry()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no registry", "Give it as registry/repository:tag")));
        this.auth = new RegistryAuth(http, timeouts.request(), credential, target.repository());
    }

    /** Where a registry's API is: by http for loopback alone, by https for all others. */
    static URI root(String registry) {
        try {
            URI https = new URI("https://" + registry + "/v2/");
            if (Authority.isUsable(https))
                return Authority.isLoopback(https.getHost()) ? URI.create("http://" + registry + "/v2/") : https;
        } catch (URISyntaxException e) {
            // As below.
        }
        throw new Failure(
                ErrorCode.PROTOCOL,
                "The registry's address '" + Printable.of(registry) + "' is not one that can be asked",
                "Contact admin: the Management API names this registry");
    }

    ImageReference target() {
        return target;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    <T> T retrying(Retry.Attempt<T> attempt) throws InterruptedException {
        return retry.of(attempt);
    }

    /**
     * Logs in, as far as the registry asks for it.
     *
     * @throws Failure {@code LOGIN_FAILED} when it does not accept the login, {@code UNAVAILABLE} when it can't be
     *     reached, {@code PROTOCOL} when it is no registry
     */
    void login() throws InterruptedException {
        retry.of(() -> succeeded(send("GET", root)));
    }

    /** Whether the repository has this blob, in this size. A registry that doesn't say has it not. */
    boolean has(Digest blob, long size) throws InterruptedException {
        try {
            RegistryResponse response = retry.of(() -> {
                RegistryResponse first = send("HEAD", at("blobs/" + blob));
                if (first.isTransient()) throw first.retryable();
                return first.isRedirect() ? redirected(first) : first;
            });
            String told = Long.toString(size);
            return response.status() == 200
                    && response.header("Content-Length").orElse(told).equals(told);
        } catch (Failure e) {
            if (e.code() != ErrorCode.UNAVAILABLE) throw e;
            return false;
        }
    }

    /** Object stores are asked in turn, without credentials; an unsafe address counts as an absent blob. */
    private RegistryResponse redirected(RegistryResponse redirect) throws RetryableException, InterruptedException {
        URI place = redirect.location().filter(Authority::isPrivate).orElse(null);
        if (place == null) return redirect;
        HttpRequest.Builder head = HttpRequest.newBuilder(place).method("HEAD", BodyPublishers.noBody());
        return RegistryResponse.to(http, head, timeouts.request());
    }

    /** Opens an upload. @return where its bytes go */
    URI openUpload() throws RetryableException, InterruptedException {
        RegistryResponse response = succeeded(send("POST", at("blobs/uploads/")));
        URI place = response.location().orElseThrow(() -> response.nonsense("no Location in it"));
        return safe(place, response);
    }

    /** Where an upload goes on. */
    static URI next(RegistryResponse response) {
        return response.location().map(place -> safe(place, response)).orElse(response.uri());
    }

    private static URI safe(URI place, RegistryResponse response) {
        if (Authority.isPrivate(place)) return place;
        throw response.protocol("its Location is neither https nor loopback");
    }

    /** Cancels an upload. A registry that can't forgets it by itself, so its answer doesn't matter. */
    void cancelUpload(URI upload) throws InterruptedException {
        try {
            send("DELETE", upload);
        } catch (RetryableException | Failure e) {
            // The upload stays open until the registry's own time for it ends.
        }
    }

    /** Puts the manifest under the target's tag, by any success that does not confirm another one. */
    void putManifest(String mediaType, byte[] bytes, Digest digest) throws InterruptedException {
        String tag = target.tag()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no tag", "Give it as registry/repository:tag"));
        RegistryResponse response = retry.of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(at("manifests/" + tag))
                    .header("Content-Type", mediaType)
                    .PUT(BodyPublishers.ofByteArray(bytes));
            RegistryResponse put = send(request, timeouts.request());
            // It may not see its own blobs yet.
            if (put.isError("MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN")) throw put.retryable();
            return succeeded(put);
        });
        if (response.contradicts(digest)) throw response.protocol("another digest than was sent");
    }

    /**
     * Returns what a tag or a digest means in the repository: the digest of its manifest. Empty when nothing is called so,
     * and when the registry does not say which it is.
     *
     * @param reference a tag or a digest
     * @throws Failure {@code LOGIN_FAILED} or {@code PUSH_FAILED} when the registry refuses to say it
     */
    public Optional<Digest> manifest(String reference) throws InterruptedException {
        RegistryResponse response = retry.of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(at("manifests/" + reference))
                    .header("Accept", MANIFESTS)
                    .method("HEAD", BodyPublishers.noBody());
            RegistryResponse head = send(request, timeouts.request());
            return head.status() == 404 ? head : succeeded(head);
        });
        if (!response.isSuccess()) return Optional.empty();
        return response.header("Docker-Content-Digest")
                .or(() -> Optional.of(reference))
                .filter(Digest::isDigest)
                .map(Digest::new);
    }

    /** Whether reading the repository is allowed; one that doesn't exist yet may be read all the same. */
    boolean mayPull() throws InterruptedException {
        int status = retry.of(() -> {
            RegistryResponse response = send("GET", at("tags/list?n=1"));
            if (response.isTransient()) throw response.retryable();
            return response.status();
        });
        return status == 200 || status == 404;
    }

    private URI at(String path) {
        return root.resolve(target.repository() + "/" + path);
    }

    private RegistryResponse send(String method, URI uri) throws RetryableException, InterruptedException {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()), timeouts.request());
    }

    /** Sends a request that can be sent again; after a 401 it is, with renewed authorization. */
    RegistryResponse send(HttpRequest.Builder request, Duration timeout)
            throws RetryableException, InterruptedException {
        URI uri = request.build().uri();
        for (int round = 0; ; round++) {
            Optional<Secret> used = authorization(uri);
            RegistryResponse response = RegistryResponse.to(http, authorized(request.copy(), used), timeout);
            if (round > 1 || !isRenewed(used, response)) return response;
        }
    }

    /** Starts a request whose body can't be sent again; {@link #streamed} takes its answer. */
    CompletableFuture<HttpResponse<byte[]>> stream(HttpRequest.Builder request, Optional<Secret> authorization) {
        return Http.start(http, authorized(request, authorization));
    }

    /** @throws RetryableException after a 401 that renewed authorization may cure */
    RegistryResponse streamed(RegistryResponse response, Optional<Secret> used)
            throws RetryableException, InterruptedException {
        if (!isRenewed(used, response)) return response;
        throw new RetryableException(Pace.RENEWED, Optional.empty(), tries -> auth.refused(response.sentence()));
    }

    private boolean isRenewed(Optional<Secret> used, RegistryResponse response)
            throws RetryableException, InterruptedException {
        if (owns(response.uri()) && response.status() == 401) return auth.renew(used, response);
        if (response.status() < 400) auth.worked(used);
        return false;
    }

    private static HttpRequest.Builder authorized(HttpRequest.Builder request, Optional<Secret> header) {
        header.ifPresent(value -> request.setHeader("Authorization", value.reveal()));
        return request;
    }

    Optional<Secret> authorization(URI uri) {
        return owns(uri) ? auth.header() : Optional.empty();
    }

    /** Whether credentials for this registry may go there: the same scheme, host and port. */
    private boolean owns(URI uri) {
        return root.getScheme().equals(uri.getScheme())
                && root.getHost().equalsIgnoreCase(uri.getHost())
                && port(root) == port(uri);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }

    /** The response, if it is a success: any, for registries differ in which. */
    RegistryResponse succeeded(RegistryResponse response) throws RetryableException {
        if (response.isSuccess()) return response;
        if (response.isTransient()) throw response.retryable();
        if (response.isRefusal()) throw auth.refused(response.sentence());
        if (response.isRedirect() || response.status() < 200) throw response.protocol("");
        String hint = response.status() == 413
                ? "The registry, or a proxy before it, limits the size of a layer: raise the limit, or make the layer"
                        + " smaller"
                : "Check that the repository exists and takes this image";
        throw new Failure(ErrorCode.PUSH_FAILED, response.sentence(), hint);
    }

    /** Whether a login may push to a repository, proven by opening a blob upload and cancelling it. */
    public sealed interface PushPermission {
        /** It may. */
        record Granted() implements PushPermission {}

        /**
         * The login is accepted, the push is not.
         *
         * @param mayPull whether reading the repository is allowed
         * @param sentence what was tried and what the registry said
         */
        record Denied(boolean mayPull, String sentence) implements PushPermission {}

        /**
         * The login itself is not accepted.
         *
         * @param sentence what was tried and what the registry said
         */
        record LoginRefused(String sentence) implements PushPermission {}

        /**
         * Proves it; nothing is left in the registry.
         *
         * @throws Failure {@code UNAVAILABLE} when the registry can't be reached, {@code PROTOCOL} when it is none
         */
        static PushPermission prove(RegistryClient repository) throws InterruptedException {
            try {
                repository.login();
                URI upload = repository.retrying(repository::openUpload);
                repository.cancelUpload(upload);
                return new Granted();
            } catch (Failure e) {
                if (e.remedy() != Failure.Remedy.NEW_TOKEN) throw e;
                return e.code() == ErrorCode.LOGIN_FAILED
                        ? new LoginRefused(e.getMessage())
                        : new Denied(repository.mayPull(), e.getMessage());
            }
        }

        default boolean isGranted() {
            return this instanceof Granted;
        }

        /** Why one may not push, in one sentence; empty when one may. @param repository as a person knows it */
        default Optional<Failure> refusal(String repository) {
            if (this instanceof Denied denied) {
                String may = denied.mayPull() ? "may pull from " : "may neither pull from nor push to ";
                String but = denied.mayPull() ? " but not push to it" : "";
                return Optional.of(refused("The registry token " + may + repository + but + ": " + denied.sentence()));
            }
            if (this instanceof LoginRefused refused)
                return Optional.of(refused("The registry does not accept its token: " + refused.sentence()));
            return Optional.empty();
        }

        private static Failure refused(String sentence) {
            return new Failure(
                    ErrorCode.AUTH,
                    sentence,
                    "Your account may lack the right to deploy; 'just whoami' shows who you are");
        }
    }
}
