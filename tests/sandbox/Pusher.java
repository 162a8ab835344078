package sandbox;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import lib.ImageReference.Digest;

/** Pushes the smallest of images. */
final class Pusher {
    static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    private Pusher() {}

    static Digest digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Digest("sha256:" + HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Digest blob(Caller registry, String repository, byte[] bytes) throws IOException, InterruptedException {
        Digest digest = digest(bytes);
        Caller.Answer answer = registry.send(
                "POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, BodyPublishers.ofByteArray(bytes));
        if (answer.status() != 201) throw new IOException("blob: " + answer.status() + " " + answer.body());
        return digest;
    }

    static String manifest(Digest config, Digest layer) {
        return "{\"schemaVersion\":2,\"mediaType\":\"" + OCI_MANIFEST + "\",\"config\":{\"mediaType\":"
                + "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + config + "\",\"size\":2},\"layers\":"
                + "[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"" + layer
                + "\",\"size\":5}]}";
    }

    /** @return the manifest's digest */
    static Digest image(Cloud cloud, String tenantId, String tag) throws IOException, InterruptedException {
        RegistryCredential credential = cloud.credential(tenantId);
        Caller registry = Caller.registry(cloud, credential);
        String repository = credential.repository();
        Digest config = blob(registry, repository, "{}".getBytes(StandardCharsets.UTF_8));
        Digest layer = blob(registry, repository, "layer".getBytes(StandardCharsets.UTF_8));
        byte[] manifest = manifest(config, layer).getBytes(StandardCharsets.UTF_8);
        Caller.Answer answer = registry.send(
                "PUT",
                "/v2/" + repository + "/manifests/" + tag,
                BodyPublishers.ofByteArray(manifest),
                "Content-Type",
                OCI_MANIFEST);
        if (answer.status() != 201) throw new IOException("manifest: " + answer.status() + " " + answer.body());
        return digest(manifest);
    }
}
