//SOURCES ../Digest.java
//SOURCES ../ImageReference.java
package lib.registry;

import lib.Digest;
import lib.ImageReference;

/**
 * What a registry has now.
 *
 * @param reference as it was asked for, with its tag
 * @param digest the manifest's, as the registry confirmed it
 * @param imageId the configuration's digest, the same as in the archive
 */
public record PushedArchive(ImageReference reference, Digest digest, Digest imageId) {}
