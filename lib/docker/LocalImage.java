package lib.docker;

import lib.Reference;

/**
 * An image that an engine holds.
 *
 * @param id the digest of its configuration
 * @param platform such as {@code linux/amd64}
 */
public record LocalImage(Reference reference, String id, String platform) {
    @Override
    public String toString() {
        return reference.toString();
    }
}
