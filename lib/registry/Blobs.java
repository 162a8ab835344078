package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** The blobs of one repository. Source: OCI distribution specification, pushing blobs. */
final class Blobs {
    private final Session session;
    private final Retry retry;

    Blobs(Session session) {
        this.session = session;
        this.retry = new Retry(session.patience());
    }

    /** Whether the repository has this blob, in this size. A registry that doesn't say has it not. */
    boolean has(Descriptor blob) throws InterruptedException {
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
    private Answer redirected(URI from, Answer redirect) throws PassingTrouble, InterruptedException {
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

    Descriptor upload(BlobReader.Source source) throws InterruptedException {
        return retry.of(() -> new Uploads(session).upload(source));
    }

    /**
     * Opens an upload and cancels it, which needs the same permission as a push and leaves nothing. A registry that
     * can't cancel forgets an empty upload by itself, so its answer to that doesn't matter.
     */
    void proveUpload() throws InterruptedException {
        URI opened = retry.of(() -> new Uploads(session).open());
        retry.of(() -> session.send("DELETE", opened));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
