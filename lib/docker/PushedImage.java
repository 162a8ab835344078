package lib.docker;

import lib.Digest;
import lib.Reference;

/** An image that is in its registry, under a reference and under the digest of its manifest. */
public record PushedImage(Reference reference, Digest digest) {
    /** {@code name@sha256:…}, which no later push can change. */
    public String pinned() {
        return reference.name() + "@" + digest;
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
