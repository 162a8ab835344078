package lib.registry;

import java.util.Optional;
import lib.Digest;

/**
 * A layer as it lies in an archive. The content is absent only for a foreign layer, which nobody pushes. Of a plain tar
 * the descriptor's digest is the {@code diff_id}.
 */
record Layer(Descriptor descriptor, Optional<Slice> content) {
    Digest digest() {
        return descriptor.digest();
    }
}
