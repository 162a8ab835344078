package lib.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import lib.Json;

/** The archive's own papers (indexes, manifests, configurations), which are read whole. */
final class SmallBlob {
    /** Bytes. Registries take manifests of up to 4 MiB. Source: OCI distribution specification, pushing manifests. */
    private static final int LIMIT = 4 << 20;

    private SmallBlob() {}

    static byte[] bytes(Path archive, Slice content) {
        if (content.size() > LIMIT) throw NotAnImage.because(archive, "its JSON is over 4 MiB");
        try {
            return content.bytes();
        } catch (IOException e) {
            throw NotAnImage.unreadable(archive, e);
        }
    }

    static JsonNode json(Path archive, String name, byte[] bytes) {
        try {
            return Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw NotAnImage.damaged(archive, name + " is not JSON").causedBy(e);
        }
    }

    /** The bytes of a blob, checked against its descriptor. */
    static byte[] verified(Store store, Descriptor descriptor) {
        Slice content = store.blob(descriptor.digest())
                .orElseThrow(() -> NotAnImage.truncated(store.path(), "blob " + descriptor.digest() + " is missing"));
        byte[] bytes = bytes(store.path(), content);
        if (!Sha256.of(bytes).equals(descriptor.digest()))
            throw NotAnImage.damaged(store.path(), "blob " + descriptor.digest() + " has another content");
        return bytes;
    }
}
