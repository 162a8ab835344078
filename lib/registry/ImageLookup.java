//SOURCES ../ImageReference.java
//SOURCES RegistryClient.java
//SOURCES RegistryResponse.java
package lib.registry;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.Set;
import lib.ImageReference.Digest;

/** Asks a registry which images it has. */
public final class ImageLookup {
    /** What an image's manifest may be: one of a platform, or an index of several, each in OCI's words or Docker's. */
    private static final String MANIFESTS =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json,"
                    + " application/vnd.docker.distribution.manifest.v2+json,"
                    + " application/vnd.docker.distribution.manifest.list.v2+json";

    private ImageLookup() {}

    /**
     * Returns what a tag or a digest means in the repository: the digest of its manifest. Empty when nothing is called so.
     *
     * @param reference a tag or a digest
     * @throws Failure {@code LOGIN_FAILED} or {@code PUSH_FAILED} when the registry refuses to say it
     */
    public static Optional<Digest> digest(RegistryClient repository, String reference) throws InterruptedException {
        RegistryResponse head = ask(repository, "HEAD", reference, Set.of(400, 404, 405, 501));
        Optional<Digest> known = head.header("Docker-Content-Digest")
                .or(() -> Optional.of(reference))
                .filter(digest -> head.isSuccess() && Digest.isDigest(digest))
                .map(Digest::new);
        if (known.isPresent() || head.status() == 404) return known;
        // Some registries answer no HEAD, or leave the digest out.
        RegistryResponse whole = ask(repository, "GET", reference, Set.of(404));
        return Optional.of(whole.response().body())
                .filter(manifest -> whole.isSuccess())
                .map(Digest::of);
    }

    /** @param answers the statuses, beside those of a success, that are none of a failure */
    private static RegistryResponse ask(
            RegistryClient repository, String method, String reference, Set<Integer> answers)
            throws InterruptedException {
        return repository.retry().of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(repository.at("manifests/" + reference))
                    .header("Accept", MANIFESTS)
                    .method(method, BodyPublishers.noBody());
            RegistryResponse answer = repository.send(request, repository.timeout());
            return answers.contains(answer.status()) ? answer : repository.succeeded(answer);
        });
    }
}
