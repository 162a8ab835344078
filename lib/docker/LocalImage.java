//SOURCES ../Reference.java
package lib.docker;

import lib.Reference;

/**
 * An image that an engine holds.
 *
 * @param platform such as {@code linux/amd64}
 */
public record LocalImage(Reference reference, String platform) {
    @Override
    public String toString() {
        return reference.toString();
    }
}
