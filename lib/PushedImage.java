//SOURCES Digest.java
//SOURCES ImageReference.java
package lib;

import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An image that is in its registry.
 *
 * @param digest of its manifest; empty when it was pushed by somebody else, or by podman, which does not say
 */
public record PushedImage(ImageReference reference, Optional<Digest> digest) {
    /** {@code name@sha256:…}, which no later push can change; the reference where the digest is unknown. */
    public String pinned() {
        return digest.map(known -> reference.name() + "@" + known).orElseGet(reference::toString);
    }

    /** Tells what is in the registry, by the names that JSON shows. */
    public void tell(BiConsumer<String, String> machine) {
        machine.accept("image", reference.toString());
        digest.ifPresent(known -> machine.accept("digest", known.value()));
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
