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
import java.time.Duration;
import java.util.Optional;
import lib.Failure;
import lib.Failure.ErrorCode;
import lib.Http.Authority;
import lib.ImageReference;
import lib.Printable;
import lib.Retry;
import lib.Retry.RetryableException;
import lib.Secret;
import lib.Secret.Credential;

/**
 * One repository of an OCI registry, authorized as the registry asks. Credentials go to the registry's own origin alone.
 * Source: OCI distribution specification, pushing.
 *
 * @param http the caller's, who shares it and ends it
 * @param timeout from the start of a request to the end of its answer
 * @param target registry and repository, and the tag to push
 * @param root where the registry's API is
 */
public record RegistryClient(
        HttpClient http, Duration timeout, Retry retry, ImageReference target, URI root, RegistryAuth auth) {
    /** @throws Failure {@code PROTOCOL} when no request can go there */
    public static RegistryClient of(HttpClient http, ImageReference target, Credential credential) {
        return of(http, Duration.ofSeconds(30), Retry.usual(), target, credential);
    }

    static RegistryClient of(
            HttpClient http, Duration timeout, Retry retry, ImageReference target, Credential credential) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER)
            throw new IllegalArgumentException("a client that follows redirects would carry credentials along");
        URI root = root(target.registry()
                .orElseThrow(() -> new Failure(
                        ErrorCode.USAGE, "'" + target + "' names no registry", "Give it as registry/repository:tag")));
        RegistryAuth auth = new RegistryAuth(http, timeout, credential, target.repository());
        return new RegistryClient(http, timeout, retry, target, root, auth);
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

    /**
     * Logs in, as far as the registry asks for it.
     *
     * @throws Failure {@code LOGIN_FAILED} when it does not accept the login, {@code UNAVAILABLE} when it can't be
     *     reached, {@code PROTOCOL} when it is no registry
     */
    void login() throws InterruptedException {
        retry.of(() -> succeeded(send("GET", root)));
    }

    /** Opens an upload. @return where its bytes go */
    URI openUpload() throws RetryableException, InterruptedException {
        RegistryResponse response = succeeded(send("POST", at("blobs/uploads/")));
        URI place = response.location().orElseThrow(() -> response.nonsense("no Location in it"));
        return safe(place, response);
    }

    /** @throws Failure {@code PROTOCOL} where what is sent could be read on the way */
    static URI safe(URI place, RegistryResponse response) {
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

    /**
     * Why the login may not push, proven by opening an upload and cancelling it; empty when it may. Nothing is left in the
     * registry.
     *
     * @throws Failure {@code UNAVAILABLE} when the registry can't be reached, {@code PROTOCOL} when it is none
     */
    public Optional<Failure> pushRefusal() throws InterruptedException {
        try {
            login();
            cancelUpload(retry.of(this::openUpload));
            return Optional.empty();
        } catch (Failure e) {
            if (e.remedy() != Failure.Remedy.NEW_TOKEN) throw e;
            String refused = "The registry does not accept its token";
            if (e.code() != ErrorCode.LOGIN_FAILED)
                refused = mayPull()
                        ? "The registry token may pull from " + target.name() + " but not push to it"
                        : "The registry token may neither pull from nor push to " + target.name();
            return Optional.of(new Failure(
                    ErrorCode.AUTH,
                    refused + ": " + e.getMessage(),
                    "Your account may lack the right to deploy; 'just whoami' shows who you are"));
        }
    }

    /** Whether reading the repository is allowed; one that doesn't exist yet may be read all the same. */
    private boolean mayPull() throws InterruptedException {
        int status = retry.of(() -> {
            RegistryResponse response = send("GET", at("tags/list?n=1"));
            if (response.isTransient()) throw response.retryable();
            return response.status();
        });
        return status == 200 || status == 404;
    }

    URI at(String path) {
        return root.resolve(target.repository() + "/" + path);
    }

    RegistryResponse send(String method, URI uri) throws RetryableException, InterruptedException {
        return send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()), timeout);
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

    /** Whether a 401 was answered with another authorization, with which the request may be sent again. */
    boolean isRenewed(Optional<Secret> used, RegistryResponse response)
            throws RetryableException, InterruptedException {
        if (owns(response.uri()) && response.status() == 401) return auth.renew(used, response);
        if (response.status() < 400) auth.worked(used);
        return false;
    }

    static HttpRequest.Builder authorized(HttpRequest.Builder request, Optional<Secret> header) {
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
        if (response.isRedirect()) throw response.protocol("a redirect, which is not followed with credentials");
        if (response.status() < 200 || response.isPage() && response.status() != 413) throw response.protocol("");
        String hint = response.status() == 413
                ? "The registry, or a proxy before it, limits the size of a layer: raise the limit, or make the layer"
                        + " smaller"
                : "Check that the repository exists and takes this image";
        throw new Failure(ErrorCode.PUSH_FAILED, response.sentence(), hint);
    }
}
