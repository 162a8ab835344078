//SOURCES ../ImageReference.java
package lib.docker;

import lib.ImageReference;

/**
 * An image that an engine holds.
 *
 * @param platform such as {@code linux/amd64}
 */
public record LocalImage(ImageReference reference, String platform) {
    @Override
    public String toString() {
        return reference.toString();
    }
}
