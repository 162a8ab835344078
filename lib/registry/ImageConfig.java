package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.Digest;

/** An image's configuration: its digest is the image ID, its {@code diff_ids} are the layers' digests as plain tars. */
record ImageConfig(Digest digest, Slice content, Platform platform, List<Digest> diffIds) {

    static ImageConfig read(Path archive, Slice content) {
        byte[] bytes = SmallBlob.bytes(archive, content);
        JsonNode json = SmallBlob.json(archive, "the image's configuration", bytes);
        Platform platform =
                Platform.in(json).orElseThrow(() -> NotAnImage.because(archive, "its configuration names no platform"));
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode id : json.path("rootfs").path("diff_ids")) {
            if (!Digest.isDigest(id.asText())) throw NotAnImage.because(archive, "a diff_id is not a digest");
            diffIds.add(new Digest(id.asText()));
        }
        return new ImageConfig(Sha256.of(bytes), content, platform, List.copyOf(diffIds));
    }
}
