package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import lib.Digest;

/** The blobs of one repository. Source: OCI distribution specification, pushing blobs. */
final class Blobs {
    private final Session session;
    private final Retry retry;

    Blobs(Session session) {
        this.session = session;
        this.retry = new Retry(session.patience());
    }

    /** Whether the repository has this blob, in this size. A registry that doesn't say has it not. */
    boolean has(Descriptor blob) throws RefusedException, InterruptedException {
        URI uri = session.at("blobs/" + blob.digest());
        Answer answer = retry.of(() -> {
            Answer first = session.send("HEAD", uri);
            if (first.isPassing()) throw session.unexpected("HEAD", uri, first);
            return first.isRedirect() ? redirected(uri, first) : first;
        });
        String size = Long.toString(blob.size());
        return answer.status() == 200
                && answer.header("Content-Length").orElse(size).equals(size);
    }

    /** Object stores are asked in turn, without credentials; an unsafe address counts as an absent blob. */
    private Answer redirected(URI from, Answer redirect) throws PassingTrouble, RefusedException, InterruptedException {
        URI target =
                Uploads.location(from, redirect).filter(Endpoint::isPrivate).orElse(null);
        if (target == null) return redirect;
        HttpRequest.Builder head = HttpRequest.newBuilder(target).method("HEAD", BodyPublishers.noBody());
        try {
            return session.transport().send(head, session.patience().request());
        } catch (IOException e) {
            throw Sentence.trouble("HEAD", target, e);
        }
    }

    /**
     * Asks the registry to link a blob from another of its repositories.
     *
     * @return whether it did; otherwise nothing is left behind
     */
    boolean mount(Digest digest, String source) throws RefusedException, InterruptedException {
        String query = "?mount=" + encoded(digest.value()) + "&from=" + encoded(source);
        URI uri = session.at("blobs/uploads/" + query);
        return retry.of(() -> {
            Answer answer = session.send("POST", uri);
            if (answer.isPassing()) throw session.unexpected("POST", uri, answer);
            if (answer.status() == 202) Uploads.location(uri, answer).ifPresent(this::cancel);
            return answer.status() == 201;
        });
    }

    Descriptor upload(BlobReader.Source source) throws RefusedException, InterruptedException {
        return retry.of(() -> new Uploads(session).upload(source));
    }

    /**
     * Opens an upload and cancels it, which needs the same permission as a push and leaves nothing. A registry that
     * can't cancel forgets an empty upload by itself, so its answer to that doesn't matter.
     */
    void proveUpload() throws RefusedException, InterruptedException {
        URI opened = retry.of(() -> new Uploads(session).open());
        retry.of(() -> session.send("DELETE", opened));
    }

    private void cancel(URI upload) {
        Uploads.cancel(session, upload);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
