//SOURCES ../Digest.java
//SOURCES ../Reference.java
package lib.registry;

import lib.Digest;
import lib.Reference;

/**
 * What a registry has now.
 *
 * @param reference as it was asked for, with its tag
 * @param digest the manifest's, as the registry confirmed it
 * @param imageId the configuration's digest, the same as in the archive
 */
public record PushedArchive(Reference reference, Digest digest, Digest imageId) {}
