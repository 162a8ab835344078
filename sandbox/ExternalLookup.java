package sandbox;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import lib.Digest;
import lib.Reference;

/** Asks an external registry over http, with Basic. Anything but a plain yes or no counts as no answer. */
record ExternalLookup(ExternalRegistry registry) implements ImageLookup {
    private static final int TIMEOUT_MS = 5_000;
    private static final String MANIFESTS = "application/vnd.oci.image.manifest.v1+json, "
            + "application/vnd.oci.image.index.v1+json, "
            + "application/vnd.docker.distribution.manifest.v2+json, "
            + "application/vnd.docker.distribution.manifest.list.v2+json";

    @Override
    public Answer find(Reference image) {
        try {
            return ask(image);
        } catch (IOException e) {
            return new Answer(false, Optional.empty());
        }
    }

    private Answer ask(Reference image) throws IOException {
        String key = image.digest().map(Digest::value).or(image::tag).orElse("latest");
        URL url = URI.create("http://" + registry.host() + "/v2/" + image.repository() + "/manifests/" + key)
                .toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        String login = registry.username() + ":" + registry.password().reveal();
        connection.setRequestMethod("HEAD");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setRequestProperty("Accept", MANIFESTS);
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        int status = connection.getResponseCode();
        Optional<Digest> digest = Optional.ofNullable(connection.getHeaderField("Docker-Content-Digest"))
                .filter(Digest::isDigest)
                .map(Digest::new);
        return new Answer(
                status == 404 || status == 200 && digest.isPresent(), status == 200 ? digest : Optional.empty());
    }
}
