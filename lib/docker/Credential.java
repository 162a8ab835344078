//SOURCES ../Secret.java
package lib.docker;

import lib.Secret;

/**
 * What a registry lets somebody in by.
 *
 * @param server the registry as Docker's configuration names it, which for some is an address
 * @param username {@code <token>} where the password is an identity token
 */
record Credential(String server, String username, Secret password) {}
