//SOURCES ../lib/ImageReference.java
//SOURCES ../lib/Secret.java
package sandbox;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import lib.ImageReference;
import lib.ImageReference.Digest;
import lib.Secret;

/**
 * A registry outside of this process, whose credentials {@code registry-token} hands out.
 *
 * @param host {@code HOST[:PORT]}, which is asked over http and with Basic
 * @param repository where the tenants' images go; empty for each tenant's own
 */
public record ExternalRegistry(String host, String username, Secret password, Optional<String> repository) {
    private static final int TIMEOUT_MS = 5_000;
    private static final String MANIFESTS = "application/vnd.oci.image.manifest.v1+json, "
            + "application/vnd.oci.image.index.v1+json, "
            + "application/vnd.docker.distribution.manifest.v2+json, "
            + "application/vnd.docker.distribution.manifest.list.v2+json";

    /**
     * Asks for an image.
     *
     * @throws IOException for anything but a plain yes or no
     */
    Optional<Digest> find(ImageReference image) throws IOException {
        String key = image.digest().map(Digest::value).or(image::tag).orElse("latest");
        URL url = URI.create("http://" + host + "/v2/" + image.repository() + "/manifests/" + key)
                .toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        String login = username + ":" + password.reveal();
        connection.setRequestMethod("HEAD");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setRequestProperty("Accept", MANIFESTS);
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        int status = connection.getResponseCode();
        if (status == 404) return Optional.empty();
        String digest = String.valueOf(connection.getHeaderField("Docker-Content-Digest"));
        if (status == 200 && Digest.isDigest(digest)) return Optional.of(new Digest(digest));
        throw new IOException("the registry answered " + status);
    }
}
