//SOURCES ../ImageReference.java
//SOURCES RegistryClient.java
//SOURCES RegistryResponse.java
package lib.registry;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
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
     * Returns what a tag or a digest means in the repository: the digest of its manifest. Empty when nothing is called so,
     * and when the registry does not say which it is.
     *
     * @param reference a tag or a digest
     * @throws Failure {@code LOGIN_FAILED} or {@code PUSH_FAILED} when the registry refuses to say it
     */
    public static Optional<Digest> digest(RegistryClient repository, String reference) throws InterruptedException {
        RegistryResponse response = repository.retry().of(() -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(repository.at("manifests/" + reference))
                    .header("Accept", MANIFESTS)
                    .method("HEAD", BodyPublishers.noBody());
            RegistryResponse head = repository.send(request, repository.timeout());
            return head.status() == 404 ? head : repository.succeeded(head);
        });
        if (!response.isSuccess()) return Optional.empty();
        return response.header("Docker-Content-Digest")
                .or(() -> Optional.of(reference))
                .filter(Digest::isDigest)
                .map(Digest::new);
    }
}
