package lib.registry;

import java.nio.file.Path;
import java.util.Optional;
import lib.Digest;

/** The named contents of an image archive, wherever they lie. */
sealed interface Store permits TarStore, FolderStore {

    /** The archive as the user named it. */
    Path path();

    /** @param name a path inside the archive, with {@code /} */
    Optional<Slice> find(String name);

    /** Where an OCI image layout keeps a blob. */
    default Optional<Slice> blob(Digest digest) {
        return find("blobs/sha256/" + digest.hex());
    }
}
